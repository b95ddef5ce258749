// Which stored runs a study takes for its own, over a real store.
import { describe, expect, it } from 'vitest'
import { parseRunConfig } from '../../../../src/core/config/parse.ts'
import type { RunConfig } from '../../../../src/core/config/settings.ts'
import { matchFineTuning, matchTraining, storedRuns } from '../../../../src/main/services/study/matching.ts'
import { softwareCautions } from '../../../../src/main/services/study/software.ts'
import type { Run, Store } from '../../../../src/main/store/store.ts'
import { testStore } from '../../store/fixtures.ts'
import { fineTuneResult, iterationResult, trainer } from '../../store/samples.ts'

const software = { ...trainer, revision: 1, engines: [trainer.engine] }
const runsOf = (store: Store) => storedRuns(store, software)
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
      recordEvery: 3,
      recordTasks: 5,
      tasks: { heldOutTo: 700 },
      preTraining: { iterations: 5 },
    }
    expect(matchTraining(runsOf(store), planned(configOf(same)))).toMatchObject({ state: 'completed', run: { id } })
    for (const other of [{ seed: 4 }, { costLimit: 6 }, { inner: { kl: 0.01 } }, { method: 'pre-train' }])
      expect(matchTraining(runsOf(store), planned(configOf(other))).state).toBe('new')
  })

  it('of a pre-training do not match by what only meta-training reads', async () => {
    const store = await testStore()
    trained(store, configOf({ method: 'pre-train' }))
    const match = (meta: object) => matchTraining(runsOf(store), planned(configOf({ method: 'pre-train', meta }))).state
    expect(match({ iterations: 7 })).toBe('completed')
    expect(match({ limitShare: 0.5 })).toBe('new')
  })

  it('of other software are not taken', async () => {
    const store = await testStore()
    trained(store, configOf())
    const others = [
      { revision: 2 },
      { engines: ['simd/other'] },
      { kernel: 'ff' },
      { multiplyAdd: 'unfused' as const },
      { mujoco: '3.15.0' },
    ]
    for (const other of others)
      expect(matchTraining(storedRuns(store, { ...software, ...other }), planned(configOf())).state).toBe('new')
  })

  it('of another version of the program are taken where its numerics are the same', async () => {
    const [store, revised] = [await testStore(), await testStore()]
    const id = trained(store, configOf())
    const later = await testStore(store.file, { appVersion: '99.0.0' })
    // None is recorded before the second.
    expect(later.run(id).trainer.revision).toBeUndefined()
    expect(matchTraining(runsOf(later), planned(configOf()))).toMatchObject({ state: 'completed', run: { id } })
    const { id: second } = revised.createRun({
      ...{ kind: 'train', name: 'training', config: configOf(), total: 1 },
      trainer: { ...trainer, revision: 2 },
    })
    revised.commitIteration(second, iterationResult(1, configOf()), false)
    revised.finishRun(second, { status: 'completed' })
    const match = (revision: number) =>
      matchTraining(storedRuns(revised, { ...software, revision }), planned(configOf()))
    expect(match(1).state).toBe('new')
    expect(match(2)).toMatchObject({ state: 'completed', run: { id: second } })
  })

  it('of another Node are taken, and said to be', async () => {
    const store = await testStore()
    const [first, second] = [configOf(), configOf({ seed: 4 })].map((config) => store.run(trained(store, config)))
    const here = { ...software, node: '99.0.0' }
    const match = matchTraining(storedRuns(store, here), planned(configOf()))
    expect(match).toMatchObject({ state: 'completed', run: { id: first!.id } })
    expect(softwareCautions([first!, second!, first!], software)).toEqual([])
    const [caution, ...others] = softwareCautions([first!, second!, first!], here)
    expect(others).toEqual([])
    expect(caution).toContain(`Runs ${first!.id}, ${second!.id}:`)
    expect(caution).toContain('Node was 24.0.0 and is 99.0.0')
    const resumed = { ...first!, trainer: { ...first!.trainer, changes: ['mujoco was 3.13.0 and is 3.14.0'] } }
    expect(softwareCautions([resumed], software).join()).toContain('at a resumption mujoco was 3.13.0')
  })

  it('of engines that the configuration leaves open are all taken; that they differ from each other is said', async () => {
    const store = await testStore()
    const open = { ...software, engines: [trainer.engine, 'tfjs/webgpu', 'tfjs/wasm'] }
    const ids = [configOf(), configOf({ seed: 4 }), configOf({ seed: 5 })].map((config) => trained(store, config))
    const [one, two, three] = ids.map((id) => store.run(id))
    expect(matchTraining(storedRuns(store, open), planned(configOf())).state).toBe('completed')
    const by = (run: Run, engine: string): Run => ({ ...run, trainer: { ...run.trainer, engine } })
    // Whatever is installed here, no other engine is the right one.
    expect(softwareCautions([by(one!, 'tfjs/wasm'), by(two!, 'tfjs/wasm')], open)).toEqual([])
    expect(softwareCautions([by(one!, 'tfjs/wasm'), by(two!, 'tfjs/webgpu'), by(three!, 'tfjs/wasm')], open)).toEqual([
      `Runs were computed by different engines, so the last bits may differ: tfjs/wasm (${one!.id}, ${three!.id}); ` +
        `tfjs/webgpu (${two!.id}).`,
    ])
  })

  it('that were imported without the state to go on from are passed over', async () => {
    const [source, store] = [await testStore(), await testStore()]
    const runs = [trained(source, configOf(), 1), trained(source, configOf({ seed: 4 }))]
    const bundle = await source.writeBundle({ runs, points: null, episodes: 'all', description: '' })
    await store.importBundle(bundle, 'other.cmaml')
    const state = (settings: object) => matchTraining(runsOf(store), planned(configOf(settings))).state
    expect(store.runs()).toHaveLength(2)
    expect(state({})).toBe('new')
    expect(state({ seed: 4 })).toBe('completed')
    trained(store, configOf(), 1)
    expect(state({})).toBe('unfinished')
  })

  it('see runs that were made after the first question', async () => {
    const store = await testStore()
    trained(store, configOf({ costLimit: 6 }))
    const runs = runsOf(store)
    expect(matchTraining(runs, planned(configOf())).state).toBe('new')
    const unfinished = trained(store, configOf(), 1)
    expect(matchTraining(runs, planned(configOf()))).toMatchObject({ state: 'unfinished', run: { id: unfinished } })
    const id = trained(store, configOf())
    expect(matchTraining(runs, planned(configOf()))).toMatchObject({ state: 'completed', run: { id, done: 2 } })
  })

  it('prefer the oldest completed one, then one in progress, then the furthest', async () => {
    const store = await testStore()
    trained(store, configOf(), 0)
    const furthest = trained(store, configOf(), 1)
    const match = () => matchTraining(runsOf(store), planned(configOf()))
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
      matchFineTuning(runsOf(store), { ...planned(configOf(settings)), tasks }, start)
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
  it('whose start was deleted cannot go on', async () => {
    const store = await testStore()
    const checkpoint = store.checkpoint(trained(store, configOf()))
    tuned(store, configOf(), checkpoint.id, [301, 302], 1)
    const match = () => matchFineTuning(runsOf(store), { ...planned(configOf()), tasks: [301, 302] }, checkpoint)
    expect(match().state).toBe('unfinished')
    store.purgeCheckpoints(store.removeCheckpoint(checkpoint.id) + 1)
    expect(match().state).toBe('new')
  })
})
