// Small but complete values of everything that is stored; also used by the processes in `children/`.
import { parseRunConfig } from '../../../src/core/config/parse.ts'
import type { RunConfig } from '../../../src/core/config/settings.ts'
import type { FineTuneResult } from '../../../src/core/meta/jobs.ts'
import type { MetaIterationResult } from '../../../src/core/meta/meta-iteration.ts'
import { METRICS, type MetricName } from '../../../src/core/meta/records.ts'
import { initialMetaState, type MetaState } from '../../../src/core/meta/state.ts'
import { stream, type Stream } from '../../../src/core/random/stream.ts'
import type { AdaptationStepRecord } from '../../../src/core/rl/adaptation.ts'
import type { EpisodeStatistics } from '../../../src/core/rl/rollout.ts'
import type { NewRun } from '../../../src/main/store/store.ts'
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
  kind: 'meta-train',
  name: 'a meta-training',
  config: config(),
  trainer,
  total: 100,
  ...overrides,
})

export const fineTuning = (overrides: Partial<NewRun> = {}): NewRun =>
  metaTraining({ kind: 'fine-tune', name: 'a fine-tuning', total: 4, ...overrides })

/** A state with every number different. */
export function stateAt(iteration: number, of: RunConfig = config()): MetaState {
  const random = stream('state', iteration)
  const state = initialMetaState(of)
  const noise = <T extends Float32Array | Float64Array>(values: T): T => values.map(() => random.normal()) as T
  return {
    iteration,
    theta: noise(state.theta),
    costCritic: {
      parameters: noise(state.costCritic.parameters),
      firstMoment: noise(state.costCritic.firstMoment),
      secondMoment: noise(state.costCritic.secondMoment),
      updates: 40 * iteration,
    },
    lambda: random.uniform(),
    eta: random.uniform(),
    kappa: random.uniform(),
    moments: {
      count: 1000 * iteration,
      mean: noise(state.moments.mean),
      squares: noise(state.moments.squares),
    },
    envSteps: 1000 * iteration,
  }
}

export function iterationResult(iteration: number, of: RunConfig = config()): MetaIterationResult {
  const random = stream('record', iteration)
  const metrics = Object.fromEntries(Object.keys(METRICS).map((name) => [name, random.normal()]))
  const tasks = [11, 7].map((task) => ({ task, steps: [adaptation(random)], after: statistics(random) }))
  return {
    state: stateAt(iteration, of),
    record: { iteration, envSteps: 1000 * iteration, metrics: metrics as Record<MetricName, number>, tasks },
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
  }
}

function adaptation(random: Stream): AdaptationStepRecord {
  return {
    ...statistics(random),
    multiplier: random.uniform(),
    kl: random.uniform(),
    improvement: random.normal(),
    accepted: random.uniform() < 0.5,
    candidates: 3,
    std: random.uniform(),
    rewardExplainedVariance: random.normal(),
    rewardExplainedVarianceAfter: random.normal(),
    costExplainedVariance: random.normal(),
    costExplainedVarianceAfter: random.normal(),
  }
}
