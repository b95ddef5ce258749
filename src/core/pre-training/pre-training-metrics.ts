import type { RunConfig } from '../config/settings.ts'
import { meanStd } from '../nn/policy.ts'
import type { EpisodeStatistics } from '../rl/rollout.ts'
import type { CollectResult, CriticsUpdateResult, PolicyUpdateResult } from '../training/jobs.ts'
import { feasibilityCounts } from '../training/feasibility-counts.ts'
import type { IterationMetrics, TaskRecord } from '../training/records.ts'
import { policyShapeOf } from '../training/state.ts'

interface IterationFacts {
  readonly config: RunConfig
  /** The policy that was rolled out. */
  readonly theta: Float32Array
  readonly statistics: EpisodeStatistics
  readonly byLayout: readonly TaskRecord[]
  /** Used by the policy step. */
  readonly lambda: number
  readonly parts: readonly CollectResult[]
  readonly policy: PolicyUpdateResult
  readonly critics: CriticsUpdateResult
  readonly secondsCollect: number
  readonly secondsUpdate: number
}

/** The scalars of one iteration of pre-training (see `METRICS`). */
export function preTrainingMetrics(facts: IterationFacts): IterationMetrics {
  const { config, statistics, byLayout, parts, policy, critics } = facts
  const feasible = byLayout.filter(({ after }) => after.cost <= config.costLimit).length
  const seconds = (phase: 'rollout' | 'critics') => parts.reduce((sum, part) => sum + part.seconds[phase], 0)
  return {
    returnBefore: statistics.return,
    costBefore: statistics.cost,
    feasibleBefore: feasible / byLayout.length,
    goalsBefore: statistics.goals,
    lambda: facts.lambda,
    ...feasibilityCounts(config.inner.algorithm, [policy.feasibility]),
    outerKl: policy.kl,
    outerCandidates: policy.candidates,
    outerAccepted: Number(policy.accepted),
    std: meanStd(policyShapeOf(config), facts.theta),
    rewardExplainedVariance: critics.reward.explainedVarianceBefore,
    rewardExplainedVarianceAfter: critics.reward.explainedVarianceAfter,
    metaCriticExplainedVarianceBefore: critics.cost.explainedVarianceBefore,
    metaCriticExplainedVarianceAfter: critics.cost.explainedVarianceAfter,
    totalCost: statistics.cost * statistics.episodes,
    secondsTasks: facts.secondsCollect,
    secondsRollouts: seconds('rollout'),
    secondsCritics: seconds('critics') + critics.seconds,
    secondsPolicySteps: policy.seconds,
    secondsOuter: facts.secondsUpdate,
    secondsOuterStep: policy.seconds,
    secondsMetaCritic: critics.seconds,
    secondsTotal: facts.secondsCollect + facts.secondsUpdate,
  }
}
