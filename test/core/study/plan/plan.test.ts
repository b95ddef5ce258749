// What the studies of the paper train under changed settings: budgets, titles, and arms that would coincide.
import { describe, expect, it } from 'vitest'
import { parseRunConfig } from '../../../../src/core/config/parse.ts'
import type { RunConfig } from '../../../../src/core/config/settings.ts'
import { trainingTasks } from '../../../../src/core/training/tasks.ts'
import { INITIALISATION_ARM_IDS, type Settings } from '../../../../src/core/study/plan/arms.ts'
import { mostSteps, mostStepsPerIteration } from '../../../../src/core/study/plan/budget.ts'
import { planStudy, type StudyPlan, type StudyRequest } from '../../../../src/core/study/plan/plan.ts'
import { SCALE_NAMES } from '../../../../src/core/study/plan/scales.ts'

const preset: Settings = { costLimit: 5, meta: { iterations: 800 } }
const planOf = (changes: Settings = {}, request: Partial<StudyRequest> = {}): StudyPlan =>
  planStudy({ study: 'figure-4', scale: 'small', preset, seeds: [1], changes, ...request })
const all: Partial<StudyRequest> = { arms: INITIALISATION_ARM_IDS }
const configOf = (plan: StudyPlan, arm: string): RunConfig => plan.trainings.find((one) => one.arm === arm)!.config

describe('budgets', () => {
  it('are those of all batches of a task and of all episodes of a mixture', () => {
    const config = parseRunConfig({
      environment: { horizon: 10 },
      inner: { steps: 2, episodes: 3 },
      meta: { iterations: 4, tasksPerIteration: 5 },
      preTraining: { iterations: 6, tasksPerIteration: 7, episodes: 8 },
    })
    // The meta-policy and two adapted policies drive three episodes each on five tasks.
    expect(mostStepsPerIteration(config)).toBe(5 * 3 * 3 * 10)
    expect(mostSteps(config)).toBe(4 * 450)
    expect(mostSteps({ ...config, method: 'pre-train' })).toBe(6 * 7 * 8 * 10)
  })

  it.each(SCALE_NAMES)('of pre-trained arms are those of C-MAML at scale %s, but for whole iterations', (scale) => {
    const plan = planOf({}, { ...all, scale })
    const budget = mostSteps(configOf(plan, 'c-maml'))
    for (const arm of ['pre-trained', 'pre-trained-no-floor', 'pre-trained-one-task']) {
      const config = configOf(plan, arm)
      expect(mostSteps(config)).toBeGreaterThanOrEqual(budget)
      expect(mostSteps(config) - budget).toBeLessThan(mostStepsPerIteration(config))
    }
    expect(mostSteps(configOf(plan, 'maml'))).toBe(budget)
    expect(mostSteps(configOf(plan, 'pre-trained-short'))).toBeLessThan(budget)
  })

  it('follow what changes C-MAML, and the preset keeps its short one', () => {
    const plan = planOf({ meta: { iterations: 7 }, inner: { steps: 2 } }, all)
    // 7 iterations x 40 tasks x 5 episodes x 3 batches, over 40 tasks x 5 episodes.
    expect(configOf(plan, 'pre-trained').preTraining.iterations).toBe(21)
    expect(configOf(plan, 'pre-trained-short').preTraining.iterations).toBe(150)
  })

  it('are not derived where preTraining.iterations is set', () => {
    const plan = planOf({ preTraining: { iterations: 9 } }, { arms: ['pre-trained', 'pre-trained-one-task'] })
    expect(plan.trainings.map(({ config }) => config.preTraining.iterations)).toEqual([9, 9])
  })
})

