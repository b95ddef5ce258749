/**
 * Statistics of safety. Costs are undiscounted costs of an episode, means over the episodes of one evaluation, [R x T] per
 * adaptation step. What is a property of a run (its worst tasks, its share of feasible tasks) is taken of each run and then
 * averaged over runs: averaging costs over runs first would hide a run that violates behind two that do not.
 */
import { meanScore } from './aggregates.ts'
import type { BootstrapOptions } from './bootstrap.ts'
import { estimate, withoutInterval } from './estimate.ts'
import type { Estimate, Statistic } from './estimate.ts'
import { checkedScores, mapScores, mean } from './score-matrix.ts'
import type { ScoreMatrix } from './score-matrix.ts'
import { withoutDegenerate } from './share.ts'

/** Share of tasks in the tail of `conditionalValueAtRisk`. */
const TAIL_SHARE = 0.1

/** A resample never holds more than the observed maximum: its maximum is not distributed as that of fresh data. */
const MAXIMUM = 'the bootstrap of a maximum is inconsistent (Bickel & Freedman, 1981)'

export interface WorstTask extends Estimate {
  /** [R]: column of each run's worst task. */
  readonly worst: readonly number[]
}

/** The highest of a run's T costs, mean over R runs. Serves any number per task of which less is better. */
export function worstTask(costs: ScoreMatrix): WorstTask {
  const rows = rowsOf(checkedScores(costs))
  const worst = rows.map((row) => row.indexOf(Math.max(...row)))
  const value = mean(rows.map((row, run) => row[worst[run]!]!))
  return { ...withoutInterval(costs, value, MAXIMUM), worst }
}

/**
 * CVaR_alpha: the mean of the worst share alpha of a run's T costs, mean over R runs. Exact for fractional counts
 * (Rockafellar & Uryasev, 2002, Journal of Banking & Finance 26, proposition 8): of alpha T = 10.5 tasks the 11th worst
 * counts one half. alpha = 1 is the mean; up to alpha = 1 / T it is the worst task.
 */
export function conditionalValueAtRisk(costs: ScoreMatrix, options: BootstrapOptions, alpha = TAIL_SHARE): Estimate {
  if (!(alpha > 0 && alpha <= 1)) throw new RangeError(`The tail's share lies above 0 and at most at 1; got ${alpha}`)
  const { tasks } = checkedScores(costs)
  const statistic: Statistic = (scores) => mean(rowsOf(scores).map((row) => tailMean(row, alpha)))
  return alpha * tasks <= 1 ? withoutInterval(costs, statistic(costs), MAXIMUM) : estimate(costs, statistic, options)
}

/**
 * Share of feasible (run, task, step) triples, those with cost <= limit, in [0, 1]; `steps` are evaluations, each [R x T].
 * Of a single one it is the share of feasible tasks. Without an interval where all or none is (`share.ts`).
 */
export function feasibleShare(steps: readonly ScoreMatrix[], limit: number, options: BootstrapOptions): Estimate {
  checkLimit(limit)
  const shares = mapScores(steps, (costs) => mean(costs.map((cost) => (cost <= limit ? 1 : 0))))
  return withoutDegenerate(estimate(shares, meanScore, options))
}

/**
 * Violation over adaptation: the sum over evaluations of max(0, cost - limit), mean over R runs and T tasks. Unit: cost of
 * an episode, times steps. `steps` are the evaluations [K or K + 1], each [R x T]; values compare at equal K only.
 */
export function cumulativeViolation(steps: readonly ScoreMatrix[], limit: number, options: BootstrapOptions): Estimate {
  checkLimit(limit)
  const violations = mapScores(steps, (costs) => costs.reduce((sum, cost) => sum + Math.max(0, cost - limit), 0))
  return estimate(violations, meanScore, options)
}

/**
 * Longest run of consecutive steps with cost, environment steps: `longest` [R x T] holds one per run and task.
 * Mean over all, and the worst task's.
 */
export function longestCostRun(
  longest: ScoreMatrix,
  options: BootstrapOptions,
): { readonly mean: Estimate; readonly worst: WorstTask } {
  return { mean: estimate(longest, meanScore, options), worst: worstTask(longest) }
}

function checkLimit(limit: number): void {
  if (!(limit >= 0)) throw new RangeError(`A cost limit is not negative; got ${limit}`)
}

function rowsOf({ runs, tasks, values }: ScoreMatrix): Float64Array[] {
  return Array.from({ length: runs }, (_, run) => values.subarray(run * tasks, (run + 1) * tasks))
}

/** Mean of the largest alpha n of n values. */
function tailMean(values: Float64Array, alpha: number): number {
  const sorted = values.slice().sort()
  const count = alpha * sorted.length
  let left = count
  let sum = 0
  for (let i = sorted.length - 1; left > 0 && i >= 0; i--) {
    sum += sorted[i]! * Math.min(1, left)
    left -= 1
  }
  return sum / count
}
