import type { RunConfig } from '../../src/core/config/settings.ts'
import type { Executor, Job, JobResult, MetaCriticJob } from '../../src/core/training/jobs.ts'
import type { OuterStepJob } from '../../src/core/training/jobs.ts'
import { metaIteration } from '../../src/core/meta/meta-iteration.ts'
import { initialTrainingState, policyShapeOf, type TrainingState } from '../../src/core/training/state.ts'
import { zeroMoments } from '../../src/core/nn/adam.ts'
import { createCritic } from '../../src/core/nn/critic.ts'
import { stream } from '../../src/core/random/stream.ts'
import { adaptTaskResult, type StatedResult } from './adapted.ts'
import { tinyConfig } from './worker.ts'

export const TRAINING_TASKS = [3, 5, 8, 13, 21]
export const OBSERVATIONS = policyShapeOf(tinyConfig()).observationSize

/** Two tasks of different size; the meta-policy costs 9, the adapted policies 4. */
function statedResults(parameters: number): StatedResult[] {
  const random = stream('stated gradients')
  const gradient = () => Float32Array.from({ length: parameters }, () => random.normal())
  const made = (): Pick<StatedResult, 'metaGradient' | 'safetyGradient'> => ({
    metaGradient: gradient(),
    safetyGradient: gradient(),
  })
  return [
    {
      ...made(),
      task: 3,
      rows: 2,
      initialCostValue: 1.5,
      discountedCost: 2,
      adaptedInitialCostValue: 0.5,
      costCriticDisplacement: Float32Array.of(1, -4),
      episodes: [
        { cost: 12, transitions: 20 },
        { cost: 2, transitions: 300 },
        { cost: 3, transitions: 4000 },
      ],
    },
    {
      ...made(),
      task: 5,
      rows: 6,
      initialCostValue: 2.5,
      discountedCost: 4,
      adaptedInitialCostValue: 1.25,
      costCriticDisplacement: Float32Array.of(2, 6),
      episodes: [
        { cost: 6, transitions: 50000 },
        { cost: 1, transitions: 600000 },
        { cost: 5, transitions: 7000000 },
      ],
    },
  ]
}

export interface OuterLoop {
  readonly state: TrainingState
  readonly next: TrainingState
  readonly metrics: Awaited<ReturnType<typeof metaIteration>>['record']['metrics']
  readonly jobs: Job[]
  readonly outer: OuterStepJob
  readonly critic: MetaCriticJob
  readonly stated: StatedResult[]
}

/** What the outer step's and the meta critic's jobs answer. */
export const NEW_MOMENTS = { ...zeroMoments(3), updates: 7 }
export const NEW_CRITIC = createCritic(policyShapeOf(tinyConfig()), stream('new critic'))

/** One iteration of the real outer loop over stated results of its jobs. */
export async function outerLoop(
  config: RunConfig,
  { from = {}, change = (r) => r }: { from?: Partial<TrainingState>; change?: (r: StatedResult) => StatedResult } = {},
): Promise<OuterLoop> {
  const state = { ...initialTrainingState(config), ...from }
  const stated = statedResults(state.theta.length).map(change)
  const jobs: Job[] = []
  const answer = (job: Job): JobResult<Job> => {
    jobs.push(job)
    switch (job.kind) {
      case 'adapt-task':
        return adaptTaskResult(stated[jobs.length - 1]!, OBSERVATIONS)
      case 'outer-step':
        return { theta: job.theta.map((value) => value + 1), moments: NEW_MOMENTS, kl: 0.02, candidates: 2, seconds: 0 }
      case 'meta-critic':
        return { costCritic: NEW_CRITIC, explainedVarianceBefore: 0.3, explainedVarianceAfter: 0.4, seconds: 0 }
      default:
        throw new Error(`the outer loop has no job ${job.kind}`)
    }
  }
  const executor: Executor = {
    runAll: <J extends Job>(asked: readonly J[]) => Promise.resolve(asked.map((job) => answer(job) as JobResult<J>)),
  }
  const environment = {
    config,
    trainingTasks: TRAINING_TASKS,
    executor,
    allocate: (floats: number) => new Float32Array(floats),
    now: () => 0,
  }
  const { state: next, record } = await metaIteration(environment, state)
  const outer = jobs.find((job) => job.kind === 'outer-step')!
  const critic = jobs.find((job) => job.kind === 'meta-critic')!
  return { state, next, metrics: record.metrics, jobs, outer, critic, stated }
}

/** Limit 5; multipliers whose updates neither cap binds. */
export const configOf = (...assignments: string[]) =>
  tinyConfig(
    'meta.tasksPerIteration=2',
    'costLimit=5',
    'meta.lambda.initial=0.7',
    'meta.lambda.rate=0.01',
    'meta.lambda.violationCap=100',
    'meta.eta.initial=0.5',
    'meta.eta.rate=0.02',
    'meta.eta.violationCap=100',
    ...assignments,
  )
