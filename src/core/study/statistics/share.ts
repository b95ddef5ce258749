/**
 * Shares of things that are or are not so. Where all of them are, or none is, every resample is the same and a percentile
 * interval has no width, as if nothing else could be: with 4 of 4 it would claim 100 %, where even the exact binomial one
 * begins at 40 %. No interval is given there, since exact ones for units that share seeds and tasks are not known; for
 * independent units see Brown, Cai & DasGupta (2001), Statistical Science 16(2), pages 101 to 133.
 */
import type { BootstrapOptions } from './bootstrap.ts'
import { crossedMeans } from './crossed-statistics.ts'
import type { Estimate } from './estimate.ts'
import type { ScoreMatrix } from './score-matrix.ts'

const DEGENERATE = 'no interval where all or none is so: every resample is the same'

/** Of a share in [0, 1], a mean of scores within it. */
export const withoutDegenerate = (share: Estimate): Estimate =>
  share.low !== null && (share.value === 0 || share.value === 1)
    ? { ...share, low: null, high: null, band: DEGENERATE }
    : share

/** Means of scores in [0, 1], as `crossedMeans`. */
export const crossedShares = (
  matrices: readonly ScoreMatrix[],
  options: Omit<BootstrapOptions, 'resampling'>,
): Estimate[] => crossedMeans(matrices, options).map(withoutDegenerate)

/** What the intervals of several shares are: one sentence for all, and that some have none. */
export function shareBand(shares: readonly Estimate[]): string {
  const [own] = shares.filter(({ band }) => band !== DEGENERATE)
  const hasDegenerate = shares.some(({ band }) => band === DEGENERATE)
  return [...(own === undefined ? [] : [own.band]), ...(hasDegenerate ? [DEGENERATE] : [])].join('; ')
}
