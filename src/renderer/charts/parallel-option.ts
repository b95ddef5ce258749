// Runs as lines through their settings to a result. Loaded with the comparison of trainings and by nobody else.
import { ParallelChart } from 'echarts/charts'
import { ParallelComponent } from 'echarts/components'
import { niceScale } from '../../core/series/ticks.ts'
import type { SettingAxis } from '../../core/study/training-comparison/groups.ts'
import { cssColour, sequential } from './colour-map.ts'
import { use, type ChartOption } from './echarts.ts'
import { formatValue } from './format.ts'
import type { PlotSize } from './plot-place.ts'
import type { ChartTheme } from './theme.ts'

use([ParallelChart, ParallelComponent])

/** Room for the names above the axes, for their ticks below and for both beside (px). */
const TOP = 54
const BOTTOM = 24
const SIDES = 70

/**
 * @param axes the result last
 * @param names of the runs
 * @param order indices of the runs from the lowest result to the highest; those without a result are left out
 * @param head pixels above the drawing, which a file has for its title
 */
export function parallelOption(
  axes: readonly SettingAxis[],
  names: readonly string[],
  order: readonly number[],
  size: PlotSize,
  head: number,
  theme: ChartTheme,
): ChartOption {
  const text = { color: theme.soft, fontSize: 11, fontFamily: theme.font }
  const last = Math.max(1, order.length - 1)
  return {
    animation: false,
    backgroundColor: 'transparent',
    textStyle: { fontFamily: theme.font, color: theme.ink },
    // For the room that files make for their titles; nothing stands in it.
    grid: { show: false, top: 0, bottom: 0 },
    parallel: { left: SIDES, right: SIDES, top: TOP + head, height: size.height - TOP - BOTTOM },
    parallelAxis: axes.map((axis, dim) => ({ ...looks(text, theme), dim, name: nameOf(axis.path), ...typeOf(axis) })),
    series: order.map((run, rank) => ({
      id: String(run),
      name: names[run]!,
      type: 'parallel',
      data: [axes.map(({ values }) => values[run] ?? Number.NaN)],
      smooth: false,
      silent: true,
      lineStyle: { color: cssColour(sequential(shadeOf(rank / last, theme))), width: 1.5, opacity: 0.85 },
    })),
  }
}

/** The ends of the map that cannot be seen on the paper are left out. */
export const shadeOf = (share: number, { dark }: Pick<ChartTheme, 'dark'>): number =>
  dark ? 0.35 + 0.65 * share : 0.8 * share

function looks(text: object, theme: ChartTheme): object {
  return {
    nameLocation: 'end',
    nameGap: 12,
    nameTextStyle: { ...text, color: theme.ink, width: 110, overflow: 'truncate' },
    axisLine: { lineStyle: { color: theme.soft } },
    axisTick: { lineStyle: { color: theme.soft } },
    // A rim of paper keeps numbers legible where lines pass behind them.
    axisLabel: {
      ...text,
      textBorderColor: theme.paper,
      textBorderWidth: 3,
      formatter: (value: string | number) => (typeof value === 'number' ? formatValue(value) : value),
    },
    splitLine: { show: false },
  }
}

/** The last two parts of a path: several end with `mode`. */
const nameOf = (path: string): string => path.split('.').slice(-2).join('.')

function typeOf(axis: SettingAxis): object {
  switch (axis.kind) {
    case 'category':
      return { type: 'category', data: axis.categories }
    case 'logarithmic':
      return { type: 'log' }
    case 'linear': {
      const present = axis.values.filter((value) => value !== null)
      const { min, max } = niceScale(Math.min(...present), Math.max(...present), 5)
      return { type: 'value', min, max, ...(present.every(Number.isInteger) ? { minInterval: 1 } : {}) }
    }
  }
}
