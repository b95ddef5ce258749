// The whole way of an episode: trainer process, store, and back; a tiny run with everything real.
import { describe, expect, it, onTestFinished } from 'vitest'
import { initialTrainingState } from '../../../src/core/training/state.ts'
import type { LiveEpisode } from '../../../src/main/api/contract.ts'
import { episodeGrid } from '../../../src/main/services/episode-grid.ts'
import { recordEpisodes, type RecordingRequest } from '../../../src/main/services/episode-recording.ts'
import { liveEpisode } from '../../../src/main/services/live-episode.ts'
import { createLiveTrainer } from '../../../src/main/services/live-trainer.ts'
import { readRecordedEpisode } from '../../../src/main/services/recorded-episode.ts'
import { recordRollout } from '../../../src/main/services/rollout.ts'
import type { Store } from '../../../src/main/store/store.ts'
import { bitsOf } from '../../core/episode/episodes.ts'
import { tinyConfig } from '../../support/worker.ts'
import { testStore } from '../store/fixtures.ts'
import { fineTuning, iterationResult, metaTraining } from '../store/samples.ts'

const config = tinyConfig()

/** A training with a checkpoint, and a fine-tuning of it beside a random network. */
async function trained() {
  const store = await testStore()
  const training = store.createRun(metaTraining({ name: 'trained', config })).id
  const result = iterationResult(1)
  store.commitIteration(training, { ...result, state: { ...initialTrainingState(config), iteration: 1 } }, true)
  const checkpoint = store.checkpoint(`${training}@1`)
  const adapted = store.createRun(fineTuning({ name: 'adapted', config, tasks: [301, 302] })).id
  store.declareInitialisations(adapted, [
    { label: 'C-MAML', checkpoint: checkpoint.id },
    { label: 'random', checkpoint: null },
  ])
  return { store, training, checkpoint, adapted }
}

const request = (overrides: Partial<RecordingRequest> & Pick<RecordingRequest, 'source'>): RecordingRequest => ({
  ...{ tasks: [301], adaptationSteps: [0], episodes: 1, stochastic: true },
  ...overrides,
})

async function record(store: Store, of: RecordingRequest): Promise<number[]> {
  const ids: number[] = []
  let last = { done: -1, total: 0 }
  for await (const progress of recordEpisodes(store, of, { workers: 1 })) {
    expect(progress.done).toBe(last.done < 0 ? 0 : last.done + progress.ids.length)
    ids.push(...progress.ids)
    last = progress
  }
  expect(last.done).toBe(last.total)
  return ids
}

