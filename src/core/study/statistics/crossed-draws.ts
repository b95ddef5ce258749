/**
 * The crossed bootstrap of `bootstrap.ts` by how often each run and task was drawn, instead of by drawn values: statistics
 * of many matrices (all steps of all initialisations) share one draw, and none copies a score. With the same seed it is
 * the same resamples, so intervals are those of `estimate` but for the order of sums.
 */
import { bootstrapPlan, type BootstrapOptions } from './bootstrap.ts'
import type { Provenance } from './estimate.ts'
import { percentileIntervals } from './percentile.ts'

/** How often each was drawn in one resample. */
export interface CrossedDraw {
  /** [T], shared by all groups: their tasks are matched. */
  readonly tasks: Int32Array
  /** [R] of each group. */
  readonly runs: readonly Int32Array[]
}

/**
 * Pointwise percentile intervals of `size` numbers. `compute` writes those of one draw, and may not keep the draw.
 *
 * @param runs R of every group whose runs are drawn on their own; the runs reported are those of the first
 */
export function crossedIntervals(
  runs: readonly number[],
  tasks: number,
  size: number,
  options: Omit<BootstrapOptions, 'resampling'>,
  compute: (draw: CrossedDraw, out: Float64Array) => void,
): Provenance & { readonly low: Float64Array | null; readonly high: Float64Array | null } {
  const plan = bootstrapPlan(runs, tasks, { ...options, resampling: 'crossed' })
  const behind = { runs: runs[0]!, tasks }
  if ('reason' in plan) return { low: null, high: null, band: plan.reason, ...behind, resamples: 0, seed: null }
  const { random, resamples, confidence, band } = plan
  const draw = { tasks: new Int32Array(tasks).fill(1), runs: runs.map((count) => new Int32Array(count).fill(1)) }
  const drawAnew = (counts: Int32Array) => {
    counts.fill(0)
    for (let i = 0; i < counts.length; i++) counts[random.integer(counts.length)]!++
  }
  const ends = percentileIntervals(size, resamples, confidence, (out) => {
    if (plan.tasks) drawAnew(draw.tasks)
    if (plan.runs === 'whole') for (const counts of draw.runs) drawAnew(counts)
    compute(draw, out)
  })
  return { ...ends, band, ...behind, resamples, seed: options.seed }
}
