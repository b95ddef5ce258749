// A run's metrics as the screen holds them: coarse stretches of everything, finer ones of the part that is zoomed into, and
// what is appended while it trains. Nothing given is changed: what stays the same object need not be drawn again.
import type { Stretch } from '../../core/series/stretch.ts'
import type { MetricName } from '../../core/training/records.ts'
import type { NewIterations, RunSeries, SeriesStretches } from '../../main/api/contract.ts'
import { firstAtLeast } from '../charts/x-range.ts'
import type { RunXKind } from './chart-settings.ts'

/** Environment steps and computed time (s) at some iterations, ascending. */
export interface Axis {
  readonly iteration: Float64Array
  readonly envSteps: Float64Array
  readonly seconds: Float64Array
}

export interface RunMetrics {
  /** The newest iteration known. */
  readonly cursor: number
  readonly series: ReadonlyMap<MetricName, readonly Stretch[]>
  readonly axis: Axis
}

export const NO_METRICS: RunMetrics = {
  cursor: 0,
  series: new Map(),
  axis: { iteration: new Float64Array(), envSteps: new Float64Array(), seconds: new Float64Array() },
}

/** Metrics without a value are left out. */
export function fromAnswer({ cursor, series, axis }: RunSeries): RunMetrics {
  const present = series.filter(({ first }) => first.length > 0)
  return {
    cursor,
    series: new Map(present.map((one) => [one.metric as MetricName, stretchesOf(one)])),
    axis,
  }
}

function stretchesOf({ first, last, count, min, max, mean }: SeriesStretches): Stretch[] {
  return Array.from(first, (_, i) => {
    return { first: first[i]!, last: last[i]!, count: count[i]!, min: min[i]!, max: max[i]!, mean: mean[i]! }
  })
}

/** With iterations that came later; those that are known already are left out. */
export function appended(known: RunMetrics, news: NewIterations): RunMetrics {
  const from = firstAtLeast(news.iteration, known.cursor + 1)
  if (from === news.iteration.length) return known
  const series = new Map(known.series)
  news.metrics.forEach((metric, m) => {
    const added: Stretch[] = []
    for (let i = from; i < news.iteration.length; i++) {
      const [at, value] = [news.iteration[i]!, news.values[m]![i]!]
      if (!Number.isNaN(value)) added.push({ first: at, last: at, count: 1, min: value, max: value, mean: value })
    }
    if (added.length > 0) series.set(metric as MetricName, [...(series.get(metric as MetricName) ?? []), ...added])
  })
  return { cursor: news.cursor, series, axis: joined(known.axis, axisFrom(news, from)) }
}

function axisFrom({ iteration, envSteps, seconds }: Axis, from: number): Axis {
  return { iteration: iteration.subarray(from), envSteps: envSteps.subarray(from), seconds: seconds.subarray(from) }
}

function joined(a: Axis, b: Axis): Axis {
  const both = (key: keyof Axis) => {
    const all = new Float64Array(a[key].length + b[key].length)
    all.set(a[key])
    all.set(b[key], a[key].length)
    return all
  }
  return { iteration: both('iteration'), envSteps: both('envSteps'), seconds: both('seconds') }
}

const MULTIPLIERS: ReadonlySet<MetricName> = new Set(['lambda', 'eta', 'taskMultiplier'])

/** Metrics that are worth a line: a multiplier that an algorithm has no use for is recorded as 0 throughout. */
export function tellingMetrics({ series }: RunMetrics): Set<MetricName> {
  const names = [...series].filter(
    ([metric, stretches]) => !MULTIPLIERS.has(metric) || stretches.some(({ min, max }) => min !== 0 || max !== 0),
  )
  return new Set(names.map(([metric]) => metric))
}

/** The longest of all series: what is drawn grows with it. */
export function longest({ series }: RunMetrics): number {
  return Math.max(0, ...[...series.values()].map(({ length }) => length))
}

