// Tasks x iterations as coloured cells. They are painted pixel by pixel into a picture that ECharts places in its axes.
import type { CustomSeriesRenderItem } from 'echarts/types/dist/shared'
import type { Stretch } from '../../core/series/stretch.ts'
import { shareOf, type ColourDomain } from '../../core/study/colour-domain.ts'
import { ticksWithin } from '../../core/series/ticks.ts'
import { pixelsOf, plotOf } from './areas.ts'
import { frame, xAxis, yAxis, type XAxisView } from './axes.ts'
import type { ColourMap } from '../../core/study/colour-map.ts'
import type { ChartOption } from './echarts.ts'
import type { ChartTheme } from './theme.ts'
import { firstAtLeast, type XRange } from './x-range.ts'

export interface TaskValues {
  /** One per column, ascending. */
  readonly columns: readonly Stretch[] | readonly Pick<Stretch, 'first' | 'last'>[]
  readonly tasks: number
  /** Row-major, shape [tasks, columns]; NaN is a hole. */
  readonly values: Float32Array | Float64Array
}

/** Edges of the columns on an axis of iterations, half an iteration around each; shape [columns + 1]. */
export function columnEdges(columns: TaskValues['columns']): Float64Array {
  const edges = new Float64Array(columns.length + 1)
  columns.forEach(({ first }, i) => (edges[i] = first - 0.5))
  const last = columns.at(-1)
  edges[columns.length] = last === undefined ? 0 : last.last + 0.5
  return edges
}

export interface CellPainting {
  readonly edges: ArrayLike<number>
  readonly range: XRange
  readonly domain: ColourDomain
  readonly colours: ColourMap
  /** Pixels. */
  readonly width: number
  readonly height: number
}

/** Pixels, row-major from the top (task 0), packed as `ColourMap` says; 0 is transparent. Shape [height, width]. */
export function paintCells({ tasks, values }: TaskValues, painting: CellPainting): Uint32Array {
  const { edges, range, domain, colours, width, height } = painting
  const pixels = new Uint32Array(width * height)
  const columns = edges.length - 1
  const columnOf = Int32Array.from({ length: width }, (_, px) => {
    const x = range.from + ((px + 0.5) / width) * (range.to - range.from)
    const column = firstAtLeast(edges, x) - 1
    return column < columns ? column : -1
  })
  let painted = -1
  for (let py = 0; py < height; py++) {
    const task = Math.floor((py * tasks) / height)
    if (task === painted) {
      pixels.copyWithin(py * width, (py - 1) * width, py * width)
      continue
    }
    painted = task
    for (let px = 0; px < width; px++) {
      const column = columnOf[px]!
      const value = column < 0 ? NaN : values[task * columns + column]!
      if (!Number.isNaN(value)) pixels[py * width + px] = colours(shareOf(value, domain))
    }
  }
  return pixels
}

export interface HeatMapView {
  readonly x: XAxisView
  readonly edges: ArrayLike<number>
  readonly domain: ColourDomain
  readonly colours: ColourMap
  /** Makes a picture of pixels. */
  readonly picture: (pixels: Uint32Array, width: number, height: number) => HTMLCanvasElement
  /** Device pixels per pixel. */
  readonly density: number
  /** What the task of a row is called. */
  readonly nameOf: (row: number) => number
}

export function heatMapOption(data: TaskValues, view: HeatMapView, theme: ChartTheme): ChartOption {
  const cells: CustomSeriesRenderItem = (params, api) => {
    const plot = plotOf(params)
    const pixels = pixelsOf(api)
    // The axis may have moved since the option was made.
    const perPixel = 1 / (pixels.x(1) - pixels.x(0))
    const from = (plot.x - pixels.x(0)) * perPixel
    const width = Math.max(1, Math.round(plot.width * view.density))
    const height = Math.max(1, Math.round(plot.height * view.density))
    const range = { from, to: from + plot.width * perPixel }
    const { edges, domain, colours } = view
    const image = view.picture(paintCells(data, { edges, range, domain, colours, width, height }), width, height)
    return { type: 'image', style: { image, ...plot }, silent: true }
  }
  const rows = ticksWithin(0, data.tasks - 1, 5, 1)
  const axis = yAxis({ scale: { min: 0, max: data.tasks, step: 1 }, logarithmic: false, unit: 'Task' }, theme)
  return {
    ...frame(theme),
    xAxis: xAxis(view.x, theme),
    yAxis: {
      ...axis,
      inverse: true,
      splitLine: { show: false },
      axisLabel: {
        ...axis.axisLabel,
        customValues: rows.map((task) => task + 0.5),
        formatter: (value: number) => String(view.nameOf(Math.floor(value))),
      },
    },
    series: [{ id: 'cells', type: 'custom', data: [[0, 0]], renderItem: cells, silent: true, clip: false, z: 1 }],
  }
}
