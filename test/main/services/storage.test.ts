// Backups and compacting, by processes of their own while the program has the database open.
import Database from 'better-sqlite3'
import { dirname, join } from 'node:path'
import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { backUp, compact } from '../../../src/main/services/storage.ts'
import { temporaryFile, testStore } from '../store/fixtures.ts'
import { iterationResult, metaTraining } from '../store/samples.ts'

it('copies a database that is open, once per name', async () => {
  const file = temporaryFile()
  const store = await testStore(file)
  const { id } = store.createRun(metaTraining())
  store.commitIteration(id, iterationResult(1), true)
  const copy = await backUp(file, null)
  expect(dirname(copy)).toBe(dirname(file))
  expect((await testStore(copy, { mode: 'existing' })).run(id).done).toBe(1)
  await expect(backUp(file, copy)).rejects.toMatchObject({ code: 'denied', message: expect.stringMatching(/exists/) })
  await expect(backUp(file, 'copy.sqlite')).rejects.toThrow(/whole path/)
  const nowhere = join(dirname(file), 'no', 'folder.sqlite')
  await expect(backUp(file, nowhere)).rejects.toMatchObject({ code: 'denied' })
  expect(readdirSync(dirname(file)).filter((name) => name.endsWith('.partial'))).toEqual([])
})

it('gives back what deleted runs held, and the open store goes on', async () => {
  const file = temporaryFile()
  const store = await testStore(file)
  const [{ id }, kept] = [store.createRun(metaTraining()), store.createRun(metaTraining())]
  for (let i = 1; i <= 10; i++) store.commitIteration(id, iterationResult(i), true)
  store.finishRun(id, { status: 'stopped' })
  store.deleteRun(id)
  const { bytesFreed } = await compact(file)
  expect(bytesFreed).toBeGreaterThan(100_000)
  const other = new Database(file, { readonly: true })
  expect(other.pragma('freelist_count', { simple: true })).toBe(0)
  other.close()
  store.commitIteration(kept.id, iterationResult(1), false)
  expect(store.run(kept.id).done).toBe(1)
})
