import { bootstrapPlan, createResampler } from './bootstrap.ts'
import type { BootstrapOptions } from './bootstrap.ts'
import { percentileIntervals } from './percentile.ts'
import { checkedScores } from './score-matrix.ts'
import type { ScoreMatrix } from './score-matrix.ts'

/** What every number with a band carries, so that none is shown without what it is. */
export interface Provenance {
  /** What low and high mean, or why there is no interval; for people. */
  readonly band: string
  /** R, seeds. */
  readonly runs: number
  /** T */
  readonly tasks: number
  /** 0 where nothing was resampled. */
  readonly resamples: number
  /** Of the bootstrap; null where nothing was resampled. */
  readonly seed: number | null
}

/** A statistic and its interval; low and high are null where there is none. */
export interface Estimate extends Provenance {
  readonly value: number
  readonly low: number | null
  readonly high: number | null
}

/**
 * The interval as one that holds for other seeds and tasks. Where one seed is behind it nothing but tasks was resampled:
 * then there is no such interval, whatever low and high are.
 */
export const overSeedsAndTasks = ({ low, high, runs }: Estimate): Pick<Estimate, 'low' | 'high'> =>
  runs > 1 ? { low, high } : { low: null, high: null }

/** A number from scores, of the scores' unit or a share. It may not keep or change what it is given. */
export type Statistic = (scores: ScoreMatrix) => number

/** A statistic of R runs on T tasks with its percentile bootstrap interval. */
export function estimate(scores: ScoreMatrix, statistic: Statistic, options: BootstrapOptions): Estimate {
  checkedScores(scores)
  const { low, high, ...provenance } = intervals([scores], 1, options, ([sample], out) => {
    out[0] = statistic(sample!)
  })
  return { value: statistic(scores), low: low?.[0] ?? null, high: high?.[0] ?? null, ...provenance }
}

/** A statistic without an interval, and the reason. */
export function withoutInterval(scores: ScoreMatrix, value: number, reason: string): Estimate {
  return { value, low: null, high: null, ...unresampled(scores, `no interval: ${reason}`) }
}

function unresampled({ runs, tasks }: ScoreMatrix, band: string): Provenance {
  return { band, runs, tasks, resamples: 0, seed: null }
}

/**
 * Pointwise intervals of `size` numbers that `compute` writes for each resample of `matrices`; the runs reported are
 * those of the first. Ends are [size], or null where nothing can be resampled.
 */
export function intervals(
  matrices: readonly ScoreMatrix[],
  size: number,
  options: BootstrapOptions,
  compute: (samples: readonly ScoreMatrix[], out: Float64Array) => void,
): Provenance & { readonly low: Float64Array | null; readonly high: Float64Array | null } {
  const first = matrices[0]!
  const { runs, tasks } = first
  const plan = bootstrapPlan(
    matrices.map((matrix) => matrix.runs),
    tasks,
    options,
  )
  if ('reason' in plan) return { low: null, high: null, ...unresampled(first, plan.reason) }
  const { band, resamples, confidence } = plan
  const resample = createResampler(matrices, plan)
  const ends = percentileIntervals(size, resamples, confidence, (out) => compute(resample(), out))
  return { ...ends, band, runs, tasks, resamples, seed: options.seed }
}
