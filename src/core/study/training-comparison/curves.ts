/** Series of many trainings over one axis: put on a common grid, and averaged over the runs of a group. */

/** A metric as stretches of iterations, as the database answers it; all arrays have the same length. */
export interface Stretches {
  readonly first: Float64Array
  readonly last: Float64Array
  readonly mean: Float64Array
}

/** Environment steps and time computed (s) at some iterations, ascending. */
export interface Axis {
  readonly iteration: Float64Array
  readonly envSteps: Float64Array
  readonly seconds: Float64Array
}

/** Points in the order of iterations. */
export interface Curve {
  readonly x: Float64Array
  readonly y: Float64Array
}

export type AxisName = 'iteration' | 'envSteps' | 'seconds'

/** A metric over iterations, environment steps or time: the mean of every stretch, at its end. */
export function curveOver(axis: AxisName, { last, mean }: Stretches, positions: Axis): Curve {
  if (axis === 'iteration') return { x: last, y: mean }
  return { x: interpolated({ x: positions.iteration, y: positions[axis] }, last), y: mean }
}

/** A metric against another one of the same run: a path, whose x need not ascend. Stretches that only one has are left out. */
export function curveAgainst(x: Stretches, y: Stretches): Curve {
  const at = new Map([...x.first].map((first, i) => [first, i]))
  const pairs = [...y.first].flatMap((first, i) => {
    const partner = at.get(first)
    return partner === undefined ? [] : [[x.mean[partner]!, y.mean[i]!] as const]
  })
  return { x: Float64Array.from(pairs, ([value]) => value), y: Float64Array.from(pairs, ([, value]) => value) }
}

/**
 * The curve at other x by straight lines between its points; NaN before the first, after the last, and beside a gap.
 *
 * @param curve whose x ascends
 * @param grid ascending
 */
export function interpolated({ x, y }: Curve, grid: Float64Array): Float64Array {
  const out = new Float64Array(grid.length).fill(Number.NaN)
  let right = 0
  for (let i = 0; i < grid.length; i++) {
    const at = grid[i]!
    while (right < x.length && x[right]! < at) right++
    if (right === x.length) break
    if (x[right] === at) out[i] = y[right]!
    else if (right > 0) {
      const [from, to] = [x[right - 1]!, x[right]!]
      out[i] = y[right - 1]! + ((y[right]! - y[right - 1]!) * (at - from)) / (to - from)
    }
  }
  return out
}

/**
 * The points that any of the curves has within what all of them cover, ascending: a mean ends where the first of them ends,
 * so that it is of as many runs everywhere. Their own points, because a peak between those of another grid would be cut.
 * Evenly spread where they are more than `most`; empty where the curves have no x in common.
 */
export function commonGrid(curves: readonly Curve[], most: number): Float64Array {
  const from = Math.max(...curves.map(({ x }) => x[0] ?? Infinity))
  const to = Math.min(...curves.map(({ x }) => x.at(-1) ?? -Infinity))
  if (curves.length === 0 || !(from <= to)) return new Float64Array()
  const own = new Set<number>()
  for (const { x } of curves) for (const at of x) if (at >= from && at <= to) own.add(at)
  if (own.size <= most) return Float64Array.from(own).sort()
  return Float64Array.from({ length: most }, (_, i) => Math.min(to, from + ((to - from) * i) / (most - 1)))
}

export interface GroupCurve {
  /** [grid] */
  readonly mean: Float64Array
  /** One standard deviation (N - 1) from the mean; NaN where fewer than two runs are. */
  readonly low: Float64Array
  readonly high: Float64Array
}

/** Mean and spread over runs at each x; NaN where a run has no value: a mean over fewer would jump. */
export function averaged(curves: readonly Curve[], grid: Float64Array): GroupCurve {
  const values = curves.map((curve) => interpolated(curve, grid))
  const mean = new Float64Array(grid.length).fill(Number.NaN)
  const [low, high] = [mean.slice(), mean.slice()]
  for (let i = 0; i < grid.length; i++) {
    const here = values.map((one) => one[i]!)
    if (here.length === 0 || !here.every(Number.isFinite)) continue
    const average = here.reduce((sum, value) => sum + value, 0) / here.length
    mean[i] = average
    if (here.length < 2) continue
    const squares = here.reduce((sum, value) => sum + (value - average) ** 2, 0)
    const deviation = Math.sqrt(squares / (here.length - 1))
    low[i] = average - deviation
    high[i] = average + deviation
  }
  return { mean, low, high }
}
