import type { AdaptTaskResult, MetaCriticResult, OuterStepResult } from '../training/jobs.ts'
import { feasibilityCounts } from '../training/feasibility-counts.ts'
import type { IterationMetrics } from '../training/records.ts'
import type { Algorithm } from '../rl/policy-step.ts'
import type { TrainingState } from '../training/state.ts'

interface IterationFacts {
  /** The state that the iteration started from. */
  readonly state: TrainingState
  readonly results: readonly AdaptTaskResult[]
  readonly outer: OuterStepResult
  readonly critic: MetaCriticResult
  readonly costLimit: number
  readonly algorithm: Algorithm
  readonly metaGradientNorm: number
  readonly safetyGradientNorm: number
  readonly std: number
  readonly costSignalCritic: number
  readonly costSignalAdapted: number
  readonly kappa: number
  readonly secondsTasks: number
  readonly secondsOuter: number
}

/** The scalars of one iteration (see `METRICS`). */
export function iterationMetrics(facts: IterationFacts): IterationMetrics {
  const { state, results, outer, critic, costLimit } = facts
  const mean = (of: (result: AdaptTaskResult) => number) => results.reduce((sum, r) => sum + of(r), 0) / results.length
  const total = (of: (result: AdaptTaskResult) => number) => results.reduce((sum, r) => sum + of(r), 0)
  const before = (r: AdaptTaskResult) => r.steps[0]!
  const steps = results.flatMap((r) => r.steps)
  const meanStep = (of: (step: AdaptTaskResult['steps'][number]) => number) =>
    steps.reduce((sum, step) => sum + of(step), 0) / steps.length
  return {
    returnBefore: mean((r) => before(r).return),
    costBefore: mean((r) => before(r).cost),
    returnAfter: mean((r) => r.after.return),
    costAfter: mean((r) => r.after.cost),
    feasibleBefore: mean((r) => Number(before(r).cost <= costLimit)),
    feasibleAfter: mean((r) => Number(r.after.cost <= costLimit)),
    goalsBefore: mean((r) => before(r).goals),
    goalsAfter: mean((r) => r.after.goals),
    lambda: state.lambda.value,
    eta: state.eta.value,
    taskMultiplier: mean((r) => r.steps.at(-1)!.multiplier),
    innerKl: meanStep((step) => step.kl),
    innerAccepted: meanStep((step) => Number(step.accepted)),
    innerCandidates: meanStep((step) => step.candidates),
    ...feasibilityCounts(
      facts.algorithm,
      steps.map((step) => step.feasibility),
    ),
    outerKl: outer.kl,
    outerCandidates: outer.candidates,
    outerAccepted: Number(outer.theta.some((value, i) => value !== state.theta[i])),
    metaGradientNorm: facts.metaGradientNorm,
    safetyGradientNorm: facts.safetyGradientNorm,
    std: facts.std,
    rewardExplainedVariance: mean((r) => before(r).rewardExplainedVariance),
    rewardExplainedVarianceAfter: mean((r) => before(r).rewardExplainedVarianceAfter),
    metaCriticExplainedVarianceBefore: critic.explainedVarianceBefore,
    metaCriticExplainedVarianceAfter: critic.explainedVarianceAfter,
    costSignalRollout: mean((r) => before(r).cost),
    costSignalCritic: facts.costSignalCritic,
    costSignalAdapted: facts.costSignalAdapted,
    kappa: facts.kappa,
    totalCost: results.reduce(
      (sum, r) => r.steps.reduce((s, step) => s + step.cost * step.episodes, sum + r.after.cost * r.after.episodes),
      0,
    ),
    secondsTasks: facts.secondsTasks,
    secondsRollouts: total((r) => r.seconds.rollout),
    secondsPolicySteps: total((r) => r.seconds.policy),
    secondsCritics: total((r) => r.seconds.critics),
    secondsOuter: facts.secondsOuter,
    secondsOuterStep: outer.seconds,
    secondsMetaCritic: critic.seconds,
    secondsTotal: facts.secondsTasks + facts.secondsOuter,
  }
}
