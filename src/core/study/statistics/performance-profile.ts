import type { BootstrapOptions } from './bootstrap.ts'
import { intervals } from './estimate.ts'
import type { Provenance } from './estimate.ts'
import { checkedScores } from './score-matrix.ts'
import type { ScoreMatrix } from './score-matrix.ts'

/** `above`: P(score > tau), for a return; `at-most`: P(cost <= tau), for a cost. For both, higher is better. */
export type ProfileKind = 'above' | 'at-most'

/** A share in [0, 1] at each threshold, with a pointwise band. */
export interface PerformanceProfile extends Provenance {
  readonly kind: ProfileKind
  /** Thresholds in the unit of the scores, [n]. */
  readonly taus: Float64Array
  /** [n] */
  readonly values: Float64Array
  /** [n]; null where nothing can be resampled. */
  readonly low: Float64Array | null
  readonly high: Float64Array | null
}

/**
 * Run-score distribution: the share of all R x T scores above (at most) each threshold (Agarwal et al., 2021,
 * arXiv 2108.13264, section 4.2; rliable's `run_score_deviation`), with a pointwise bootstrap band.
 */
export function performanceProfile(
  scores: ScoreMatrix,
  thresholds: readonly number[],
  kind: ProfileKind,
  options: BootstrapOptions,
): PerformanceProfile {
  checkedScores(scores)
  if (thresholds.length === 0) throw new RangeError('A performance profile needs at least one threshold')
  if (thresholds.some(Number.isNaN)) throw new RangeError('A threshold of a performance profile is NaN')
  const taus = Float64Array.from(thresholds)
  const compute = ({ values }: ScoreMatrix, out: Float64Array) => {
    const sorted = values.slice().sort()
    for (let i = 0; i < taus.length; i++) {
      const share = countAtMost(sorted, taus[i]!) / sorted.length
      out[i] = kind === 'above' ? 1 - share : share
    }
  }
  const values = new Float64Array(taus.length)
  compute(scores, values)
  return {
    kind,
    taus,
    values,
    ...intervals([scores], taus.length, options, ([sample], out) => compute(sample!, out)),
  }
}

/** How many of the ascending values are <= tau, by bisection. */
function countAtMost(sorted: Float64Array, tau: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! <= tau) low = middle + 1
    else high = middle
  }
  return low
}
