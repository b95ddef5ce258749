// What counts as the same initialisation under several seeds, over a real store with real checkpoints.
import { describe, expect, it } from 'vitest'
import { parseRunConfig } from '../../../src/core/config/parse.ts'
import type { RunConfig } from '../../../src/core/config/settings.ts'
import { comparisonText } from '../../../src/main/cli/comparison-table.ts'
import { compareRuns } from '../../../src/main/services/comparison.ts'
import { chosenHeldOutTasks } from '../../../src/main/services/fine-tuning.ts'
import { ownFineTuning } from '../../../src/main/services/own-fine-tuning.ts'
import { shownInitialisations } from '../../../src/main/services/initialisations.ts'
import type { Run, Store } from '../../../src/main/store/store.ts'
import { testStore } from '../store/fixtures.ts'
import { fineTuneResult, iterationResult, trainer } from '../store/samples.ts'

const configOf = (seed: number, settings: Record<string, unknown> = {}): RunConfig =>
  parseRunConfig({ seed, policy: { hidden: [8] }, fineTune: { steps: 2 }, ...settings })

function trained(store: Store, config: RunConfig, iterations = 1): Run {
  const { id } = store.createRun({ kind: 'train', name: 'training', config, trainer, total: iterations })
  for (let i = 1; i <= iterations; i++) store.commitIteration(id, iterationResult(i, config), false)
  store.finishRun(id, { status: 'completed' })
  return store.run(id)
}

interface Tuning {
  readonly seed?: number
  readonly name?: string
  readonly label?: string
  readonly tasks?: readonly number[]
  /** Results that are there in the end; all by default. */
  readonly done?: number
}

/** Fine-tunes a training's last checkpoint beside a random network: made-up results, one per task. */
function tuned(
  store: Store,
  training: Run,
  { seed, name = 'tuning', label = 'C-MAML', tasks = [301, 302], done }: Tuning = {},
): Run {
  const checkpoint = store.checkpoint(training.id).id
  const config = { ...training.config, seed: seed ?? training.seed }
  const total = 2 * tasks.length
  const run = { kind: 'fine-tune', name, config, trainer, total, tasks, parentCheckpoint: checkpoint } as const
  const { id } = store.createRun(run)
  store.declareInitialisations(id, [
    { label, checkpoint },
    { label: 'random', checkpoint: null },
  ])
  const jobs = tasks.flatMap((task) => [0, 1].map((initialisation) => ({ task, initialisation })))
  // Random results depend on the fine-tuning's seed and the task alone, as in truth.
  for (const { task, initialisation } of jobs.slice(0, done)) {
    const offset = 1000 * config.seed + (initialisation === 0 ? 100_000 * training.seed : 0)
    store.commitFineTuneResult(id, initialisation, { ...fineTuneResult(task + offset), task })
  }
  store.finishRun(id, { status: (done ?? total) < total ? 'stopped' : 'completed' })
  return store.run(id)
}

