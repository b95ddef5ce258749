// Small but complete values of everything that is stored; also used by the processes in `children/`.
import { parseRunConfig } from '../../../src/core/config/parse.ts'
import type { RunConfig } from '../../../src/core/config/settings.ts'
import type { FineTuneResult } from '../../../src/core/training/jobs.ts'
import type { IterationResult } from '../../../src/core/training/iteration.ts'
import { METRICS, type IterationMetrics } from '../../../src/core/training/records.ts'
import { initialTrainingState, type TrainingState } from '../../../src/core/training/state.ts'
import type { AdamMoments } from '../../../src/core/nn/adam.ts'
import type { CriticState } from '../../../src/core/nn/critic.ts'
import type { MultiplierState } from '../../../src/core/rl/multiplier.ts'
import { FEASIBILITIES } from '../../../src/core/rl/policy-step.ts'
import { stream, type Stream } from '../../../src/core/random/stream.ts'
import type { AdaptationStepRecord } from '../../../src/core/rl/adaptation.ts'
import type { EpisodeStatistics } from '../../../src/core/rl/rollout.ts'
import type { NewRun, Store } from '../../../src/main/store/store.ts'
import type { TrainerIdentity } from '../../../src/main/trainer/client.ts'

export const config = (input: object = {}): RunConfig => parseRunConfig({ policy: { hidden: [8] }, ...input })

export const trainer: TrainerIdentity = {
  engine: 'simd/relaxed',
  kernel: 'ab'.repeat(32),
  multiplyAdd: 'fused',
  workers: 2,
  node: '24.0.0',
  cpu: 'test',
  mujoco: '3.14.0',
}

export const metaTraining = (overrides: Partial<NewRun> = {}): NewRun => ({
  kind: 'train',
  name: 'a meta-training',
  config: config(),
  trainer,
  total: 100,
  ...overrides,
})

export const fineTuning = (overrides: Partial<NewRun> = {}): NewRun =>
  metaTraining({ kind: 'fine-tune', name: 'a fine-tuning', total: 4, ...overrides })

/** A state with every number different; it has the parts that the configuration's method and optimiser need. */
export function stateAt(iteration: number, of: RunConfig = config()): TrainingState {
  const random = stream('state', iteration)
  const state = initialTrainingState(of)
  const noise = <T extends Float32Array | Float64Array>(values: T): T => values.map(() => random.normal()) as T
  const moments = ({ firstMoment, secondMoment }: AdamMoments, updates: number): AdamMoments => ({
    firstMoment: noise(firstMoment),
    secondMoment: noise(secondMoment),
    updates,
  })
  const critic = (initial: CriticState, updates: number): CriticState => ({
    parameters: noise(initial.parameters),
    ...moments(initial, updates),
  })
  const multiplier = (updates: number): MultiplierState => ({
    value: random.uniform(),
    updates,
    firstMoment: random.normal(),
    secondMoment: random.uniform(),
    integral: random.uniform(),
    smoothedCost: random.uniform(),
  })
  return {
    iteration,
    theta: noise(state.theta),
    thetaMoments: state.thetaMoments && moments(state.thetaMoments, 10 * iteration),
    costCritic: critic(state.costCritic, 40 * iteration),
    rewardCritic: state.rewardCritic && critic(state.rewardCritic, 50 * iteration),
    lambda: multiplier(2 * iteration),
    eta: multiplier(3 * iteration),
    kappa: random.uniform(),
    recentCosts: [random.uniform(), random.uniform()],
    moments: {
      count: 1000 * iteration,
      mean: noise(state.moments.mean),
      squares: noise(state.moments.squares),
    },
    envSteps: 1000 * iteration,
  }
}

export function iterationResult(iteration: number, of: RunConfig = config()): IterationResult {
  const random = stream('record', iteration)
  const metrics = Object.fromEntries(Object.keys(METRICS).map((name) => [name, random.normal()]))
  const tasks = [11, 7].map((task) => ({ task, steps: [adaptation(random)], after: statistics(random) }))
  return {
    state: stateAt(iteration, of),
    record: { iteration, envSteps: 1000 * iteration, metrics: metrics as IterationMetrics, tasks },
  }
}

export function fineTuneResult(task: number, steps = 2): FineTuneResult {
  const random = stream('fine-tune', task)
  const records = Array.from({ length: steps }, () => adaptation(random))
  return { task, evaluations: [...records, statistics(random)], steps: records }
}

function statistics(random: Stream): EpisodeStatistics {
  return {
    episodes: 5,
    transitions: 2000,
    return: random.normal(),
    cost: random.uniform(),
    hazardSteps: random.uniform(),
    contactSteps: random.uniform(),
    velocitySteps: random.uniform(),
    goals: random.uniform(),
    length: 400,
    longestCostRun: random.uniform(),
  }
}

function adaptation(random: Stream): AdaptationStepRecord {
  return {
    ...statistics(random),
    multiplier: random.uniform(),
    kl: random.uniform(),
    improvement: random.normal(),
    costChange: random.normal(),
    feasibility: FEASIBILITIES[Math.floor(random.uniform() * FEASIBILITIES.length)]!,
    accepted: random.uniform() < 0.5,
    candidates: 3,
    std: random.uniform(),
    rewardExplainedVariance: random.normal(),
    rewardExplainedVarianceAfter: random.normal(),
    costExplainedVariance: random.normal(),
    costExplainedVarianceAfter: random.normal(),
  }
}

/** A completed training in the store. @returns its id */
export function trained(store: Store, iterations = 3, name = 'training'): string {
  const { id } = store.createRun(metaTraining({ name, total: iterations, config: config({ meta: { iterations } }) }))
  for (let i = 1; i <= iterations; i++) store.commitIteration(id, iterationResult(i), false)
  store.finishRun(id, { status: 'completed' })
  return id
}
