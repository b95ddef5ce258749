import { meanScore } from './aggregates.ts'
import type { BootstrapOptions } from './bootstrap.ts'
import { estimate, intervals } from './estimate.ts'
import type { Estimate } from './estimate.ts'
import { checkedScores, checkSameTasks, mapScores } from './score-matrix.ts'
import type { ScoreMatrix } from './score-matrix.ts'

/** P(X > Y); `runs` are those of X. */
export interface ImprovementEstimate extends Estimate {
  readonly runsOfY: number
}

/**
 * How probable it is that a run of X scores higher than a run of Y on the same task, mean over T tasks of
 * U_t / (R_x R_y), with U_t the Mann-Whitney statistic: the number of pairs of a run of X and a run of Y in which X is
 * higher, a tie counting one half (Agarwal et al., 2021, arXiv 2108.13264, section 4.3; rliable's
 * `probability_of_improvement`). x is [R_x x T], y is [R_y x T]; runs are resampled independently, tasks (if at all)
 * jointly. For a cost, where lower is better, swap x and y.
 */
export function probabilityOfImprovement(
  x: ScoreMatrix,
  y: ScoreMatrix,
  options: BootstrapOptions,
): ImprovementEstimate {
  checkSameTasks(checkedScores(x), checkedScores(y))
  const { low, high, ...provenance } = intervals([x, y], 1, options, ([xs, ys], out) => {
    out[0] = meanWins(xs!, ys!)
  })
  return { value: meanWins(x, y), low: low?.[0] ?? null, high: high?.[0] ?? null, ...provenance, runsOfY: y.runs }
}

/**
 * The same where run r of X and run r of Y belong together, e.g. by one seed of fine-tuning: mean over R runs and T tasks
 * of [x > y], a tie counting one half. Only the R pairs of a task are compared, not all R x R, and pairs are resampled as
 * pairs. What a shared seed adds to both cancels; the independent form would count it as noise. x and y are [R x T].
 */
export function pairedProbabilityOfImprovement(
  x: ScoreMatrix,
  y: ScoreMatrix,
  options: BootstrapOptions,
): ImprovementEstimate {
  const wins = mapScores([x, y], ([ofX, ofY]) => win(ofX!, ofY!))
  return { ...estimate(wins, meanScore, options), runsOfY: y.runs }
}

const win = (x: number, y: number) => (x > y ? 1 : x === y ? 0.5 : 0)

function meanWins(x: ScoreMatrix, y: ScoreMatrix): number {
  const { tasks } = x
  let wins = 0
  for (let i = 0; i < x.values.length; i++) {
    for (let j = i % tasks; j < y.values.length; j += tasks) wins += win(x.values[i]!, y.values[j]!)
  }
  return wins / (x.runs * y.runs * tasks)
}