/** Coarse stretches with the finer ones of a part in their place. */
export function refined(coarse: RunMetrics, fine: RunMetrics | null): RunMetrics {
  if (fine === null) return coarse
  const series = new Map(coarse.series)
  for (const [metric, part] of fine.series) {
    const whole = series.get(metric)
    if (whole !== undefined && part.length > 0) series.set(metric, spliced(whole, part))
  }
  const points = [...axisPoints(coarse.axis), ...axisPoints(fine.axis)].sort(([a], [b]) => a - b)
  const unique = points.filter(([at], i) => i === 0 || at > points[i - 1]![0])
  return {
    cursor: coarse.cursor,
    series,
    axis: {
      iteration: Float64Array.from(unique, ([at]) => at),
      envSteps: Float64Array.from(unique, ([, steps]) => steps),
      seconds: Float64Array.from(unique, ([, , seconds]) => seconds),
    },
  }
}

function spliced(whole: readonly Stretch[], part: readonly Stretch[]): Stretch[] {
  const [from, to] = [part[0]!.first, part.at(-1)!.last]
  return [...whole.filter(({ last }) => last < from), ...part, ...whole.filter(({ first }) => first > to)]
}

function axisPoints({ iteration, envSteps, seconds }: Axis): (readonly [number, number, number])[] {
  return Array.from(iteration, (at, i) => [at, envSteps[i]!, seconds[i]!] as const)
}

/** The value of `ys` at x, linear between the known places and level beyond them; NaN where nothing is known. */
export function interpolate(xs: ArrayLike<number>, ys: ArrayLike<number>, x: number): number {
  if (xs.length === 0) return NaN
  const after = firstAtLeast(xs, x)
  if (after === 0) return ys[0]!
  if (after === xs.length) return ys[after - 1]!
  const [x0, x1, y0, y1] = [xs[after - 1]!, xs[after]!, ys[after - 1]!, ys[after]!]
  return y0 + ((x - x0) / (x1 - x0)) * (y1 - y0)
}

/** Iterations a part of another x axis belongs to; both axes grow together. */
export function iterationsWithin(
  { iteration, envSteps, seconds }: Axis,
  kind: RunXKind,
  range: { readonly from: number; readonly to: number },
): { from: number; to: number } {
  const places = kind === 'time' ? seconds : envSteps
  const at = (x: number) => (kind === 'iteration' ? x : interpolate(places, iteration, x))
  return { from: Math.max(1, Math.floor(at(range.from))), to: Math.max(1, Math.ceil(at(range.to))) }
}

/** Places of stretches on the x axis; undefined where that is the iterations. */
export function placesOf(
  stretches: readonly Stretch[],
  { iteration, envSteps, seconds }: Axis,
  kind: RunXKind,
): Float64Array | undefined {
  if (kind === 'iteration') return undefined
  const places = kind === 'time' ? seconds : envSteps
  return Float64Array.from(stretches, ({ first, last }) => interpolate(iteration, places, (first + last) / 2))
}

/** Running sum of a metric over its iterations. Stretches count with all their values; coarse ones are straight. */
export function cumulative(coarse: readonly Stretch[], shown: readonly Stretch[]): Stretch[] {
  const ends = Float64Array.from(coarse, ({ last }) => last)
  let sum = 0
  const sums = Float64Array.from(coarse, ({ mean, count }) => (sum += mean * count))
  const before = (iteration: number): number => {
    const i = firstAtLeast(ends, iteration)
    const here = coarse[i]
    if (here === undefined) return sums.at(-1) ?? 0
    const until = i === 0 ? 0 : sums[i - 1]!
    const share = Math.max(0, iteration - here.first + 1) / (here.last - here.first + 1)
    return until + share * (sums[i]! - until)
  }
  let previous = NaN
  let total = 0
  return shown.map(({ first, last, count, mean }) => {
    // Where a coarse and a finer part meet, the coarse sum is the truth.
    if (first !== previous + 1) total = before(first - 1)
    const min = total
    total += mean * count
    previous = last
    return { first, last, count, min, max: total, mean: total }
  })
}

/** Environment steps per second of computing, stretch by stretch. */
export function throughput(stretches: readonly Stretch[], { iteration, envSteps, seconds }: Axis): Stretch[] {
  return stretches.flatMap(({ first, last, count }) => {
    const from = first - 1
    const began = from < 1
    const steps = interpolate(iteration, envSteps, last) - (began ? 0 : interpolate(iteration, envSteps, from))
    const time = interpolate(iteration, seconds, last) - (began ? 0 : interpolate(iteration, seconds, from))
    const rate = steps / time
    return Number.isFinite(rate) && time > 0 ? [{ first, last, count, min: rate, max: rate, mean: rate }] : []
  })
}
