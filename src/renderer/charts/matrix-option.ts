// Rows x columns as coloured cells, with their values in them where there is room.
import type { CustomSeriesRenderItem } from 'echarts/types/dist/shared'
import { plotOf } from './areas.ts'
import { frame } from './axes.ts'
import { shareOf, type ColourDomain } from '../../core/study/colour-domain.ts'
import { cssColour, type ColourMap } from '../../core/study/colour-map.ts'
import type { ChartOption } from './echarts.ts'
import type { Margins, PlotSize } from './plot-place.ts'
import type { ChartTheme } from './theme.ts'
import { axisOption, categoryAxis, type ValueAxis } from './value-axes.ts'

export interface Matrix {
  /** From the top. */
  readonly rows: readonly string[]
  readonly columns: readonly string[]
  /** Row-major, [rows x columns]; NaN is a hole. */
  readonly values: Float64Array
}

export interface MatrixView {
  readonly domain: ColourDomain
  readonly colours: ColourMap
  readonly columnName: string
  /** In the cells: [rows x columns]. */
  readonly texts?: readonly string[] | undefined
  readonly size: PlotSize
  readonly margins: Margins
}

export function matrixOption(matrix: Matrix, view: MatrixView, theme: ChartTheme): ChartOption {
  const { rows, columns } = matrix
  const { size, margins } = view
  const columnAxis: ValueAxis = categoryAxis(view.columnName, columns)
  const rowAxis: ValueAxis = categoryAxis('', rows)
  const grid = { ...margins, outerBoundsMode: 'none' }
  return {
    ...frame(theme),
    grid,
    xAxis: axisOption(columnAxis, 'x', size.width - margins.left - margins.right, theme),
    yAxis: { ...axisOption(rowAxis, 'y', size.height - margins.top - margins.bottom, theme), inverse: true },
    series: [cells(matrix, view, theme)],
  }
}

function cells({ rows, columns, values }: Matrix, view: MatrixView, theme: ChartTheme): object {
  const { domain, colours, texts } = view
  const renderItem: CustomSeriesRenderItem = (params) => {
    const plot = plotOf(params)
    const [width, height] = [plot.width / columns.length, plot.height / rows.length]
    // Gaps only where cells stay larger than them.
    const gap = width > 12 && height > 12 ? 1 : 0
    const children = Array.from(values).flatMap((value, at) => {
      if (Number.isNaN(value)) return []
      const [row, column] = [Math.floor(at / columns.length), at % columns.length]
      const [x, y] = [plot.x + column * width, plot.y + row * height]
      const fill = cssColour(colours(shareOf(value, domain)))
      // Without gaps, a little overlap: seams would show in between.
      const shape = { x, y, width: width - gap + (gap === 0 ? 0.5 : 0), height: height - gap }
      const text = texts?.[at]
      const cell = { type: 'rect' as const, shape, style: { fill }, silent: true }
      if (text === undefined || text === '') return [cell]
      const ink = isDark(fill) ? '#ffffff' : '#111111'
      const style = {
        ...{ text, x: x + width / 2, y: y + height / 2, align: 'center' as const, verticalAlign: 'middle' as const },
        ...{ fill: ink, fontSize: 11, fontFamily: theme.font, lineHeight: 14 },
      }
      return [cell, { type: 'text' as const, style, silent: true }]
    })
    return { type: 'group', $mergeChildren: false, children }
  }
  return { id: 'cells', type: 'custom', data: [[0, 0]], renderItem, silent: true, clip: false, z: 1 }
}

/** Whether white reads better than black on `#rrggbb`: WCAG's contrasts are equal at a relative luminance of 0.179. */
function isDark(colour: string): boolean {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const value = parseInt(colour.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b < 0.179
}
