// Filled areas, drawn as one polygon per unbroken stretch: spreads, stacked times, the region beyond a limit.
import type { CustomSeriesRenderItem } from 'echarts/types/dist/shared'

type RenderParams = Parameters<CustomSeriesRenderItem>[0]
type RenderApi = Parameters<CustomSeriesRenderItem>[1]

interface Plot {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** The rectangle of the plot (px). */
export function plotOf(params: RenderParams): Plot {
  return params.coordSys as unknown as Plot
}

/** Places (px) of values; both axes are linear, so two points tell all. */
export function pixelsOf(api: RenderApi): {
  readonly x: (value: number) => number
  readonly y: (value: number) => number
} {
  const [x0 = 0, y0 = 0] = api.coord([0, 0])
  const [x1 = 0, y1 = 0] = api.coord([1, 1])
  return { x: (value) => x0 + value * (x1 - x0), y: (value) => y0 + value * (y1 - y0) }
}

export interface Area {
  readonly id: string
  readonly x: ArrayLike<number>
  readonly lower: ArrayLike<number>
  readonly upper: ArrayLike<number>
  /** 1 where nothing joins a point to the one before it. */
  readonly breaks: ArrayLike<number>
  readonly fill: string
  readonly z: number
}

/** A custom series of a single item that paints the area. */
export function areaSeries({ id, x, lower, upper, breaks, fill, z }: Area) {
  const renderItem: CustomSeriesRenderItem = (params, api) => {
    const plot = plotOf(params)
    const pixels = pixelsOf(api)
    const polygons = outlines(x, lower, upper, breaks, pixels, plot)
    return {
      type: 'group',
      $mergeChildren: false,
      clipPath: { type: 'rect', shape: { ...plot } },
      children: polygons.map((points) => ({ type: 'polygon', shape: { points }, style: { fill }, silent: true })),
    }
  }
  return { id, type: 'custom', data: [[0, 0]], renderItem, z, silent: true, clip: false }
}

/** Closed outlines (px) of the visible parts: along the upper edge and back along the lower. */
function outlines(
  x: ArrayLike<number>,
  lower: ArrayLike<number>,
  upper: ArrayLike<number>,
  breaks: ArrayLike<number>,
  pixels: ReturnType<typeof pixelsOf>,
  plot: Plot,
): [number, number][][] {
  const found: [number, number][][] = []
  let above: [number, number][] = []
  let below: [number, number][] = []
  const close = (): void => {
    if (above.length > 1) found.push([...above, ...below.reverse()])
    above = []
    below = []
  }
  const right = plot.x + plot.width
  for (let i = 0; i < x.length; i++) {
    const here = pixels.x(x[i]!)
    const hidden = (i + 1 < x.length && pixels.x(x[i + 1]!) < plot.x) || (i > 0 && pixels.x(x[i - 1]!) > right)
    if (hidden) continue
    const missing = Number.isNaN(lower[i]!) || Number.isNaN(upper[i]!)
    if (breaks[i] === 1 || missing) close()
    if (missing) continue
    above.push([here, pixels.y(upper[i]!)])
    below.push([here, pixels.y(lower[i]!)])
  }
  close()
  return found
}
