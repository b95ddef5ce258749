// The part of the x axis that is visible, and what zooming and panning make of it.

export interface XRange {
  readonly from: number
  readonly to: number
}

/** Zooms by `factor` (below 1: closer) so that `centre` stays where it is; never beyond `full`, never below `least`. */
export function zoom(range: XRange, factor: number, centre: number, full: XRange, least: number): XRange {
  const width = Math.min(full.to - full.from, Math.max(least, (range.to - range.from) * factor))
  const share = (centre - range.from) / (range.to - range.from)
  const from = centre - share * width
  return shiftInto({ from, to: from + width }, full)
}

/** Moves by `distance` as far as `full` lets it. */
export function pan(range: XRange, distance: number, full: XRange): XRange {
  return shiftInto({ from: range.from + distance, to: range.to + distance }, full)
}

/** The stretch between two points in either order; at least `least` wide, within `full`. */
export function between(a: number, b: number, full: XRange, least: number): XRange {
  const width = Math.min(full.to - full.from, Math.max(least, Math.abs(b - a)))
  const from = (a + b - width) / 2
  return shiftInto({ from, to: from + width }, full)
}

/** Whether nothing of `full` is hidden. */
export function showsAll(range: XRange, full: XRange): boolean {
  const slack = 1e-6 * (full.to - full.from)
  return range.from <= full.from + slack && range.to >= full.to - slack
}

/** The smallest range around all; null without any. */
export function union(ranges: Iterable<XRange>): XRange | null {
  let from = Infinity
  let to = -Infinity
  for (const range of ranges) {
    from = Math.min(from, range.from)
    to = Math.max(to, range.to)
  }
  return from <= to ? { from, to } : null
}

/** The index in ascending `xs` nearest to x, midway the later one, as labels round; -1 when empty. */
export function nearest(xs: ArrayLike<number>, x: number): number {
  const after = firstAtLeast(xs, x)
  if (after === 0) return xs.length === 0 ? -1 : 0
  if (after === xs.length) return after - 1
  return x - xs[after - 1]! < xs[after]! - x ? after - 1 : after
}

/** What is read: the place nearest to the cursor, else the last within `visible`; -1 where there is none. */
export function readingIndex(xs: ArrayLike<number>, cursor: number | null, visible: XRange | null): number {
  if (cursor !== null) return nearest(xs, cursor)
  if (visible === null) return xs.length - 1
  const after = firstAtLeast(xs, visible.to)
  return after < xs.length && xs[after] === visible.to ? after : after - 1
}

/** The first index in ascending `xs` whose value is at least x; the length where there is none. */
export function firstAtLeast(xs: ArrayLike<number>, x: number): number {
  let low = 0
  let high = xs.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (xs[middle]! < x) low = middle + 1
    else high = middle
  }
  return low
}

function shiftInto(range: XRange, full: XRange): XRange {
  const width = range.to - range.from
  if (width >= full.to - full.from) return full
  if (range.from < full.from) return { from: full.from, to: full.from + width }
  if (range.to > full.to) return { from: full.to - width, to: full.to }
  return range
}
