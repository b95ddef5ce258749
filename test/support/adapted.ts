import type { AdaptTaskResult } from '../../src/core/training/jobs.ts'
import type { AdaptationStepRecord } from '../../src/core/rl/adaptation.ts'
import { emptyMoments } from '../../src/core/nn/observation-scaling.ts'

interface StatedEpisodes {
  readonly cost: number
  readonly transitions: number
}

const statistics = ({ cost, transitions }: StatedEpisodes) => ({
  episodes: 2,
  transitions,
  return: 1,
  cost,
  hazardSteps: cost,
  contactSteps: 0,
  velocitySteps: 0,
  goals: 0,
  length: transitions / 2,
  longestCostRun: cost,
})

const step = (stated: StatedEpisodes): AdaptationStepRecord => ({
  ...statistics(stated),
  multiplier: 0.5,
  kl: 0.01,
  improvement: 0.1,
  costChange: 0.01,
  feasibility: 'unconstrained',
  accepted: true,
  candidates: 1,
  std: 0.6,
  rewardExplainedVariance: 0.5,
  rewardExplainedVarianceAfter: 0.6,
  costExplainedVariance: 0.5,
  costExplainedVarianceAfter: 0.6,
})

/** What of a task's result matters to the outer loop; the rest is filled in. */
export type StatedResult = Pick<
  AdaptTaskResult,
  | 'task'
  | 'metaGradient'
  | 'safetyGradient'
  | 'rows'
  | 'initialCostValue'
  | 'discountedCost'
  | 'adaptedInitialCostValue'
  | 'costCriticDisplacement'
> & {
  readonly moments?: AdaptTaskResult['moments']
  /** Of the meta-policy, of each policy between, of the adapted policy: K + 1 entries. */
  readonly episodes: readonly StatedEpisodes[]
}

/** An `AdaptTaskResult` made by hand. Observations and targets carry the task's seed, so that pooling can be checked. */
export function adaptTaskResult(stated: StatedResult, observationSize: number): AdaptTaskResult {
  const { episodes, ...given } = stated
  const { task, rows } = stated
  return {
    moments: emptyMoments(observationSize),
    ...given,
    observations: new Float32Array(rows * observationSize).fill(task),
    costTargets: new Float32Array(rows).fill(10 * task),
    costReturns: new Float32Array(rows).fill(100 * task),
    steps: episodes.slice(0, -1).map(step),
    after: statistics(episodes.at(-1)!),
    seconds: { rollout: 0, policy: 0, critics: 0 },
  }
}