describe('recorded episodes', () => {
  it('of a checkpoint are kept with its run, and are what the command line rolls out', async () => {
    const { store, training, checkpoint } = await trained()
    const source = { kind: 'checkpoint', checkpoint: checkpoint.id } as const
    const ids = await record(store, request({ source, tasks: [301, 302, 301], episodes: 2 }))
    const rows = ids.map((id) => store.episode(id))
    expect(rows.map(({ task, episode }) => [task, episode]).toSorted()).toEqual([
      [301, 0],
      [301, 1],
      [302, 0],
      [302, 1],
    ])
    expect(rows[0]).toMatchObject({ run: training, initialisation: null, iteration: 1, step: 0, stochastic: true })

    const { state } = store.readCheckpoint(checkpoint.id)
    const driver = { kind: 'policy', theta: state.theta, moments: state.moments, stochastic: true } as const
    const alone = await recordRollout(config, 302, driver, () => {})
    const same = rows.find(({ task, episode }) => task === 302 && episode === 0)!
    expect(bitsOf(readRecordedEpisode(store, same.id))).toEqual(bitsOf(alone))
    expect(same.return).toBe(alone.rewards.reduce((sum, reward) => sum + reward, 0))
  })

  it('of a fine-tuning make the figure of initialisations by adaptation steps', async () => {
    const { store, adapted } = await trained()
    const source = { kind: 'fine-tuning', run: adapted, initialisations: [1, 0] } as const
    await record(store, request({ source, tasks: [301], adaptationSteps: [2, 0] }))
    await record(store, request({ source: { ...source, initialisations: [0] }, tasks: [302] }))
    const grid = episodeGrid(store, [adapted], null)
    expect(grid).toMatchObject({ task: 301, steps: [0, 2], recordedTasks: [301, 302] })
    expect(grid.rows.map(({ label, runName }) => [label, runName])).toEqual([
      ['C-MAML', 'adapted'],
      ['random', 'adapted'],
    ])
    const rows = grid.rows.flatMap(({ episodes }) => episodes).map((id) => store.episode(id!))
    expect(rows.map(({ initialisation, step }) => [initialisation, step])).toEqual([
      [0, 0],
      [0, 2],
      [1, 0],
      [1, 2],
    ])
    expect(episodeGrid(store, [adapted], 302).rows.map(({ episodes }) => episodes)).toEqual([
      [expect.any(Number)],
      [null],
    ])
  })

  it('of another fine-tuning that finds the same policies stand in where a run has none', async () => {
    const { store, adapted } = await trained()
    const source = { kind: 'fine-tuning', run: adapted, initialisations: [0] } as const
    await record(store, request({ source, tasks: [301], adaptationSteps: [0] }))
    const { checkpoint } = store.initialisations(adapted)[0]!
    const alike = (name: string, settings = config) => {
      const { id } = store.createRun(fineTuning({ name, config: settings, tasks: [301, 302, 303] }))
      // In another order.
      store.declareInitialisations(id, [
        { label: 'random', checkpoint: null },
        { label: 'start', checkpoint },
      ])
      return id
    }
    const grid = episodeGrid(store, [alike('larger')], null)
    expect(grid).toMatchObject({ task: 301, recordedTasks: [301] })
    expect(grid.rows).toMatchObject([
      { runName: 'larger', isOther: false, episodes: [null] },
      { runName: 'adapted', isOther: true, initialisation: 1, episodes: [expect.any(Number)] },
    ])
    expect(episodeGrid(store, [alike('other seed', { ...config, seed: config.seed + 1 })], null).recordedTasks).toEqual(
      [],
    )
  })

  it('stop where the caller goes away, and what is stored stays', async () => {
    const { store, checkpoint } = await trained()
    const source = { kind: 'checkpoint', checkpoint: checkpoint.id } as const
    const ending = new AbortController()
    const tasks = Array.from({ length: 400 }, (_, i) => 1000 + i)
    const ids: number[] = []
    for await (const { ids: more } of recordEpisodes(store, request({ source, tasks, adaptationSteps: [0, 2] }), {
      workers: 1,
      signal: ending.signal,
    })) {
      ids.push(...more)
      if (ids.length > 0) ending.abort()
    }
    expect(ids.length).toBeGreaterThan(0)
    expect(ids.length).toBeLessThan(800)
    for (const id of ids) expect(store.episode(id).length).toBeGreaterThan(0)
  })

  it.each<[what: string, change: (all: Awaited<ReturnType<typeof trained>>) => RecordingRequest, reason: RegExp]>([
    [
      'a run that only trains',
      ({ training }) => fineTuned(training, [0]),
      /is a training: name one of its checkpoints/,
    ],
    ['an initialisation that is not there', ({ adapted }) => fineTuned(adapted, [2]), /there is no index 2/],
    [
      'more adaptation steps than the run takes',
      ({ adapted }) => ({ ...fineTuned(adapted, [0]), adaptationSteps: [0, 3] }),
      /3 adaptation steps are too many: the run takes at most 2/,
    ],
    [
      'more than anybody looks at',
      ({ adapted }) => ({ ...fineTuned(adapted, [0]), tasks: Array.from({ length: 101 }, (_, i) => i), episodes: 100 }),
      /10100 episodes are too many at once/,
    ],
    [
      'a checkpoint that is not there',
      () => request({ source: { kind: 'checkpoint', checkpoint: 'none' } }),
      /is neither a checkpoint nor a run/,
    ],
  ])('are refused of %s', async (_, change, reason) => {
    const all = await trained()
    await expect(record(all.store, change(all))).rejects.toThrow(reason)
  })
})

const fineTuned = (run: string, initialisations: number[]) =>
  request({ source: { kind: 'fine-tuning', run, initialisations } })

function liveTrainer(keptMs?: number) {
  const trainer = createLiveTrainer(keptMs)
  onTestFinished(() => trainer.stop())
  return trainer
}

describe('a policy at work', () => {
  const asked = (checkpoint: string) => ({ checkpoint, task: 303, stochastic: true, episode: 0, speed: null })

  it('is seen from its start to its end, and nothing is stored', async () => {
    const { store, checkpoint } = await trained()
    const chunks: LiveEpisode[] = []
    for await (const chunk of liveEpisode(store, liveTrainer(), asked(checkpoint.id))) chunks.push(chunk)
    const [start, ...others] = chunks
    if (start?.kind !== 'start') expect.fail('it does not start')
    expect(start).toMatchObject({ horizon: 30, episode: { task: 303, length: 0, truncated: false } })
    expect(start.episode.robot).toHaveLength(3)
    expect(others.at(-1)).toEqual({ kind: 'end', terminated: false, truncated: true })

    const { state } = store.readCheckpoint(checkpoint.id)
    const driver = { kind: 'policy', theta: state.theta, moments: state.moments, stochastic: true } as const
    const whole = await recordRollout(config, 303, driver, () => {})
    const steps = others.flatMap((chunk) => (chunk.kind === 'steps' ? [chunk.steps] : []))
    expect([start.episode, ...steps].flatMap(({ robot }) => [...robot])).toEqual([...whole.robot])
    expect(steps.flatMap(({ actions }) => [...actions])).toEqual([...whole.actions])
    expect(store.episodePage({ sort: 'newest', descending: false, after: null, limit: 1 }).total).toBe(0)
  })

  it('ends when nobody watches any more', async () => {
    const { store, checkpoint } = await trained()
    const ending = new AbortController()
    const kinds: string[] = []
    for await (const chunk of liveEpisode(
      store,
      liveTrainer(),
      { ...asked(checkpoint.id), speed: 0.5 },
      ending.signal,
    )) {
      kinds.push(chunk.kind)
      if (chunk.kind === 'steps') ending.abort()
    }
    expect(kinds).toEqual(['start', 'steps'])
  })
})
