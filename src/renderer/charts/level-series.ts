// A dashed line across the plot with its name: a limit, a published value, no difference.
import type { CustomSeriesRenderItem } from 'echarts/types/dist/shared'
import { pixelsOf, plotOf } from './areas.ts'
import type { ChartTheme } from './theme.ts'

export interface Level {
  readonly label: string
  /** On the axis: of a logarithmic one, its decimal exponent. */
  readonly value: number
  /** Horizontal: a value of y. */
  readonly across: 'x' | 'y'
  /** Whether what lies beyond is a violation. */
  readonly alarm?: boolean
}

export function levelSeries({ label, value, across, alarm = false }: Level, theme: ChartTheme): object {
  const colour = alarm ? theme.alarm : theme.soft
  const renderItem: CustomSeriesRenderItem = (params, api) => {
    const plot = plotOf(params)
    const pixels = pixelsOf(api)
    const at = Math.round(across === 'y' ? pixels.y(value) : pixels.x(value)) + 0.5
    const [right, bottom] = [plot.x + plot.width, plot.y + plot.height]
    const isInside = across === 'y' ? at >= plot.y - 1 && at <= bottom + 1 : at >= plot.x - 1 && at <= right + 1
    if (!isInside) return { type: 'group', $mergeChildren: false, children: [] }
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
