// Deleted runs: restored, or gone for good, with the disk that they took.
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { temporaryFile, testStore } from './fixtures.ts'
import { iterationResult, metaTraining, trained } from './samples.ts'

describe('the bin', () => {
  it('hides runs, gives them back, and deletes them for good', async () => {
    const store = await testStore()
    const [kept, binned] = [trained(store, 1, 'kept'), trained(store, 1, 'binned')]
    const { cursor } = store.changesSince(null)
    store.bin([binned])
    expect(store.changesSince(cursor)).toMatchObject({ rows: [], removed: [binned] })
    expect(store.runs().map(({ id }) => id)).toEqual([kept])
    expect(() => store.run('binned')).toThrow(/in the bin/)
    expect(() => store.resumeRun(binned, store.run(kept).trainer)).toThrow(/in the bin/)
    expect(await store.purgeBinned(1)).toBe(0)
    store.restore([binned])
    expect(store.run('binned').id).toBe(binned)
    store.bin([binned])
    expect(await store.purgeBinned()).toBe(1)
    expect(() => store.restore([binned])).toThrow(/no run/)
    expect(store.checkpoints()).toHaveLength(1)
    expect(store.storageReport()).toMatchObject({ runs: 1, checkpoints: { count: 1 } })
  })

  it('lists what can come back, and lets go what nobody wants', async () => {
    const store = await testStore()
    const [kept, wanted, unwanted] = [
      trained(store, 1, 'kept'),
      trained(store, 1, 'wanted'),
      trained(store, 1, 'unwanted'),
    ]
    store.bin([wanted])
    store.bin([unwanted])
    expect(store.binned()).toMatchObject([
      { id: unwanted, name: 'unwanted', kind: 'train', done: 1 },
      { id: wanted, name: 'wanted' },
    ])
    // One that is not in the bin, or not any more, is nobody's to drop.
    store.dropBinned([kept, unwanted, 'nothing'])
    expect(store.binned().map(({ id }) => id)).toEqual([wanted])
    expect(await store.purgeBinned(0)).toBe(1)
    expect(() => store.restore([unwanted])).toThrow(/no run/)
    store.restore([wanted])
    expect(store.binned()).toEqual([])
    expect(store.runs().map(({ id }) => id)).toEqual([wanted, kept])
  })

  it('is emptied by two programs at once, and a new run that gets a deleted one’s key stays', async () => {
    const file = temporaryFile()
    const [first, second] = [await testStore(file), await testStore(file)]
    const { id } = first.createRun(metaTraining())
    // More checkpoints than one step deletes, and fewer than two do.
    for (let i = 1; i <= 25; i++) first.commitIteration(id, iterationResult(i), true)
    first.finishRun(id, { status: 'stopped' })
    first.bin([id])
    // Each call works until its first pause: the first one within the run's checkpoints, the second one at its end.
    const purging = [first.purgeBinned(), second.purgeBinned()]
    const newer = trained(second, 1, 'newer')
    expect(await Promise.all(purging)).toEqual([0, 1])
    expect(first.runs().map(({ id }) => id)).toEqual([newer])
    expect(first.iterations(newer)).toHaveLength(1)
    expect(first.checkpoints(newer)).toHaveLength(1)
  })

  it('gives a run back to an owner that was only silent, unless its deletion has begun', async () => {
    const file = temporaryFile()
    const [owner, other] = [await testStore(file), await testStore(file)]
    const ids = [owner.createRun(metaTraining()).id, owner.createRun(metaTraining()).id] as const
    for (const id of ids) for (let i = 1; i <= 25; i++) owner.commitIteration(id, iterationResult(i), true)
    const raw = new Database(file)
    raw.exec('UPDATE runs SET heartbeat_at = 0')
    other.bin(ids)
    const { cursor } = other.changesSince(null)
    owner.commitIteration(ids[1], iterationResult(26), false)
    expect(other.changesSince(cursor).rows).toMatchObject([{ id: ids[1], status: 'running', done: 26 }])
    const purging = other.purgeBinned()
    expect(() => owner.commitIteration(ids[0], iterationResult(26), false)).toThrow(/no longer/)
    expect(await purging).toBe(1)
    expect(other.runs().map(({ id }) => id)).toEqual([ids[1]])
    // Whatever put it there: its owner lives.
    raw.exec(`UPDATE runs SET binned_at = 1`)
    raw.close()
    expect(await other.purgeBinned()).toBe(0)
    owner.heartbeat(ids[1])
    expect(other.run(ids[1]).status).toBe('running')
  })

  it('is emptied up to the end of a step where that is called off', async () => {
    const store = await testStore()
    const { id } = store.createRun(metaTraining())
    for (let i = 1; i <= 25; i++) store.commitIteration(id, iterationResult(i), true)
    store.finishRun(id, { status: 'stopped' })
    store.bin([id])
    const off = new AbortController()
    const purging = store.purgeBinned(undefined, off.signal)
    off.abort()
    expect(await purging).toBe(0)
    expect(() => store.restore([id])).toThrow(/being deleted/)
    expect(await store.purgeBinned()).toBe(1)
  })

  it('takes all or none, and no living run', async () => {
    const store = await testStore()
    const done = trained(store)
    const { id } = store.createRun(metaTraining())
    expect(() => store.bin([done, id])).toThrow(/in progress/)
    expect(store.runs()).toHaveLength(2)
  })
})
