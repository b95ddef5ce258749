import { expect, it } from 'vitest'
import type { Store } from '../../../../src/main/store/store.ts'
import { testStore } from '../fixtures.ts'
import { everything, fineTuned, trained } from './fixtures.ts'

/** A fine-tuning of a checkpoint that came without its run, with recorded episodes of that. */
async function example() {
  const origin = await testStore()
  const bytes = origin.readCheckpointBytes(origin.checkpoint(trained(origin)).id)
  const store = await testStore()
  const { id } = store.importCheckpoint(bytes, 'a.safetensors')
  fineTuned(store, id)
  const episodes = [301, 302].map((task) => recorded(store, id, task))
  return { bytes, store, checkpoint: id, episodes }
}

function recorded(store: Store, checkpoint: string, task: number, text = `episode on ${task}`): number {
  const key = { run: null, checkpoint, initialisation: null, iteration: 4, task, step: 0, episode: 0, stochastic: true }
  return store.saveEpisode(key, { return: 1, cost: 2, length: 3 }, Buffer.from(text)).id
}

const listed = (store: Store) =>
  store
    .episodePage({ sort: 'task', descending: false, limit: 10, after: null })
    .rows.map(({ id, run, checkpoint, task }) => ({
      ...{ run, checkpoint, task },
      text: Buffer.from(store.readEpisode(id)).toString(),
    }))

it('episodes of a checkpoint without its run go with the runs that start from it', async () => {
  const { store } = await example()
  const bundle = await store.writeBundle(everything(store))
  const target = await testStore()
  await target.importBundle(bundle, 'demo')
  const { id } = target.checkpoints().find(({ kind }) => kind === 'imported')!
  const tasks = [301, 302].map((task) => ({ run: null, checkpoint: id, task, text: `episode on ${task}` }))
  expect(listed(target).toSorted((a, b) => a.task - b.task)).toEqual(tasks)
  // On to a third database, as they came; with the bundle they go again.
  const third = await testStore()
  await third.importBundle(await target.writeBundle(everything(target)), 'again')
  expect(listed(third)).toHaveLength(2)
  target.deleteSource('demo')
  expect(listed(target)).toEqual([])
  expect(target.gc().blobsDeleted).toBe(0)
})

it('only those that were chosen', async () => {
  const { store, episodes } = await example()
  const tasks = async (chosen: readonly number[]) => {
    const target = await testStore()
    await target.importBundle(await store.writeBundle(everything(store, { episodes: chosen })), 'demo')
    return listed(target).map(({ task }) => task)
  }
  expect(await tasks([episodes[1]!])).toEqual([302])
  expect(await tasks([])).toEqual([])
  await expect(tasks([99])).rejects.toThrow(/no recorded episode 99; they have/)
})

it('one that is there stays as it is, and comes back where it was out of sight', async () => {
  const { bytes, store } = await example()
  const bundle = await store.writeBundle(everything(store))
  const target = await testStore()
  const there = target.importCheckpoint(bytes, 'a.safetensors')
  target.removeEpisodes([recorded(target, there.id, 302, 'my own')])
  await target.importBundle(bundle, 'demo')
  expect(listed(target).map(({ text }) => text)).toEqual(expect.arrayContaining(['my own', 'episode on 301']))
  expect(listed(target)).toHaveLength(2)
  expect(target.gc().blobsDeleted).toBe(0)
})

it('where the training of the checkpoint is at hand, they are episodes of it', async () => {
  const { store } = await example()
  const target = await testStore()
  const training = trained(target)
  expect(target.checkpoint(training).sha256).toBe(store.checkpoints()[0]!.sha256)
  await target.importBundle(await store.writeBundle(everything(store)), 'demo')
  expect(target.checkpoints().filter(({ kind }) => kind === 'imported')).toEqual([])
  expect(target.episodes(training).map(({ task, iteration }) => [task, iteration])).toEqual([
    [301, 4],
    [302, 4],
  ])
})
