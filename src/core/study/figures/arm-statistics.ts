import { interquartileMean, optimalityGap } from '../statistics/aggregates.ts'
import type { BootstrapOptions } from '../statistics/bootstrap.ts'
import { conditionalValueAtRisk, cumulativeViolation, feasibleTaskStepShare, worstTask } from '../statistics/cost.ts'
import { estimate, type Estimate } from '../statistics/estimate.ts'
import { probabilityOfImprovement } from '../statistics/probability-of-improvement.ts'
import type { ComparedArm, Comparison } from './comparison.ts'
import {
  allSteps,
  episodeCost,
  episodeReturn,
  meanOverSteps,
  scoresAt,
  scoresByStep,
  type ScoreScale,
  type StepRange,
} from './scores.ts'

/** Of one initialisation over steps 0 to K. Scores are normalised where they can be. */
export interface ArmStatistics {
  /** Interquartile mean at the last step. */
  readonly lastScore: Estimate
  /** Interquartile mean of each seed and task's mean over steps. */
  readonly score: Estimate
  /** At the last step; null without normalised scores. */
  readonly lastGap: Estimate | null
  readonly feasible: Estimate
  /** Of each task's mean cost over steps: the mean of the worst tenth, and the worst. */
  readonly tail: Estimate
  readonly worst: Estimate
  readonly violation: Estimate
}

/** Other seeds and other tasks of the same distribution. */
export const bootstrapOf = (seed: number): BootstrapOptions => ({ resampling: 'runs-and-tasks', seed })

export function armStatistics(
  comparison: Comparison,
  arm: ComparedArm,
  scale: ScoreScale,
  options: BootstrapOptions,
): ArmStatistics {
  const range = allSteps(comparison)
  const { costLimit } = comparison.data.plan.config
  const last = scale.of(scoresAt(arm, comparison.steps, episodeReturn))
  const costs = scoresByStep(arm, range, episodeCost)
  const meanCosts = meanOverSteps(arm, range, episodeCost)
  return {
    lastScore: estimate(last, interquartileMean, options),
    score: estimate(scale.of(meanOverSteps(arm, range, episodeReturn)), interquartileMean, options),
    lastGap: scale.normalised ? estimate(last, optimalityGap(), options) : null,
    feasible: feasibleTaskStepShare(costs, costLimit, options),
    tail: conditionalValueAtRisk(meanCosts, options),
    worst: worstTask(meanCosts),
    violation: cumulativeViolation(costs, costLimit, options),
  }
}

/** What two initialisations are compared by. */
export const comparedQuantities = [
  { name: 'return', of: episodeReturn, higherIsBetter: true },
  { name: 'cost', of: episodeCost, higherIsBetter: false },
] as const
export type ComparedQuantity = (typeof comparedQuantities)[number]

/**
 * How probable it is that a run of `a` is better than a run of `b` on the same task by its mean over the steps of a range.
 * On one task, returns and normalised scores have the same order.
 */
export function improvement(
  a: ComparedArm,
  b: ComparedArm,
  range: StepRange,
  { of, higherIsBetter }: ComparedQuantity,
  options: BootstrapOptions,
): Estimate {
  const [ofA, ofB] = [meanOverSteps(a, range, of), meanOverSteps(b, range, of)]
  return higherIsBetter ? probabilityOfImprovement(ofA, ofB, options) : probabilityOfImprovement(ofB, ofA, options)
}
