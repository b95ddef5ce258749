// Estimates with their intervals below each other, around a level: a forest plot.
import type { CustomSeriesRenderItem } from 'echarts/types/dist/shared'
import type { SeriesRole } from '../../core/study/figure-data.ts'
import { pixelsOf } from './areas.ts'
import { frame } from './axes.ts'
import type { ChartOption } from './echarts.ts'
import { drawnLevels, levelRows, levelSeries, type Level } from './level-series.ts'
import type { Margins, PlotSize } from './plot-place.ts'
import type { ChartTheme } from './theme.ts'
import { axisOption, categoryAxis, SHARES, valueAxis } from './value-axes.ts'

export interface IntervalRow {
  readonly label: string
  readonly role: SeriesRole
  readonly value: number
  /** null, or not finite: there is no interval. */
  readonly low: number | null
  readonly high: number | null
  /** Of one seed among several: smaller, and further in. */
  readonly minor?: boolean
}

export interface IntervalView {
  readonly name: string
  /** Whether the values are shares: between 0 and 1. */
  readonly share?: boolean
  readonly levels: readonly Level[]
  readonly size: PlotSize
  readonly margins: Margins
}

export function intervalOption(rows: readonly IntervalRow[], view: IntervalView, theme: ChartTheme): ChartOption {
  const { name, share = false, levels, size, margins } = view
  const ends = rows.flatMap(({ value, low, high }) => [value, low ?? value, high ?? value])
  const values = [...ends, ...levels.map(({ value }) => value)]
  const x = valueAxis(name, values, share ? { within: SHARES } : {})
  const y = categoryAxis(
    '',
    rows.map(({ label }) => label),
  )
  return {
    ...frame(theme),
    grid: { ...margins, outerBoundsMode: 'none' },
    xAxis: axisOption(x, 'x', size.width - margins.left - margins.right, theme),
    yAxis: { ...axisOption(y, 'y', size.height, theme), inverse: true },
    series: [...drawnLevels(levels, { x, y }).map((level) => levelSeries(level, theme)), bars(rows, theme)],
  }
}

/** The rows of a table with those of the levels, which the axis always holds. */
export const withLevels = (
  rows: readonly (readonly (string | number)[])[],
  levels: readonly Level[],
): readonly (readonly (string | number)[])[] => [...rows, ...levelRows(levels, rows[0]!.length, { x: 1, y: 1 })]

function bars(rows: readonly IntervalRow[], theme: ChartTheme): object {
  const renderItem: CustomSeriesRenderItem = (_, api) => {
    const pixels = pixelsOf(api)
    const children = rows.flatMap(({ role, value, low, high, minor = false }, row) => {
      const [colour, y] = [theme.series[role], pixels.y(row)]
      const line = (x1: number, x2: number, y1: number, y2: number) => ({
        ...{ type: 'line' as const, shape: { x1, x2, y1, y2 }, silent: true },
        style: { stroke: colour, lineWidth: minor ? 1 : 2 },
      })
      const dot = {
        ...{ type: 'circle' as const, shape: { cx: pixels.x(value), cy: y, r: minor ? 2.5 : 4 }, silent: true },
        style: { fill: colour, stroke: theme.paper, lineWidth: 1 },
      }
      if (low === null || high === null || !Number.isFinite(low) || !Number.isFinite(high)) return [dot]
      const [from, to, cap] = [pixels.x(low), pixels.x(high), minor ? 2 : 4]
      return [line(from, to, y, y), line(from, from, y - cap, y + cap), line(to, to, y - cap, y + cap), dot]
    })
    return { type: 'group', $mergeChildren: false, children }
  }
  return { id: 'intervals', type: 'custom', data: [[0, 0]], renderItem, silent: true, clip: false, z: 3 }
}
