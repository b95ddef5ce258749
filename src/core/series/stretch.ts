// A series as charts and the store exchange it: stretches of consecutive iterations, coarse or fine.

/** Iterations `first`..`last` of a series, of which `count` have a value. A single iteration has min = max = mean. */
export interface Stretch {
  readonly first: number
  readonly last: number
  readonly count: number
  readonly min: number
  readonly max: number
  /** NaN: no value. */
  readonly mean: number
}

/** Iterations are whole numbers: a hole is what is missing beyond the usual distance. */
const HOLE = 2

/**
 * Where a line over the stretches is interrupted: 1 where nothing joins stretch i to the one before it. Shape [n].
 *
 * Values that are recorded every k-th iteration are no holes, nor is a hole that is narrower than the stretches beside it.
 */
export function interruptions(stretches: readonly Stretch[]): Uint8Array {
  const n = stretches.length
  const breaks = new Uint8Array(n)
  if (n === 0) return breaks
  const usual = median(Float64Array.from({ length: n - 1 }, (_, i) => stretches[i + 1]!.first - stretches[i]!.last))
  const width = median(Float64Array.from(stretches, ({ first, last }) => last - first))
  const widest = Math.max(HOLE * usual, width)
  breaks[0] = 1
  for (let i = 1; i < n; i++) {
    const before = stretches[i - 1]!
    const here = stretches[i]!
    if (here.first - before.last > widest || Number.isNaN(before.mean) || Number.isNaN(here.mean)) breaks[i] = 1
  }
  return breaks
}

function median(values: Float64Array): number {
  if (values.length === 0) return 0
  return values.sort()[values.length >> 1]!
}

export interface SeriesSummary {
  /** Iteration and mean of the last stretch that has a value. */
  readonly lastIteration: number
  readonly last: number
  readonly min: number
  readonly max: number
  /** Mean of the last quarter of the values against the first quarter, beyond a tenth of the whole spread. */
  readonly trend: 'rising' | 'falling' | 'level'
}

/** What a reader who cannot see the chart is told; null where there is no value. */
export function summarise(stretches: readonly Stretch[]): SeriesSummary | null {
  const present = stretches.filter(({ mean }) => !Number.isNaN(mean))
  const newest = present.at(-1)
  if (newest === undefined) return null
  let min = Infinity
  let max = -Infinity
  for (const stretch of present) {
    min = Math.min(min, stretch.min)
    max = Math.max(max, stretch.max)
  }
  const quarter = Math.max(1, present.length >> 2)
  const change = meanOf(present.slice(-quarter)) - meanOf(present.slice(0, quarter))
  const level = Math.abs(change) <= 0.1 * (max - min)
  return {
    lastIteration: newest.last,
    last: newest.mean,
    min,
    max,
    trend: level ? 'level' : change > 0 ? 'rising' : 'falling',
  }
}

function meanOf(stretches: readonly Stretch[]): number {
  let sum = 0
  let count = 0
  for (const stretch of stretches) {
    sum += stretch.mean * stretch.count
    count += stretch.count
  }
  return sum / count
}
