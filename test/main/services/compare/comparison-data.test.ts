import { expect, it } from 'vitest'
import { parseRunConfig } from '../../../../src/core/config/parse.ts'
import { cellAt } from '../../../../src/core/study/comparison/cube.ts'
import type { Settings } from '../../../../src/core/study/plan/arms.ts'
import { completePart } from '../../../../src/core/study/comparison/part.ts'
import { publishedResults, referenceKey } from '../../../../src/core/study/comparison/published-references.ts'
import { trainingTasks } from '../../../../src/core/training/tasks.ts'
import { rolesOf } from '../../../../src/main/services/compare/roles.ts'
import { comparisonData } from '../../../../src/main/services/compare/saved.ts'
import { settingDifferences } from '../../../../src/main/services/compare/setting-differences.ts'
import { comparisonOfStudy, suggestComparisons } from '../../../../src/main/services/compare/suggestions.ts'
import { presets } from '../../../core/study/figures/validation-data.ts'
import { testStore } from '../../store/fixtures.ts'
import { fineTuneResult, fineTuning, iterationResult, metaTraining } from '../../store/samples.ts'
import { smokeConfig, storeStudy, TASKS } from './stored-study.ts'

it('answers every number of every fine-tuning, and where it comes from', async () => {
  const store = await testStore()
  const { runs, trainings } = storeStudy(store)
  const data = comparisonData(store, { runs })
  expect(data).toMatchObject({
    title: 'environment-2: 2 initialisations x 4 tasks x 2 seeds',
    subject: 'environment-2',
    world: 'environment-2',
    algorithm: 'TRPO-Lagrangian',
    costLimit: 5,
    steps: 2,
    notes: [],
    differences: [],
    references: [],
    replicates: [
      { trainingSeed: 1, fineTuningSeed: 1 },
      { trainingSeed: 2, fineTuningSeed: 2 },
    ],
  })
  expect(data.tasks.map(({ seed, origin }) => [seed, origin])).toEqual([
    [1, 'training'],
    [3, 'training'],
    [5, 'training'],
    [301, 'held-out'],
  ])
  expect(data.initialisations).toMatchObject([
    { label: 'C-MAML', role: 'c-maml', method: 'meta', trainingSteps: 2000, trainingTasks: [1, 3, 5] },
    { label: 'random', role: 'random', method: null, trainings: [], trainingTasks: [] },
  ])
  expect(data.initialisations[0]!.trainings.map(({ run, seed }) => [run!.id, seed])).toEqual([
    [trainings[0], 1],
    [trainings[1], 2],
  ])
  const at = cellAt(data, 1, 1, 2)
  const { evaluations } = fineTuneResult(2005)
  expect([...data.values.return.subarray(at, at + 3)]).toEqual(evaluations.map((evaluation) => evaluation.return))
  expect([...data.values.goals.subarray(at, at + 3)]).toEqual(evaluations.map(({ goals }) => goals))
  expect(data.starts[data.startOf[at / 3]!]).toEqual({ run: runs[3], initialisation: 0 })
  expect(data.initialisations[0]!.fineTuningSteps).toBe(3 * 2000)
  expect(completePart(data)).toMatchObject({ replicates: [0, 1], leftOut: 0 })
})

it('has gaps where results are missing, and says which run is not finished', async () => {
  const store = await testStore()
  const { runs } = storeStudy(store)
  const config = smokeConfig(1)
  const { id } = store.createRun(fineTuning({ name: 'begun', config, total: 4, tasks: TASKS }))
  store.declareInitialisations(id, [{ label: 'fresh', checkpoint: null }])
  store.commitFineTuneResult(id, 0, { ...fineTuneResult(7), task: 3 })
  store.finishRun(id, { status: 'stopped' })
  const data = comparisonData(store, { runs: [...runs, id] })
  expect(data.notes).toEqual(['“begun” is stopped: 1 of 4 results.'])
  expect(data.startOf.filter((start) => start < 0)).toHaveLength(7)
  expect(data.values.cost.filter(Number.isNaN)).toHaveLength(21)
  expect(completePart(data)).toMatchObject({ tasks: [1], replicates: [0] })
  expect(data.title).toBe('environment-2: 3 initialisations x 1 task x 1 seed')
  expect(() => comparisonData(store, { comparison: 'nothing' })).toThrow('There is no comparison "nothing"')
})

