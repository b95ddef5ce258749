import { expect, test } from 'vitest'
import type { Store } from '../../../../src/main/store/store.ts'
import { testStore } from '../../store/fixtures.ts'
import { fineTuning, iterationResult, metaTraining } from '../../store/samples.ts'
import { next, nextWhere, startProgram } from './program.ts'

function trained(store: Store, name: string): string {
  const { id } = store.createRun(metaTraining({ name }))
  store.commitIteration(id, iterationResult(1), true)
  store.finishRun(id, { status: 'stopped' })
  return id
}

test('the bin is told whoever changes it, with what it takes and when it goes', async () => {
  const { client, database } = await startProgram()
  const stream = await client.bin.watch()
  expect(await next(stream)).toMatchObject({ runs: [], comparisons: [] })
  const store = await testStore(database)
  const run = trained(store, 'unwanted')
  const comparison = store.comparisons.save({ name: 'mine', runs: [run], notes: '', layout: {} }).id
  // Commits that are no business of the bin make no answer.
  store.appendLog(run, 'info', 'a line')
  const before = Date.now()
  const { purgeAt } = await client.bin.put({ runs: [run], comparisons: [comparison] })
  expect(purgeAt).toBeGreaterThan(before + 23 * 3_600_000)
  const content = await nextWhere(stream, ({ runs }) => runs.length > 0)
  expect(content).toMatchObject({
    runs: [{ id: run, name: 'unwanted', kind: 'train', method: 'meta', done: 1 }],
    comparisons: [{ id: comparison, name: 'mine', runs: 1 }],
  })
  expect(content.runs[0]!.purgeAt).toBe(content.runs[0]!.binnedAt + 24 * 3_600_000)
  const [size, none] = await client.bin.sizes({ runs: [run, 'gone'] })
  expect(size).toBe(store.runSize(run))
  expect(none).toBe(0)

  // Another program brings one of them back.
  store.restore([run])
  expect(await next(stream)).toMatchObject({ runs: [], comparisons: [{ id: comparison }] })
  await client.bin.restore({ runs: [], comparisons: [comparison] })
  expect(await next(stream)).toMatchObject({ runs: [], comparisons: [] })
  expect(await client.comparisons.list()).toHaveLength(1)
  await stream.return(undefined)
})

test('what is deleted for good is gone with its disk, and the rest of the bin stays', async () => {
  const { client, database } = await startProgram()
  const store = await testStore(database)
  const [kept, wanted, unwanted] = ['kept', 'wanted', 'unwanted'].map((name) => trained(store, name))
  const comparison = store.comparisons.save({ name: 'mine', runs: [], notes: '', layout: {} }).id
  await client.bin.put({ runs: [wanted!, unwanted!], comparisons: [comparison] })
  await client.bin.purge({ runs: [kept!, unwanted!], comparisons: [comparison] })
  expect(store.checkpoints().map(({ run }) => run)).not.toContain(unwanted)
  expect(store.storageReport()).toMatchObject({ reclaimable: 0, checkpoints: { count: 4 } })
  await expect(client.bin.restore({ runs: [unwanted!], comparisons: [] })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect(store.runs().map(({ id }) => id)).toEqual([kept])
  await client.bin.restore({ runs: [wanted!], comparisons: [] })
  expect(store.runs().map(({ id }) => id)).toEqual([wanted, kept])
})

test('nothing goes into the bin where one of the runs is in progress', async () => {
  const { client, database } = await startProgram()
  const store = await testStore(database)
  const { id } = store.createRun(fineTuning())
  const done = trained(store, 'done')
  const comparison = store.comparisons.save({ name: 'mine', runs: [done], notes: '', layout: {} }).id
  await expect(client.bin.put({ runs: [done, id], comparisons: [comparison] })).rejects.toMatchObject({
    code: 'CONFLICT',
  })
  expect(store.binned()).toEqual([])
  expect(store.comparisons.list()).toHaveLength(1)
})
