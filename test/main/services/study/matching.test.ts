// Which stored runs a study takes for its own, over a real store.
import { describe, expect, it } from 'vitest'
import { parseRunConfig } from '../../../../src/core/config/parse.ts'
import type { RunConfig } from '../../../../src/core/config/settings.ts'
import { matchFineTuning, matchTraining } from '../../../../src/main/services/study/matching.ts'
import type { Store } from '../../../../src/main/store/store.ts'
import { testStore } from '../../store/fixtures.ts'
import { fineTuneResult, iterationResult, trainer } from '../../store/samples.ts'

const software = { appVersion: '0.0.0-test', engine: trainer.engine, kernel: trainer.kernel }
const configOf = (settings: object = {}): RunConfig => parseRunConfig({ seed: 3, policy: { hidden: [8] }, ...settings })
const planned = (config: RunConfig) => ({ arm: 'c-maml', seed: config.seed, config })

function trained(store: Store, config: RunConfig, done = 2): string {
  const { id } = store.createRun({ kind: 'train', name: 'training', config, trainer, total: 2 })
  for (let i = 1; i <= done; i++) store.commitIteration(id, iterationResult(i, config), false)
  store.finishRun(id, { status: done < 2 ? 'stopped' : 'completed' })
  return id
}

function tuned(
  store: Store,
  config: RunConfig,
  checkpoint: string | null,
  tasks: readonly number[],
  done: number,
): string {
  const { id } = store.createRun({ kind: 'fine-tune', name: 'tuning', config, trainer, total: tasks.length, tasks })
  store.declareInitialisations(id, [{ label: 'C-MAML', checkpoint }])
  for (const task of tasks.slice(0, done)) store.commitFineTuneResult(id, 0, fineTuneResult(task))
  store.finishRun(id, { status: done < tasks.length ? 'stopped' : 'completed' })
  return id
}

describe('trainings', () => {
  it('match by the settings that training reads', async () => {
    const store = await testStore()
    const id = trained(store, configOf())
    const same = {
      fineTune: { steps: 9 },
      milestoneEvery: 7,
      tasks: { heldOutTo: 700 },
      preTraining: { iterations: 5 },
    }
    expect(matchTraining(store, planned(configOf(same)), software)).toMatchObject({ state: 'completed', run: { id } })
    for (const other of [{ seed: 4 }, { costLimit: 6 }, { inner: { kl: 0.01 } }, { method: 'pre-train' }])
      expect(matchTraining(store, planned(configOf(other)), software).state).toBe('new')
  })

  it('of a pre-training do not match by what only meta-training reads', async () => {
    const store = await testStore()
    trained(store, configOf({ method: 'pre-train' }))
    const match = (meta: object) =>
      matchTraining(store, planned(configOf({ method: 'pre-train', meta })), software).state
    expect(match({ iterations: 7 })).toBe('completed')
    expect(match({ limitShare: 0.5 })).toBe('new')
  })

  it('of other software are not taken', async () => {
    const store = await testStore()
    trained(store, configOf())
    for (const other of [{ appVersion: '9' }, { engine: 'simd/other' }, { kernel: 'ff' }])
      expect(matchTraining(store, planned(configOf()), { ...software, ...other }).state).toBe('new')
  })

  it('prefer the oldest completed one, then one in progress, then the furthest', async () => {
    const store = await testStore()
    trained(store, configOf(), 0)
    const furthest = trained(store, configOf(), 1)
    const match = () => matchTraining(store, planned(configOf()), software)
    expect(match()).toMatchObject({ state: 'unfinished', run: { id: furthest } })
    const running = store.createRun({ kind: 'train', name: 'running', config: configOf(), trainer, total: 2 })
    expect(match()).toMatchObject({ state: 'running', run: { id: running.id } })
    const completed = trained(store, configOf())
    trained(store, configOf())
    expect(match()).toMatchObject({ state: 'completed', run: { id: completed } })
  })
})

describe('fine-tunings', () => {
  it('match by start, set of tasks and protocol', async () => {
    const store = await testStore()
    const checkpoint = store.checkpoint(trained(store, configOf()))
    const id = tuned(store, configOf(), checkpoint.id, [301, 302], 1)
    const match = (settings: object = {}, tasks = [302, 301], start: { sha256: string } | 'random' = checkpoint) =>
      matchFineTuning(store, { ...planned(configOf(settings)), tasks }, start, software)
    expect(match()).toMatchObject({ state: 'unfinished', run: { id } })
    // The settings of training came with the checkpoint.
    expect(match({ meta: { iterations: 9 }, fineTune: { tasks: 3 } }).state).toBe('unfinished')
    expect(match({ fineTune: { steps: 9 } }).state).toBe('new')
    expect(match({ costLimit: 6 }).state).toBe('new')
    expect(match({}, [301]).state).toBe('new')
    expect(match({}, [302, 301], 'random').state).toBe('new')
    tuned(store, configOf(), null, [301, 302], 2)
    expect(match({}, [302, 301], 'random').state).toBe('completed')
  })
})