it('says which results two runs have in common', async () => {
  const store = await testStore()
  const { runs } = storeStudy(store)
  const { id } = store.createRun(fineTuning({ name: 'again', config: smokeConfig(1), total: 2, tasks: [3, 5] }))
  store.declareInitialisations(id, [{ label: 'random', checkpoint: null }])
  for (const task of [3, 5]) store.commitFineTuneResult(id, 0, { ...fineTuneResult(1000 + task), task })
  store.finishRun(id, { status: 'completed' })
  const data = comparisonData(store, { runs: [...runs, id] })
  expect(data.initialisations.map(({ label }) => label)).toEqual(['C-MAML', 'random'])
  expect(data.notes).toEqual([
    '“random, seed 1” and “again” share 2 results, of the same policy, seed and task: each counts once.',
  ])
})

it('of the fine-tunings of a training, takes the one that shares most tasks with the others', async () => {
  const store = await testStore()
  const { trainings } = storeStudy(store)
  const fineTuned = (name: string, training: string, seed: number, tasks: readonly number[]) => {
    const checkpoint = store.checkpoint(training).id
    const run = { name, config: smokeConfig(seed), total: tasks.length, tasks, parentCheckpoint: checkpoint }
    const { id } = store.createRun(fineTuning(run))
    store.declareInitialisations(id, [{ label: 'C-MAML', checkpoint }])
    for (const task of tasks) store.commitFineTuneResult(id, 0, { ...fineTuneResult(task), task })
    return id
  }
  const [first, second] = trainings as [string, string]
  const large = [fineTuned('large', first, 1, TASKS), fineTuned('other', second, 2, TASKS)]
  // The newest of the first has one task only.
  const small = fineTuned('small', first, 1, [3])
  const both = comparisonData(store, { runs: [first, second] })
  expect(both.runs.map((run) => run.id)).toEqual(large)
  expect(both.notes[0]).toBe(
    'Of the fine-tunings of “C-MAML <seed 1>”, “large” is used, which has the most tasks in common with the others; ' +
      'there are also “small”.',
  )
  // Where both share as many: the larger.
  const which = '“large” is used, which has the most results; there are also “small”.'
  expect(comparisonData(store, { runs: [first] }).notes[0]).toContain(which)
  expect(comparisonData(store, { runs: [first, small] }).notes[0]).toContain(which)
  // Where names tell nothing apart, ids do.
  const alike = fineTuned('small', first, 1, [3])
  const [note] = comparisonData(store, { runs: [first] }).notes
  expect(note).toContain(
    `“large” is used, which has the most results; there are also “small” (${alike}), “small” (${small}).`,
  )
})

it('refuses runs whose numbers mean different things', async () => {
  const store = await testStore()
  const { runs } = storeStudy(store)
  const config = smokeConfig(1, { costLimit: 7 })
  const { id } = store.createRun(fineTuning({ config, tasks: TASKS }))
  expect(() => comparisonData(store, { runs: [runs[0]!, id] })).toThrow('costLimit is 5 in one and 7 in the other')
  store.declareInitialisations(id, [{ label: 'random', checkpoint: null }])
  expect(() => comparisonData(store, { runs: [id] })).toThrow('There are no results yet of')
})

it('suggests what belongs together, by the studies that it is of', async () => {
  const store = await testStore()
  expect(suggestComparisons(store)).toEqual([])
  const studied = trainingTasks(smokeConfig(1)).slice(0, 4)
  const { runs } = storeStudy(store, studied)
  // Of another protocol, and alone.
  const { id } = store.createRun(fineTuning({ config: smokeConfig(1, { costLimit: 7 }), total: 1, tasks: [1] }))
  store.declareInitialisations(id, [{ label: 'random', checkpoint: null }])
  store.commitFineTuneResult(id, 0, fineTuneResult(1))
  expect(suggestComparisons(store)).toEqual([
    {
      title: 'figure-4, smoke: 2 initialisations x 4 tasks x 2 seeds',
      study: 'figure-4',
      scale: 'smoke',
      runs,
      labels: ['C-MAML', 'random'],
      tasks: 4,
      seeds: 2,
      world: 'environment-2',
      done: 16,
      total: 16,
    },
  ])
  // The same runs are those of figure 10, which shows them with other bands.
  expect(comparisonOfStudy(store, 'figure-10', 'smoke').runs).toEqual(runs)
  expect(comparisonData(store, { study: 'figure-4', scale: 'smoke' }).title).toContain('figure-4, smoke')
  expect(() => comparisonOfStudy(store, 'figure-4', 'paper')).toThrow('no results of figure-4 at scale paper')
})

it('offers fine-tunings on tasks of their own as no study', async () => {
  const store = await testStore()
  const { runs } = storeStudy(store)
  expect(suggestComparisons(store).map(({ title, study }) => [title, study])).toEqual([
    ['environment-2: 2 initialisations x 4 tasks x 2 seeds', null],
  ])
  // Who ran a study with tasks of their own still finds it.
  expect(comparisonOfStudy(store, 'figure-4', 'smoke').runs).toEqual(runs)
})

