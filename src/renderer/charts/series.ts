// What a chart is given, and what it makes of it before anything is drawn.
import { smooth } from '../../core/series/smoothing.ts'
import { interruptions, type Stretch } from '../../core/series/stretch.ts'
import { decadeScale, niceScale, type Scale } from '../../core/series/ticks.ts'
import type { SeriesRole } from '../../core/study/figure-data.ts'
import { formatX } from './format.ts'
import { firstAtLeast, type XRange } from './x-range.ts'

/** A spread around a series, one value per stretch; NaN where there is none. */
export interface Band {
  /** What it means, with N: '± SD over 20 tasks'. */
  readonly label: string
  readonly lower: ArrayLike<number>
  readonly upper: ArrayLike<number>
}

export interface ChartSeries {
  /** Unique within its chart. */
  readonly id: string
  readonly name: string
  readonly role: SeriesRole
  /** Ascending in iterations. */
  readonly stretches: readonly Stretch[]
  /** Ascending places on the x axis, one per stretch; without them the middle iteration. */
  readonly x?: ArrayLike<number>
  /** From the widest to the narrowest. */
  readonly bands?: readonly Band[]
  /** Lengths of dashes and gaps; none is a solid line. */
  readonly dash?: readonly number[]
}

/** A series ready for drawing; all arrays have one entry per stretch. */
export interface DrawnSeries {
  readonly source: ChartSeries
  readonly x: Float64Array
  readonly values: Float64Array
  /** null: not smoothed. */
  readonly smoothed: Float64Array | null
  /** 1 where nothing joins a point to the one before it. */
  readonly breaks: Uint8Array
  /** Min and max of stretches, where they are longer than one iteration; then the given bands. */
  readonly bands: readonly Band[]
}

/** `weight` 0 does not smooth; else that of the exponential moving average over the stretches drawn. */
export function drawnSeries(source: ChartSeries, weight: number): DrawnSeries {
  const { stretches } = source
  const values = Float64Array.from(stretches, ({ mean }) => mean)
  const x =
    source.x === undefined
      ? Float64Array.from(stretches, ({ first, last }) => (first + last) / 2)
      : Float64Array.from(source.x)
  const bands = [...(source.bands ?? [])]
  if (stretches.some(({ first, last }) => last > first)) {
    bands.unshift({
      label: `min to max of ${lengthOf(stretches)} iterations`,
      lower: Float64Array.from(stretches, ({ min }) => min),
      upper: Float64Array.from(stretches, ({ max }) => max),
    })
  }
  return {
    source,
    x,
    values,
    smoothed: weight > 0 ? smooth(values, weight) : null,
    breaks: interruptions(stretches),
    bands,
  }
}

/** Values behind each stretch; the last one may have fewer. */
function lengthOf(stretches: readonly Stretch[]): string {
  const longest = stretches.reduce((most, { count }) => Math.max(most, count), 0)
  const isUpTo = stretches.slice(0, -1).some(({ count }) => count !== longest)
  return `${isUpTo ? 'up to ' : ''}${formatX('iteration', longest)}`
}

/** What the bands of a drawing are, each meaning said once; undefined without bands. */
export function bandsInWords(drawn: readonly Pick<DrawnSeries, 'bands'>[]): string | undefined {
  const labels = [...new Set(drawn.flatMap(({ bands }) => bands.map(({ label }) => label)))]
  // "± SD over 20 tasks, cut at 0" of one line says all of "± SD over 20 tasks" of another.
  const told = labels.filter((label) => !labels.some((other) => other.startsWith(`${label},`)))
  return told.length === 0 ? undefined : `Bands: ${told.join('; ')}`
}

/** Half a stretch beyond the first and last place, so that a single point has room. */
export function xExtent(drawn: readonly Pick<DrawnSeries, 'x'>[]): XRange | null {
  let from = Infinity
  let to = -Infinity
  for (const { x } of drawn) {
    if (x.length === 0) continue
    from = Math.min(from, x[0]!)
    to = Math.max(to, x[x.length - 1]!)
  }
  if (!(from <= to)) return null
  return from < to ? { from, to } : { from: from - 0.5, to: to + 0.5 }
}

export interface YFit {
  readonly scale: Scale
  /** How many values a logarithmic axis cannot show. */
  readonly nonPositive: number
}

/** The y axis that holds everything drawn within `range`, and the limit. Logarithmic scales are in decimal exponents. */
export function fitY(drawn: readonly DrawnSeries[], range: XRange, limit: number | null, logarithmic: boolean): YFit {
  let min = Infinity
  let max = -Infinity
  let nonPositive = 0
  const include = (value: number): void => {
    if (!Number.isFinite(value) || (logarithmic && value <= 0)) return
    if (value < min) min = value
    if (value > max) max = value
  }
  for (const { x, values, smoothed, bands } of drawn) {
    // One neighbour on either side, because lines lead to them.
    const begin = Math.max(0, firstAtLeast(x, range.from) - 1)
    const end = Math.min(x.length, firstAtLeast(x, range.to) + 1)
    for (let i = begin; i < end; i++) {
      if (logarithmic && values[i]! <= 0) nonPositive++
      include(values[i]!)
      if (smoothed !== null) include(smoothed[i]!)
      for (const { lower, upper } of bands) {
        include(lower[i]!)
        include(upper[i]!)
      }
    }
  }
  if (limit !== null) include(limit)
  if (!(min <= max)) return { scale: logarithmic ? decadeScale(0.1, 1, 4) : niceScale(0, 1, 4), nonPositive }
  return { scale: logarithmic ? decadeScale(min, max, 4) : niceScale(min, max, 4), nonPositive }
}