describe('pooling', () => {
  it('tells meta-training seeds from fine-tuning seeds', async () => {
    const store = await testStore()
    const trainings = [1, 2, 3].map((seed) => trained(store, configOf(seed)))
    const several = compareRuns(
      store,
      trainings.map((training) => tuned(store, training).id),
    )
    expect(several).toMatchObject({ pairs: 6, leftOut: 0, tasks: [301, 302] })
    expect(several.initialisations).toMatchObject([
      { label: 'C-MAML', trainings: 3, method: 'meta', trainingSeeds: [1, 2, 3] },
      { label: 'random', trainings: 0, method: null },
    ])
    expect(several.differences[0]!.perTrainingSeed.map(({ trainingSeed }) => trainingSeed)).toEqual([1, 2, 3])
    expect(comparisonText(several)).toMatch(/N = 2 tasks x 3 seeds, .* mean over tasks, each averaged over its seeds,/)

    const one = compareRuns(
      store,
      [5, 6, 7].map((seed) => tuned(store, trainings[0]!, { seed }).id),
    )
    expect(one.initialisations[0]).toMatchObject({ trainings: 1, trainingSeeds: [1], fineTuningSeeds: [5, 6, 7] })
    expect(one.differences[0]!.perTrainingSeed).toEqual([])
    expect(comparisonText(one)).toContain('C-MAML: 1 meta-training (seed 1), 3 fine-tuning seeds (5, 6, 7)')
  })

  it('sets one random network beside each of several trainings with the same fine-tuning seed', async () => {
    const store = await testStore()
    const runs = [1, 2].map((seed) => tuned(store, trained(store, configOf(seed)), { seed: 9 }))
    const comparison = compareRuns(
      store,
      runs.map(({ id }) => id),
    )
    expect(comparison.replicates).toEqual([
      { trainingSeed: 1, fineTuningSeed: 9 },
      { trainingSeed: 2, fineTuningSeed: 9 },
    ])
    expect(comparison.initialisations.map(({ label }) => label)).toEqual(['C-MAML', 'random'])
    expect(comparison.pairs).toBe(4)
  })

  it('splits a label by the settings of its checkpoints, and by how long they were trained', async () => {
    const store = await testStore()
    const base = trained(store, configOf(1))
    const labels = (other: Run) => {
      const runs = [base, other].map((training) => tuned(store, training).id)
      return compareRuns(store, runs).initialisations.map(({ label }) => label)
    }
    const smaller = { meta: { tasksPerIteration: 7 } }
    expect(labels(trained(store, configOf(1, smaller)))).toEqual([
      'C-MAML (meta.tasksPerIteration=40)',
      'random',
      'C-MAML (meta.tasksPerIteration=7)',
    ])
    // Another seed does not make them one, so nothing pairs.
    expect(() => labels(trained(store, configOf(2, smaller)))).toThrow(
      /same seed: C-MAML \(meta\.tasksPerIteration=40\)/,
    )
    expect(labels(trained(store, configOf(1), 2))).toEqual(['C-MAML (iteration=1)', 'random', 'C-MAML (iteration=2)'])
  })

  it('pools trainings that differ only in settings that their method does not read', async () => {
    const store = await testStore()
    const pooled = (one: Run, other: Run) =>
      compareRuns(store, [tuned(store, one).id, tuned(store, other).id]).initialisations
    const unread = { preTraining: { tasksPerIteration: 7 }, engine: 'simd', tasks: { heldOutTo: 700 } }
    expect(pooled(trained(store, configOf(1)), trained(store, configOf(2, unread)))).toMatchObject([
      { label: 'C-MAML', trainingSeeds: [1, 2] },
      { label: 'random', fineTuningSeeds: [1, 2] },
    ])
    const preTrained = (seed: number, meta: object) =>
      trained(store, configOf(seed, { method: 'pre-train', preTraining: { iterations: 1 }, meta }))
    const label = { trainingSeeds: [3, 4] }
    expect(pooled(preTrained(3, {}), preTrained(4, { kl: 0.5 }))[0]).toMatchObject({ label: 'pre-trained', ...label })
    expect(() => pooled(preTrained(5, {}), preTrained(6, { limitShare: 0.5 }))).toThrow('meta.limitShare=0.5')
  })

  it('calls a pre-training what it is, also where it was once stored as C-MAML', async () => {
    const store = await testStore()
    const preTrained = { method: 'pre-train', preTraining: { iterations: 1 } }
    const old = tuned(store, trained(store, configOf(1, preTrained)))
    const young = tuned(store, trained(store, configOf(2, preTrained)), { label: 'pre-trained' })
    const comparison = compareRuns(store, [old.id, young.id])
    expect(comparison.initialisations).toMatchObject([
      { label: 'pre-trained', trainings: 2, method: 'pre-train', trainingSeeds: [1, 2] },
      { label: 'random' },
    ])
    const text = comparisonText(comparison)
    expect(text).toContain('pre-trained: 2 pre-trainings (seeds 1, 2)')
    expect(text).not.toMatch(/C-MAML|meta-training/)
    expect(shownInitialisations(store, old).map(({ label }) => label)).toEqual(['pre-trained', 'random'])
  })

  it('says where the grid of tasks and seeds has holes', async () => {
    const store = await testStore()
    const whole = tuned(store, trained(store, configOf(1)))
    const part = tuned(store, trained(store, configOf(2)), { done: 3 })
    const comparison = compareRuns(store, [whole.id, part.id])
    expect(comparison).toMatchObject({ pairs: 3, leftOut: 1 })
    expect(comparison.notes).toEqual([`“tuning” (${part.id}) is stopped: 3 of 4 results.`])
    expect(comparisonText(comparison)).toMatch(/N = 2 tasks and 2 seeds, 3 of 4 \(task, seed\) pairs, /)
  })
})

describe('a meta-training among the runs', () => {
  it('stands for the fine-tuning that it ended with, whatever they are called', async () => {
    const store = await testStore()
    const training = trained(store, configOf(1, { meta: { iterations: 1 }, fineTune: { steps: 2, tasks: 2 } }))
    const own = tuned(store, training, { tasks: chosenHeldOutTasks(training.config) })
    expect(compareRuns(store, [training.id])).toMatchObject({ runs: [own.id], notes: [] })
    store.rename(training.id, 'another name')
    expect(ownFineTuning(store, store.run(training.id))?.id).toBe(own.id)
    tuned(store, training, { tasks: chosenHeldOutTasks(training.config).toReversed() })
    expect(ownFineTuning(store, training)?.id).toBe(own.id)
    const later = tuned(store, training, { seed: 4, tasks: chosenHeldOutTasks(training.config) })
    const { runs, notes } = compareRuns(store, [training.id])
    expect(runs).toEqual([own.id])
    expect(notes[0]).toContain(
      `(${own.id}) is used, the one that its training ended with; there are also “tuning” (${later.id}), `,
    )
  })
})
