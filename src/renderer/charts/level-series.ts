// A dashed line across the plot with its name: a limit, a published value, no difference.
import type { CustomSeriesRenderItem } from 'echarts/types/dist/shared'
import { pixelsOf, plotOf } from './areas.ts'
import type { ChartTheme } from './theme.ts'
import { placeOn, type ValueAxis } from './value-axes.ts'

export interface Level {
  readonly label: string
  readonly value: number
  /** Horizontal: a value of y. */
  readonly across: 'x' | 'y'
  /** Whether what lies beyond is a violation. */
  readonly alarm?: boolean
}

/** A level with its place on its axis. */
export interface DrawnLevel extends Level {
  /** Of a logarithmic axis, the decimal exponent. */
  readonly place: number
}

/** Those that lie within the axes, which need not hold them. */
export function drawnLevels(
  levels: readonly Level[],
  axes: { readonly x: ValueAxis; readonly y: ValueAxis },
): DrawnLevel[] {
  return levels.flatMap((level) => {
    const axis = axes[level.across === 'y' ? 'y' : 'x']
    const place = placeOn(axis, level.value)
    return place >= axis.scale.min && place <= axis.scale.max ? [{ ...level, place }] : []
  })
}

/**
 * A row each, for the numbers of a chart: its name in the first column, its value in that of its axis.
 *
 * @param columns how many the table has
 * @param at the columns of x and y
 */
export const levelRows = (
  levels: readonly Pick<Level, 'label' | 'value' | 'across'>[],
  columns: number,
  at: { readonly x: number; readonly y: number },
): (string | number)[][] =>
  levels.map(({ label, value, across }) =>
    Array.from({ length: columns }, (_, column) => (column === 0 ? label : column === at[across] ? value : '')),
  )

export function levelSeries({ label, place: value, across, alarm = false }: DrawnLevel, theme: ChartTheme): object {
  const colour = alarm ? theme.alarm : theme.soft
  const renderItem: CustomSeriesRenderItem = (params, api) => {
    const plot = plotOf(params)
    const pixels = pixelsOf(api)
    const at = Math.round(across === 'y' ? pixels.y(value) : pixels.x(value)) + 0.5
    const [right, bottom] = [plot.x + plot.width, plot.y + plot.height]
    const shape =
      across === 'y' ? { x1: plot.x, x2: right, y1: at, y2: at } : { x1: at, x2: at, y1: plot.y, y2: bottom }
    const isLeft = at - plot.x > plot.width / 2
    const place =
      across === 'y'
        ? { x: right - 4, y: at - 3, align: 'right' as const, verticalAlign: 'bottom' as const }
        : { x: at + (isLeft ? -4 : 4), y: plot.y + 2, align: isLeft ? ('right' as const) : ('left' as const) }
    return {
      type: 'group',
      children: [
        { type: 'line', shape, style: { stroke: colour, lineWidth: 1, lineDash: [5, 3] }, silent: true },
        {
          type: 'text',
          silent: true,
          // A rim of paper keeps the words legible where a line passes behind them.
          style: {
            ...{ text: label, fill: colour, stroke: theme.paper, lineWidth: 3, fontSize: 11, fontFamily: theme.font },
            ...place,
          },
        },
      ],
    }
  }
  return { id: `level/${label}`, type: 'custom', data: [[0, 0]], renderItem, silent: true, clip: false, z: 4 }
}
