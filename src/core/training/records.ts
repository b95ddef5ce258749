import type { AdaptationStepRecord } from '../rl/adaptation.ts'
import type { EpisodeStatistics } from '../rl/rollout.ts'

/** What one meta-iteration leaves behind for people. */
export interface IterationRecord {
  /** 1 for the first. */
  readonly iteration: number
  /** Environment steps taken in meta-training so far. */
  readonly envSteps: number
  readonly metrics: IterationMetrics
  readonly tasks: readonly TaskRecord[]
}

export interface TaskRecord {
  readonly task: number
  /** The meta-policy (first) and the policies between the adaptation steps, with what each step did. */
  readonly steps: readonly AdaptationStepRecord[]
  /** The adapted policy. */
  readonly after: EpisodeStatistics
}

/**
 * Every scalar of an iteration, with its meaning and unit. Means are over the iteration's tasks. In pre-training the
 * meta-policy is the policy, and what adaptation would tell is missing.
 */
export const METRICS = {
  returnBefore: 'episode return of the meta-policy (undiscounted)',
  costBefore: 'episode cost of the meta-policy (undiscounted)',
  returnAfter: 'episode return of the adapted policies (undiscounted)',
  costAfter: 'episode cost of the adapted policies (undiscounted)',
  feasibleBefore: 'share of tasks on which the meta-policy keeps the cost limit',
  feasibleAfter: 'share of tasks on which the adapted policy keeps the cost limit',
  goalsBefore: 'goals reached per episode by the meta-policy',
  goalsAfter: 'goals reached per episode by the adapted policies',
  lambda: 'meta multiplier lambda used in this iteration',
  eta: 'safety multiplier eta used in this iteration',
  taskMultiplier: 'task multiplier lambda_p after adaptation, mean over tasks',
  innerKl: 'KL of the adaptation steps (nats, summed over action dimensions)',
  innerAccepted: 'share of adaptation steps that the line search accepted',
  innerCandidates: 'line-search candidates per adaptation step',
  stepsNoCostGradient: 'policy steps in which no step within the trust region changed the cost (cpo, pcpo)',
  stepsFeasibleInside: 'policy steps whose whole trust region kept the limit (cpo, pcpo)',
  stepsFeasibleBoundary: 'policy steps from a safe policy whose trust region the limit cut (cpo, pcpo)',
  stepsFeasibleOutside: 'policy steps from an unsafe policy with safe ones in the trust region (cpo, pcpo)',
  stepsInfeasibleRecovery: 'recovery steps: no policy of the trust region kept the limit (cpo, pcpo)',
  outerKl: 'KL of the outer step on the pooled data (nats, summed over action dimensions)',
  outerCandidates: 'candidates tried by the outer step',
  outerAccepted: 'whether the policy moved (1) or stayed (0)',
  metaGradientNorm: 'norm of the mean meta-gradient',
  safetyGradientNorm: 'norm of the weighted safety term',
  std: 'mean action standard deviation of the meta-policy',
  rewardExplainedVariance: 'variance of discounted returns that the warmed-up reward critic explains on its own batch',
  rewardExplainedVarianceAfter: 'the same after the reward critic was fitted to the batch',
  metaCriticExplainedVarianceBefore:
    'variance of discounted cost returns that the meta cost critic explains before its fit, on fresh data',
  metaCriticExplainedVarianceAfter: 'the same after its fit to these data',
  costSignalRollout: 'measured episode cost of the meta-policy, the rollout signal of eta',
  costSignalCritic: 'kappa x mean V_C(s_0), the critic signal of eta',
  costSignalAdapted: 'kappa x mean V_{C,p}(s_0) of the adapted policies, the critic signal of lambda',
  kappa: 'running mean of the ratio of undiscounted to discounted episode cost',
  totalCost: 'cost spent in this iteration: sum over all episodes',
  secondsTasks: 'wall time of the per-task phase (s)',
  secondsRollouts: 'rollouts of all tasks (s, summed over workers)',
  secondsPolicySteps: 'policy steps and meta-gradients of all tasks (s, summed over workers)',
  secondsCritics: 'advantages and critic fits of all tasks (s, summed over workers)',
  secondsOuter: 'wall time of the outer step and the meta critic, side by side (s)',
  secondsOuterStep: 'the outer step alone (s of its worker)',
  secondsMetaCritic: "the meta critic's regression alone (s of its worker)",
  secondsTotal: 'wall time of the iteration (s)',
} as const

/** Scalars by name; an iteration has those that its method knows. */
export type IterationMetrics = Readonly<Partial<Record<MetricName, number>>>

export type MetricName = keyof typeof METRICS
