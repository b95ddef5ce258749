import type { Series } from '../figure-data.ts'
import { mean } from '../statistics/score-matrix.ts'
import type { MetricName } from '../../training/records.ts'
import type { ArmResults, TrainingCurve } from '../study-data.ts'

/** Runs of up to so many iterations are shown as they are. */
const RAW_ITERATIONS = 50

/** Points of a drawn curve. Running means are computed from all iterations; of more than this, every n-th is shown. */
const MOST_POINTS = 1000

/**
 * Iterations on either side that a running mean takes in: about 1 % of the longest training. 0 where the trainings are
 * short.
 */
export function smoothingReach(arms: readonly ArmResults[]): number {
  const longest = Math.max(0, ...arms.flatMap(({ trainings }) => trainings.map(lastIteration)))
  return longest <= RAW_ITERATIONS ? 0 : Math.max(1, Math.round(longest / 100))
}

/**
 * A metric over the iterations of training: the mean of the seeds, each smoothed by a centred running mean over
 * iterations t - reach to t + reach, from the least to the largest seed. Only where every seed has values.
 */
export function trainingSeries({ label, role, trainings }: ArmResults, metric: MetricName, reach: number): Series {
  const points = trainings.map((training) => pointsOf(training, metric)).filter((points) => points.length > 0)
  if (points.length === 0) return { label, role, x: [], mean: [] }
  const grid = shownOf([...new Set(points.flatMap((ofSeed) => ofSeed.map(({ x }) => x)))].sort((a, b) => a - b))
  const smoothed = points.map((ofSeed) => runningMean(ofSeed, grid, reach))
  const at = grid
    .map((x, i) => ({ x, values: smoothed.map((ofSeed) => ofSeed[i]!) }))
    .filter(({ values }) => values.every((value) => value !== null))
    .map(({ x, values }) => ({ x, values: values.map(Number) }))
  const series = { label, role, x: at.map(({ x }) => x), mean: at.map(({ values }) => mean(values)), n: points.length }
  if (points.length === 1) return series
  return {
    ...series,
    low: at.map(({ values }) => Math.min(...values)),
    high: at.map(({ values }) => Math.max(...values)),
  }
}

/** Every n-th of many, and the last. */
function shownOf(grid: readonly number[]): number[] {
  const every = Math.ceil(grid.length / MOST_POINTS)
  return grid.filter((_, at) => at % every === 0 || at === grid.length - 1)
}

interface Point {
  readonly x: number
  readonly y: number
}

/** Finite values of a metric by iteration. */
export function pointsOf({ iterations }: TrainingCurve, metric: MetricName): Point[] {
  return iterations.flatMap(({ iteration, metrics }) => {
    const y = metrics[metric]
    return y !== undefined && Number.isFinite(y) ? [{ x: iteration, y }] : []
  })
}

/**
 * Means of the points within `reach` of each x of the grid, which ascends like the points; null where there are none, and
 * beyond the last point.
 */
function runningMean(points: readonly Point[], grid: readonly number[], reach: number): (number | null)[] {
  const last = points.at(-1)!.x
  let from = 0
  let to = 0
  let sum = 0
  return grid.map((x) => {
    while (to < points.length && points[to]!.x <= x + reach) sum += points[to++]!.y
    while (from < to && points[from]!.x < x - reach) sum -= points[from++]!.y
    return to > from && x <= last ? sum / (to - from) : null
  })
}

const lastIteration = ({ iterations }: TrainingCurve): number => iterations.at(-1)?.iteration ?? 0