describe('arms', () => {
  it('train MAML without any constraint, also by second-order gradients', () => {
    const first = configOf(planOf(), 'maml')
    expect(first.inner.algorithm).toBe('trpo')
    const second = planOf({ meta: { outerRule: 'maml' }, inner: { algorithm: 'gradient', multiplier: { rate: 0.5 } } })
    expect(configOf(second, 'c-maml').inner).toMatchObject({ algorithm: 'gradient', multiplier: { rate: 0.5 } })
    const { inner, meta } = configOf(second, 'maml')
    expect([inner.algorithm, meta.outerRule]).toEqual(['gradient', 'maml'])
    expect([meta.lambda.mode, meta.eta.mode]).toEqual(['off', 'off'])
    // lambda_p starts at lambda = 0 and moves by nothing.
    expect([inner.multiplier.update, inner.multiplier.rate]).toEqual(['gradient', 0])
  })

  it('share the training of MAML whatever the limit of the study is', () => {
    const own = configOf(planOf(), 'maml')
    expect(configOf(planOf({ costLimit: 7 }), 'maml')).toEqual(own)
    expect(configOf(planOf({}, { study: 'figure-5' }), 'maml')).toEqual(own)
    expect(configOf(planOf({ costLimit: 7 }), 'c-maml').costLimit).toBe(7)
  })

  it.each(['held-out', [301, 302]] as const)('pre-train on the first training task before tasks %s', (tasks) => {
    const plan = planOf({}, { tasks, arms: ['pre-trained-one-task'] })
    const [first] = trainingTasks(plan.config)
    expect(trainingTasks(configOf(plan, 'pre-trained-one-task'))).toEqual([first])
    expect(plan.tasks).not.toContain(first)
  })

  it.each<[Settings, Partial<StudyRequest>, RegExp]>([
    [{ meta: { eta: { mode: 'off' } } }, { study: 'figure-3' }, /the arms c-maml and c-maml-no-eta are the same/],
    [{ policy: { minLogStd: -5 } }, all, /the arms pre-trained and pre-trained-no-floor are the same training/],
    [{ preTraining: { iterations: 50 } }, all, /the arms pre-trained and pre-trained-short are the same training/],
  ])('are refused where %j makes two of them one', (changes, request, message) => {
    expect(() => planOf(changes, request)).toThrow(message)
  })

  it('refuse to sweep one setting twice', () => {
    const sweep = [
      { key: 'meta.kl', values: [0.01] },
      { key: 'meta.kl', values: [0.03] },
    ]
    expect(() => planOf({}, { arms: ['c-maml'], sweep })).toThrow('meta.kl is swept twice')
  })

  it('leave out what of a sweep only repeats the value of the study', () => {
    const sweep = [{ key: 'meta.kl', values: [0.03, 0.05] }]
    const plan = planOf({}, { arms: ['c-maml'], sweep })
    expect(plan.arms.map(({ id }) => id)).toEqual(['c-maml', 'c-maml (meta.kl=0.05)'])
    expect(configOf(plan, 'c-maml').meta.kl).toBe(0.03)
    expect(plan.repeated).toEqual([{ label: 'C-MAML (meta.kl=0.03)', as: 'C-MAML' }])
  })
})

describe('titles', () => {
  it.each<[StudyRequest['study'], Settings, Partial<StudyRequest>, string]>([
    ['figure-3', {}, {}, 'Safety multiplier eta, adaptive against 0: meta-training and fine-tuning'],
    ['figure-4', {}, {}, 'Four initialisations, fine-tuned by TRPO-Lagrangian'],
    ['figure-5', {}, {}, 'Four initialisations, fine-tuned by CPO'],
    ['figure-9', {}, {}, 'Rollouts on tasks 122 and 233 before and after adaptation'],
    ['figure-10', {}, {}, 'Four initialisations, fine-tuned by TRPO-Lagrangian: spread over seeds'],
    ['figure-13', {}, {}, 'Environment 1: three initialisations, fine-tuned by TRPO-Lagrangian'],
    ['figure-4', { inner: { algorithm: 'cpo' } }, {}, 'Four initialisations, fine-tuned by CPO'],
    [
      'figure-11',
      { fineTune: { algorithm: 'pcpo' } },
      {},
      'Four initialisations, fine-tuned by PCPO: spread over seeds',
    ],
    ['figure-4', { fineTune: { steps: 0 } }, { arms: ['random'] }, 'One initialisation, without adaptation'],
    [
      'figure-3',
      { meta: { eta: { mode: 'fixed' } } },
      {},
      'Safety multiplier eta, fixed against 0: meta-training and fine-tuning',
    ],
    ['figure-3', {}, { arms: ['c-maml', 'maml', 'random'] }, 'C-MAML, MAML and random: meta-training and fine-tuning'],
    ['figure-9', {}, { tasks: [7] }, 'Rollouts on task 7 before and after adaptation'],
    ['figure-9', { fineTune: { steps: 0 } }, { tasks: [1, 2, 3, 4] }, 'Rollouts on 4 tasks without adaptation'],
  ])('of %s with %j and %j', (study, changes, request, title) => {
    expect(planOf(changes, { study, ...request }).study.title).toBe(title)
  })
})