it('says what each initialisation was trained on', async () => {
  const store = await testStore()
  const { runs } = storeStudy(store, [301])
  const held = comparisonData(store, { runs })
  // None of the tasks that are compared; still it was trained on some.
  expect(held.initialisations.map(({ trainingTasks: of }) => of)).toEqual([[], []])
  expect(held.initialisations.map(({ trainedOn }) => trainedOn)).toEqual([117, 'nothing'])
  const fresh = smokeConfig(1, { method: 'pre-train', preTraining: { layouts: 'fresh' } })
  const training = store.createRun(metaTraining({ config: fresh, total: 1 }))
  store.commitIteration(training.id, iterationResult(1, fresh), false)
  const { id } = store.createRun(fineTuning({ config: fresh, total: 1, tasks: [3] }))
  store.declareInitialisations(id, [{ label: 'pre-trained', checkpoint: store.checkpoint(training.id).id }])
  store.commitFineTuneResult(id, 0, { ...fineTuneResult(1), task: 3 })
  const [only] = comparisonData(store, { runs: [id] }).initialisations
  expect(only).toMatchObject({ trainedOn: 'fresh layouts', trainingTasks: [] })
})

it('offers published values where the protocol is theirs, and else says why not', () => {
  const published = { goal: 'visible', goalRule: 'resample', horizon: 1000 }
  const config = (environment: Settings, costLimit: number, arcDegrees: number) =>
    smokeConfig(1, { environment: { world: 'point-goal-1', ...environment }, costLimit, tasks: { arcDegrees } })
  const of = (environment: Settings, costLimit = 25, arcDegrees = 360) =>
    publishedResults([config(environment, costLimit, arcDegrees)])
  const { references, withheld } = of(published)
  expect(withheld).toBeNull()
  expect(references).toHaveLength(6)
  expect(referenceKey(references, 'by number')).toMatch(
    /^Published: 1 OmniSafe, TRPO .*: return 27\.2 ± 0\.44, cost 45\.88 ± 11\.27; 2 .* ± SD over 5 seeds after 1e7 environment steps/,
  )
  const other = of({ ...published, goal: 'hidden', horizon: 400 }, 5)
  expect(other.references).toEqual([])
  expect(other.withheld).toMatch(/there the goal is visible, episodes have 1000 steps, the cost limit is 25\.$/)
  expect(of({ ...published, goalRule: 'end' }).references).toEqual([])
  expect(of(published, 25, 140).withheld).toMatch(
    /there first goals lie all around the robot \(an arc of 360 degrees: tasks\.arcDegrees=360\)\.$/,
  )
  // One of several runs is enough.
  const mixed = publishedResults([config(published, 25, 360), config(published, 25, 140)])
  expect(mixed.references).toEqual([])
  expect(publishedResults([smokeConfig(1)])).toEqual({ references: [], withheld: null })
})

it.each(Object.entries(presets))('offers them for fine-tunings of the preset omnisafe/%s', (_, preset) => {
  expect(publishedResults([parseRunConfig(preset)]).references).toHaveLength(6)
})

const origin = (changes: Settings) => ({
  sha256: 'ab'.repeat(32),
  trained: { checkpoint: 'c', run: null, config: smokeConfig(1, changes), iteration: 1, envSteps: 1 },
})

it('gives every initialisation its colour, and those of one kind free ones', () => {
  const roles = rolesOf([
    { label: 'C-MAML (meta.kl=0.01)', origins: [origin({})] },
    { label: 'C-MAML (meta.kl=0.03)', origins: [origin({ meta: { kl: 0.03 } })] },
    { label: 'C-MAML, eta = 0', origins: [origin({ meta: { eta: { mode: 'off' } } })] },
    { label: 'pre-trained', origins: [origin({ method: 'pre-train' })] },
    { label: 'deleted', origins: [{ sha256: '', trained: null }] },
    { label: 'random', origins: [] },
  ])
  expect(roles).toEqual(['c-maml', 'other-2', 'other-1', 'pre-trained', 'other-3', 'random'])
})

it('tells in which settings trainings differ, among those that read them', () => {
  const differences = settingDifferences([
    [origin({ meta: { kl: 0.01 } })],
    [],
    [origin({ meta: { kl: 0.03 } })],
    [origin({ method: 'pre-train', meta: { kl: 0.05 }, preTraining: { kl: 0.2 } })],
  ])
  expect(differences).toEqual([
    { path: 'method', values: ['meta', null, 'meta', 'pre-train'] },
    { path: 'meta.kl', values: [0.01, null, 0.03, null] },
  ])
})
