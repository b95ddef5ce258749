/** Aggregates of R runs x T tasks (Agarwal et al., 2021, arXiv 2108.13264, section 4; rliable's `metrics.py`). */
import type { Statistic } from './estimate.ts'
import { percentile } from './percentile.ts'
import { mean, taskMeans } from './score-matrix.ts'

/** Mean over all R x T scores. */
export const meanScore: Statistic = ({ values }) => mean(values)

/** Median over the T tasks of each task's mean over its R runs. */
export const medianScore: Statistic = (scores) => percentile(taskMeans(scores).sort(), 0.5)

/**
 * Interquartile mean: the mean of the middle half of all R x T scores. From each end floor(R T / 4) are left out, as
 * scipy's `trim_mean` does, so that with fewer than 4 scores it is their mean.
 */
export const interquartileMean: Statistic = ({ values }) => {
  const cut = Math.floor(values.length / 4)
  return mean(
    values
      .slice()
      .sort()
      .subarray(cut, values.length - cut),
  )
}

/**
 * By how much scores fall short of `gamma` on average: gamma - mean(min(score, gamma)) over all R x T scores, with
 * nothing to gain above `gamma`. 1 is the desired normalised score.
 */
export function optimalityGap(gamma = 1): Statistic {
  if (!Number.isFinite(gamma)) throw new RangeError(`The optimality gap needs a finite threshold; got ${gamma}`)
  return ({ values }) => {
    let sum = 0
    for (let i = 0; i < values.length; i++) sum += Math.min(values[i]!, gamma)
    return gamma - sum / values.length
  }
}
