// Lines and single points of which only what is visible is laid out: ECharts' own would lay out every point at every
// frame of a pan.
import type { CustomSeriesRenderItem } from 'echarts/types/dist/shared'
import { pixelsOf, plotOf } from './areas.ts'
import { firstAtLeast } from './x-range.ts'

export interface LineStyle {
  readonly stroke: string
  readonly width: number
  /** Lengths of dashes and gaps (px); none is a solid line. */
  readonly dash?: readonly number[] | undefined
}

export interface Line extends LineStyle {
  readonly id: string
  /** Ascending. */
  readonly x: ArrayLike<number>
  /** On the axis; NaN where there is none. */
  readonly y: ArrayLike<number>
  /** 1 where nothing joins a point to the one before it. */
  readonly breaks: ArrayLike<number>
  readonly z: number
}

/** A custom series of a single item that paints the line. */
export function lineSeries({ id, x, y, breaks, stroke, width, dash, z }: Line) {
  const lengths = dash && lengthsOf(x, y, breaks)
  const renderItem: CustomSeriesRenderItem = (params, api) => {
    const plot = plotOf(params)
    const pixels = pixelsOf(api)
    const value = (px: number) => (px - pixels.x(0)) / (pixels.x(1) - pixels.x(0))
    // One neighbour on either side, because lines lead to them.
    const begin = Math.max(0, firstAtLeast(x, value(plot.x)) - 1)
    const end = Math.min(x.length, firstAtLeast(x, value(plot.x + plot.width)) + 1)
    const place = (i: number): [number, number] => [pixels.x(x[i]!), pixels.y(y[i]!)]
    const style = { stroke, lineWidth: width, lineJoin: 'round', fill: 'none' } as const
    const children = unbroken(y, breaks, begin, end).map(([first, after]) => {
      const points = Array.from({ length: after - first }, (_, i) => place(first + i))
      // Dashes hold on to the line while it moves.
      const dashes = dash && lengths && { lineDash: [...dash], lineDashOffset: lengths(pixels)[first]! }
      return { type: 'polyline' as const, shape: { points }, style: { ...style, ...dashes }, silent: true }
    })
    // The line at an edge of the plot keeps its width.
    const clip = { x: plot.x, y: plot.y - width, width: plot.width, height: plot.height + 2 * width }
    return { type: 'group', $mergeChildren: false, clipPath: { type: 'rect', shape: clip }, children }
  }
  return { id, type: 'custom', data: [[0, 0]], renderItem, z, silent: true, clip: false }
}

/** First and one after the last index of each part of `begin`..`end` that is joined, of two points and more. */
export function unbroken(
  y: ArrayLike<number>,
  breaks: ArrayLike<number>,
  begin: number,
  end: number,
): [number, number][] {
  const parts: [number, number][] = []
  let first = begin
  const close = (after: number) => {
    if (after - first > 1) parts.push([first, after])
  }
  for (let i = begin; i < end; i++) {
    if (Number.isNaN(y[i]!)) {
      close(i)
      first = i + 1
    } else if (breaks[i] === 1) {
      close(i)
      first = i
    }
  }
  close(end)
  return parts
}

/**
 * Lengths (px) of the line from where it begins, or goes on after a gap, to each of its points. They depend on how far
 * apart values are drawn and not on where: while the line is moved, they are known.
 */
export function lengthsOf(x: ArrayLike<number>, y: ArrayLike<number>, breaks: ArrayLike<number>) {
  let known: { readonly perX: number; readonly perY: number; readonly lengths: Float64Array } | null = null
  return (pixels: ReturnType<typeof pixelsOf>): Float64Array => {
    const [perX, perY] = [pixels.x(1) - pixels.x(0), pixels.y(1) - pixels.y(0)]
    if (known !== null && isClose(known.perX, perX) && isClose(known.perY, perY)) return known.lengths
    const lengths = new Float64Array(x.length)
    for (let i = 1; i < x.length; i++) {
      const length = Math.hypot((x[i]! - x[i - 1]!) * perX, (y[i]! - y[i - 1]!) * perY)
      lengths[i] = breaks[i] === 1 || Number.isNaN(length) ? 0 : lengths[i - 1]! + length
    }
    known = { perX, perY, lengths }
    return lengths
  }
}

/** Differences of places far away are rounded. */
const isClose = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-6 * Math.abs(a)

export interface Marks {
  readonly id: string
  /** Places on the axes of points that no line joins. */
  readonly dots: readonly (readonly [x: number, y: number])[]
  /** Places on the x axis of what lies below the y axis. */
  readonly below: readonly number[]
  readonly colour: string
  readonly z: number
}

const DOT_RADIUS = 2.5

/** A custom series of a single item: round dots, and triangles at the foot of the plot that point down. */
export function markSeries({ id, dots, below, colour, z }: Marks) {
  const renderItem: CustomSeriesRenderItem = (params, api) => {
    const plot = plotOf(params)
    const pixels = pixelsOf(api)
    const [right, foot] = [plot.x + plot.width, plot.y + plot.height]
    const isVisible = (px: number) => px >= plot.x && px <= right
    const circles = dots
      .map(([x, y]) => ({ cx: pixels.x(x), cy: pixels.y(y), r: DOT_RADIUS }))
      .filter(({ cx }) => isVisible(cx))
      .map((shape) => ({ type: 'circle' as const, shape, style: { fill: colour }, silent: true }))
    const outline = { fill: 'none', stroke: colour, lineWidth: 1 }
    const triangles = below
      .map(pixels.x)
      .filter(isVisible)
      .map((px): [number, number][] => [
        [px - 3.5, foot - 6.5],
        [px, foot - 1.5],
        [px + 3.5, foot - 6.5],
      ])
      .map((points) => ({ type: 'polygon' as const, shape: { points }, style: outline, silent: true }))
    return { type: 'group', $mergeChildren: false, children: [...circles, ...triangles] }
  }
  return { id, type: 'custom', data: [[0, 0]], renderItem, z, silent: true, clip: false }
}
