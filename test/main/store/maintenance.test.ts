import Database from 'better-sqlite3'
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { connect } from '../../../src/main/store/connection.ts'
import { commitIteration, listIterations, resumeState } from '../../../src/main/store/iterations.ts'
import { newOwner } from '../../../src/main/store/owner.ts'
import { createRun, findRun, finishRun, resumeRun } from '../../../src/main/store/runs.ts'
import { temporaryFile, testStore } from './fixtures.ts'
import { config, iterationResult, metaTraining, stateAt, trainer } from './samples.ts'

const large = config({ policy: { hidden: [64, 64] } })

describe('gc', () => {
  it('gives the disk of deleted runs back', async () => {
    const file = temporaryFile()
    const store = await testStore(file)
    const kept = store.createRun(metaTraining())
    store.commitIteration(kept.id, iterationResult(1), true)
    const { id } = store.createRun(metaTraining({ config: large }))
    for (let iteration = 1; iteration <= 40; iteration++)
      store.commitIteration(id, iterationResult(iteration, large), true)
    store.finishRun(id, { status: 'completed' })
    store.gc()
    const before = statSync(file).size
    expect(before).toBeGreaterThan(4_000_000)
    store.deleteRun(id)
    const { bytesFreed } = store.gc()
    expect(statSync(file).size).toBe(before - bytesFreed)
    expect(statSync(file).size).toBeLessThan(400_000)
    expect(store.readCheckpoint(store.checkpoint(kept.id).id).state).toEqual(stateAt(1))
    expect(store.gc()).toEqual({ blobsDeleted: 0, bytesFreed: 0 })
  })

  it('deletes what a program without foreign keys left behind', async () => {
    const file = temporaryFile()
    const store = await testStore(file)
    const { id } = store.createRun(metaTraining())
    store.commitIteration(id, iterationResult(1), true)
    const raw = new Database(file)
    onTestFinished(() => void raw.close())
    raw.pragma('foreign_keys = OFF')
    raw.exec('DELETE FROM runs')
    expect(raw.pragma('foreign_key_check')).not.toEqual([])
    expect(store.gc().blobsDeleted).toBe(1)
    expect(raw.pragma('foreign_key_check')).toEqual([])
    expect(raw.prepare('SELECT count(*) FROM metrics').pluck().get()).toBe(0)
  })
})

describe('backup', () => {
  it('is a complete database, taken while a run goes on', async () => {
    const file = temporaryFile()
    const store = await testStore(file)
    const { id } = store.createRun(metaTraining())
    store.commitIteration(id, iterationResult(1), true)
    const copy = join(dirname(file), 'copy.sqlite')
    store.backup(copy)
    store.commitIteration(id, iterationResult(2), true)
    const restored = await testStore(copy, { mode: 'existing' })
    expect(restored.run(id).done).toBe(1)
    expect(restored.resumeState(id)).toEqual(stateAt(1))
    expect(restored.readCheckpoint(restored.checkpoint(`${id}@1`).id).state).toEqual(stateAt(1))
  })

  it('overwrites nothing and leaves no half of one', async () => {
    const file = temporaryFile()
    const store = await testStore(file)
    const taken = join(dirname(file), 'taken')
    writeFileSync(taken, 'precious')
    expect(() => store.backup(taken)).toThrow(/exists already/)
    expect(() => store.backup(join(dirname(file), 'nowhere', 'copy'))).toThrow(
      expect.objectContaining({ code: 'denied' }),
    )
    expect(readdirSync(dirname(file)).filter((name) => name.includes('partial'))).toEqual([])
  })
})

it('reports a database that may not grow as full, and keeps what was committed', async () => {
  const file = temporaryFile()
  const connection = await connect(file, { appVersion: 'test', mode: 'create' })
  onTestFinished(() => void connection.close())
  const owner = newOwner()
  const { id } = createRun(connection, owner, 'test', metaTraining())
  connection.pragma(`max_page_count = ${(connection.pragma('page_count', { simple: true }) as number) + 40}`)
  let committed = 0
  const fill = () => {
    for (;;) {
      commitIteration(connection, owner, id, iterationResult(committed + 1), true, [])
      committed++
    }
  }
  expect(fill).toThrow(
    expect.objectContaining({
      code: 'full',
      message: `No space is left for ${file}. What was committed before is safe.`,
    }),
  )
  expect(committed).toBeGreaterThan(1)
  expect(findRun(connection, id).done).toBe(committed)
  expect(listIterations(connection, id, {})).toHaveLength(committed)
  expect(resumeState(connection, id)).toEqual(stateAt(committed))
  expect(connection.pragma('integrity_check', { simple: true })).toBe('ok')
  finishRun(connection, owner, id, { status: 'failed', reason: 'full' })
  expect(findRun(connection, id)).toMatchObject({ status: 'failed', reason: 'full', done: committed })
  connection.pragma('max_page_count = 1000000')
  resumeRun(connection, owner, 'test', id, trainer)
  commitIteration(connection, owner, id, iterationResult(committed + 1), true, [])
})
