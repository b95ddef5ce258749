import { describe, expect, it } from 'vitest'
import type { EpisodeKey, EpisodeQuery, Store } from '../../../src/main/store/store.ts'
import { testStore } from './fixtures.ts'
import { fineTuning, metaTraining } from './samples.ts'

const query = (overrides: Partial<EpisodeQuery> = {}): EpisodeQuery => ({
  ...{ sort: 'newest', descending: false, after: null, limit: 100 },
  ...overrides,
})
const save = (store: Store, key: Partial<EpisodeKey> & { run: string }, cost = 2) =>
  store.saveEpisode(
    { ...{ initialisation: null, iteration: 0, task: 301, step: 0, episode: 0, stochastic: true }, ...key },
    { return: 1, cost, length: 3 },
    Buffer.from(JSON.stringify(key)),
  )

/** 25 episodes of a training and 6 of a fine-tuning. */
async function filled() {
  const store = await testStore()
  const { id: training } = store.createRun(metaTraining({ name: 'trained' }))
  const { id: adapted } = store.createRun(fineTuning({ name: 'adapted' }))
  store.declareInitialisations(adapted, [{ label: 'random', checkpoint: null }])
  for (let i = 0; i < 25; i++) save(store, { run: training, task: 300 + (i % 5), iteration: i }, i % 3)
  for (let step = 0; step < 6; step++) save(store, { run: adapted, initialisation: 0, task: 302, step }, 7)
  return { store, training, adapted }
}

function allPages(store: Store, of: EpisodeQuery): number[] {
  const ids: number[] = []
  for (let after: string | null = null; ;) {
    const page = store.episodePage({ ...of, after })
    ids.push(...page.rows.map(({ id }) => id))
    if (page.next === null) return ids
    after = page.next
  }
}

describe('the list of episodes', () => {
  it('says of each whose it is', async () => {
    const { store, training, adapted } = await filled()
    const { rows, total } = store.episodePage(query({ task: 302, sort: 'cost', descending: true, limit: 7 }))
    expect(total).toBe(11)
    const own = { run: adapted, runName: 'adapted', initialisation: { index: 0, label: 'random' }, cost: 7 }
    expect(rows[0]).toMatchObject({ ...own, stochastic: true, task: 302 })
    expect(rows[6]).toMatchObject({ run: training, runName: 'trained', initialisation: null })
    expect(rows[0]!.recordedAt).toBeGreaterThan(Date.now() - 60_000)
    expect(rows[0]!.size).toBeGreaterThan(10)
  })

  it.each([
    ['newest', false],
    ['newest', true],
    ['task', false],
    ['cost', true],
    ['return', true],
    ['length', false],
  ] as const)('has every episode once over its pages (%s, descending %s)', async (sort, descending) => {
    const { store } = await filled()
    const ids = allPages(store, query({ sort, descending, limit: 4 }))
    expect(new Set(ids).size).toBe(31)
    expect(ids).toEqual(allPages(store, query({ sort, descending, limit: 1000 })))
  })

  it('is in the order that was asked for', async () => {
    const { store } = await filled()
    const of = (sort: EpisodeQuery['sort'], descending: boolean) =>
      store.episodePage(query({ sort, descending })).rows.map(({ task, cost }) => (sort === 'task' ? task : cost))
    expect(of('task', false)).toEqual(of('task', false).toSorted((a, b) => a - b))
    expect(of('cost', true)).toEqual(of('cost', true).toSorted((a, b) => b - a))
    expect(store.episodePage(query()).rows[0]!.id).toBe(31)
    expect(store.episodePage(query({ descending: true })).rows[0]!.id).toBe(1)
  })

  it('has those that were asked for', async () => {
    const { store, training, adapted } = await filled()
    const total = (of: Partial<EpisodeQuery>) => store.episodePage(query(of)).total
    expect(total({ run: training })).toBe(25)
    expect(total({ run: adapted, step: 3 })).toBe(1)
    expect(total({ initialisation: null })).toBe(25)
    expect(total({ initialisation: 0 })).toBe(6)
    expect(() => total({ run: 'nothing' })).toThrow(/There is no run/)
    expect(() => total({ after: '[1]' })).toThrow(/No page of episodes starts at/)
  })

  it('leaves out episodes of runs in the bin', async () => {
    const { store, adapted } = await filled()
    store.finishRun(adapted, { status: 'stopped' })
    store.bin([adapted])
    expect(store.episodePage(query()).total).toBe(25)
  })
})

it('sampled actions and those of the mean are two episodes', async () => {
  const { store, training } = await filled()
  const mean = save(store, { run: training, stochastic: false }, 9)
  const sampled = save(store, { run: training }, 8)
  expect(mean.id).not.toBe(sampled.id)
  expect(store.episode(mean.id)).toMatchObject({ stochastic: false, cost: 9 })
})

describe('removed episodes', () => {
  it('are out of sight until they are restored', async () => {
    const { store, adapted } = await filled()
    const [first, second] = store.episodes(adapted)
    expect(store.removeEpisodes([first!.id, second!.id, 9999]).removed).toBe(2)
    expect(store.removeEpisodes([first!.id]).removed).toBe(0)
    expect(store.episodes(adapted)).toHaveLength(4)
    expect(store.episodePage(query()).total).toBe(29)
    expect(store.restoreEpisodes([first!.id])).toBe(1)
    expect(store.episodes(adapted)).toContainEqual(first)
  })

  it('go with their content, but not before their time', async () => {
    const { store, adapted } = await filled()
    const [first] = store.episodes(adapted)
    const { at } = store.removeEpisodes([first!.id])
    expect(store.purgeSomeEpisodes(at)).toBe(false)
    expect(store.restoreEpisodes([first!.id])).toBe(1)
    const again = store.removeEpisodes([first!.id]).at
    store.purgeSomeEpisodes(again + 1)
    expect(store.restoreEpisodes([first!.id])).toBe(0)
    expect(() => store.readEpisode(first!.id)).toThrow(/There is no episode/)
    expect(store.storageReport().episodes.count).toBe(30)
    expect(store.gc().blobsDeleted).toBe(0)
  })

  it('come back where they are recorded again', async () => {
    const { store, adapted } = await filled()
    const [first] = store.episodes(adapted)
    store.removeEpisodes([first!.id])
    expect(save(store, { run: adapted, initialisation: 0, task: 302, step: 0 }).id).toBe(first!.id)
    expect(store.episodes(adapted)).toHaveLength(6)
  })

  it('do not travel in bundles', async () => {
    const { store, adapted } = await filled()
    store.finishRun(adapted, { status: 'stopped' })
    store.removeEpisodes([store.episodes(adapted)[0]!.id])
    const bundle = await store.writeBundle({ runs: [adapted], points: null, episodes: 'all', description: '' })
    const target = await testStore()
    const { runs } = await target.importBundle(bundle, 'some.cmaml')
    expect(target.episodes(runs[0]!.id)).toHaveLength(5)
  })
})
