// Points, and arrows that lead to them from where they were.
import type { CustomSeriesRenderItem } from 'echarts/types/dist/shared'
import type { SeriesRole } from '../../core/study/figure-data.ts'
import { pixelsOf, plotOf } from './areas.ts'
import { frame } from './axes.ts'
import type { ChartOption } from './echarts.ts'
import { drawnLevels, levelSeries, type Level } from './level-series.ts'
import { shareAt, type Margins, type PlotSize } from './plot-place.ts'
import { withOpacity, type ChartTheme } from './theme.ts'
import { axisOption, placeOn, type ValueAxis } from './value-axes.ts'

export interface ScatterPoint {
  readonly x: number
  readonly y: number
  /** Where its arrow begins. */
  readonly from?: { readonly x: number; readonly y: number }
}

/** Points of one look. */
export interface ScatterGroup {
  /** Unique. */
  readonly name: string
  readonly role: SeriesRole
  /** ECharts' name of the marker. */
  readonly symbol: string
  readonly points: readonly ScatterPoint[]
}

export interface ScatterView {
  readonly x: ValueAxis
  readonly y: ValueAxis
  readonly levels: readonly Level[]
  readonly size: PlotSize
  readonly margins: Margins
}

export function scatterOption(groups: readonly ScatterGroup[], view: ScatterView, theme: ChartTheme): ChartOption {
  const { x, y, levels, size, margins } = view
  return {
    ...frame(theme),
    grid: { ...margins, outerBoundsMode: 'none' },
    xAxis: axisOption(x, 'x', size.width - margins.left - margins.right, theme),
    yAxis: axisOption(y, 'y', size.height - margins.top - margins.bottom, theme),
    series: [
      ...drawnLevels(levels, { x, y }).map((level) => levelSeries(level, theme)),
      ...groups.flatMap((group) => [arrows(group, view, theme), markers(group, view, theme)]),
    ],
  }
}

/** Shares of the plot, from its left and its top. */
export function placeInPlot({ x, y }: ScatterPoint, view: Pick<ScatterView, 'x' | 'y'>): { x: number; y: number } {
  return { x: shareAt(placeOn(view.x, x), view.x.scale), y: 1 - shareAt(placeOn(view.y, y), view.y.scale) }
}

const MARKER = 6

function markers({ name, role, symbol, points }: ScatterGroup, { x, y }: ScatterView, theme: ChartTheme): object {
  return {
    id: `points/${name}`,
    name,
    type: 'scatter',
    data: points.map((point) => [placeOn(x, point.x), placeOn(y, point.y)]),
    symbol,
    symbolSize: MARKER,
    // A rim of paper parts neighbours.
    itemStyle: { color: theme.series[role], borderColor: theme.paper, borderWidth: 0.5, opacity: 0.9 },
    silent: true,
    z: 3,
  }
}

/** Of an arrow's head, its length, half its width, and how far its tip stays from the middle of the marker (px). */
const [HEAD, HALF, AWAY] = [6, 2.5, MARKER / 2]

/** null where an arrow is too short for one. */
function headOf({ x1, y1, x2, y2 }: { x1: number; y1: number; x2: number; y2: number }): [number, number][] | null {
  const length = Math.hypot(x2 - x1, y2 - y1)
  if (length < 2 * (HEAD + AWAY)) return null
  const [x, y] = [(x2 - x1) / length, (y2 - y1) / length]
  const at = (back: number, aside: number): [number, number] => [x2 - back * x - aside * y, y2 - back * y + aside * x]
  return [at(AWAY, 0), at(AWAY + HEAD, HALF), at(AWAY + HEAD, -HALF)]
}

function arrows({ name, role, points }: ScatterGroup, { x, y }: ScatterView, theme: ChartTheme): object {
  const stroke = withOpacity(theme.series[role], 0.4)
  const renderItem: CustomSeriesRenderItem = (params, api) => {
    const plot = plotOf(params)
    const pixels = pixelsOf(api)
    const lines = points.flatMap(({ from, ...to }) => {
      if (from === undefined) return []
      const shape = {
        x1: pixels.x(placeOn(x, from.x)),
        y1: pixels.y(placeOn(y, from.y)),
        x2: pixels.x(placeOn(x, to.x)),
        y2: pixels.y(placeOn(y, to.y)),
      }
      const isDrawn = Object.values(shape).every(Number.isFinite)
      if (!isDrawn) return []
      const line = { type: 'line' as const, shape, style: { stroke, lineWidth: 1 }, silent: true }
      const head = headOf(shape)
      return head === null
        ? [line]
        : [line, { type: 'polygon' as const, shape: { points: head }, style: { fill: stroke }, silent: true }]
    })
    return { type: 'group', $mergeChildren: false, clipPath: { type: 'rect', shape: { ...plot } }, children: lines }
  }
  return { id: `arrows/${name}`, type: 'custom', data: [[0, 0]], renderItem, silent: true, clip: false, z: 2 }
}
