import { existsSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createBinKeeper } from '../../../src/main/services/bin-keeper.ts'
import { createStoreHandle } from '../../../src/main/services/store-handle.ts'
import { temporaryFile, testStore } from '../store/fixtures.ts'
import { iterationResult, metaTraining } from '../store/samples.ts'

const failing = { error: (what: string, error: unknown) => expect.fail(`${what}: ${String(error)}`) }

it('makes no database for runs that cannot be there', async () => {
  const file = temporaryFile()
  const database = createStoreHandle(() => file)
  const keeper = createBinKeeper(database, failing, () => {})
  await expect(keeper.put({ runs: ['nothing'], comparisons: [] })).rejects.toMatchObject({ code: 'missing' })
  await expect(keeper.restore({ runs: ['nothing'], comparisons: [] })).rejects.toMatchObject({ code: 'missing' })
  expect(existsSync(file)).toBe(false)
  database.close()
})

it('ends between two steps of a deletion, which goes on at the next start', async () => {
  const store = await testStore()
  const { id } = store.createRun(metaTraining())
  for (let i = 1; i <= 25; i++) store.commitIteration(id, iterationResult(i), true)
  store.finishRun(id, { status: 'stopped' })
  store.bin([id])
  let isStopped = false
  const access = {
    file: store.file,
    existing() {
      // After the first step, which is taken as soon as the store is there.
      setImmediate(() => void keeper.stop().then(() => (isStopped = true)))
      return Promise.resolve(store)
    },
    writable: () => Promise.resolve(store),
    own: () => Promise.resolve(store),
  }
  const keeper = createBinKeeper(access, failing, () => {}, { listed: 0, others: 0 })
  // "Before now" is exclusive.
  await pause(5)
  await keeper.start()
  await expect.poll(() => isStopped).toBe(true)
  expect(() => store.restore([id])).toThrow(/being deleted/)
  expect(await store.purgeBinned()).toBe(1)
})
