import { interquartileMean, medianScore, optimalityGap } from '../statistics/aggregates.ts'
import type { BootstrapOptions } from '../statistics/bootstrap.ts'
import { conditionalValueAtRisk, cumulativeViolation, feasibleShare, worstTask } from '../statistics/cost.ts'
import { estimate, type Estimate } from '../statistics/estimate.ts'
import { pairedProbabilityOfImprovement, probabilityOfImprovement } from '../statistics/probability-of-improvement.ts'
import type { ScoreMatrix } from '../statistics/score-matrix.ts'
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
  /** Median over tasks at the last step. */
  readonly lastMedian: number
  /** Interquartile mean of each seed and task's mean over steps. */
  readonly score: Estimate
  /** At the last step; null without normalised scores. */
  readonly lastGap: Estimate | null
  /** Share of all task-steps, and of tasks at the last step. */
  readonly feasible: Estimate
  readonly lastFeasible: Estimate
  /** Of each task's mean cost over steps: the mean of the worst tenth, and the worst. */
  readonly tail: Estimate
  readonly worst: Estimate
  readonly violation: Estimate
}

/** Other seeds and other tasks of the same distribution: all fine-tunings of a seed share its initialisation. */
export const bootstrapOf = (seed: number): BootstrapOptions => ({ resampling: 'crossed', seed })

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
    lastMedian: medianScore(last),
    score: estimate(scale.of(meanOverSteps(arm, range, episodeReturn)), interquartileMean, options),
    lastGap: scale.normalised ? estimate(last, optimalityGap(), options) : null,
    feasible: feasibleShare(costs, costLimit, options),
    lastFeasible: feasibleShare(costs.slice(-1), costLimit, options),
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
 * On one task, returns and normalised scores have the same order. All pairs of seeds are compared: for the seeds of two
 * trainings have nothing in common.
 */
export function improvement(
  a: ComparedArm,
  b: ComparedArm,
  range: StepRange,
  quantity: ComparedQuantity,
  options: BootstrapOptions,
): Estimate {
  return probabilityOfImprovement(...better(a, b, range, quantity), options)
}

/** The same with equal seeds alone, whose fine-tunings draw the same random numbers. */
export function pairedImprovement(
  a: ComparedArm,
  b: ComparedArm,
  range: StepRange,
  quantity: ComparedQuantity,
  options: BootstrapOptions,
): Estimate {
  return pairedProbabilityOfImprovement(...better(a, b, range, quantity), options)
}

/** Higher is better in the first than in the second. */
function better(
  a: ComparedArm,
  b: ComparedArm,
  range: StepRange,
  { of, higherIsBetter }: ComparedQuantity,
): [ScoreMatrix, ScoreMatrix] {
  const [ofA, ofB] = [meanOverSteps(a, range, of), meanOverSteps(b, range, of)]
  return higherIsBetter ? [ofA, ofB] : [ofB, ofA]
}
