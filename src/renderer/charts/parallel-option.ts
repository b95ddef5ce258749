// Runs as lines through their settings to a result. Loaded with the comparison of trainings and by nobody else.
import { ParallelChart } from 'echarts/charts'
import { ParallelComponent } from 'echarts/components'
import { niceScale } from '../../core/series/ticks.ts'
import type { SettingAxis } from '../../core/study/training-comparison/groups.ts'
import { cssColour, sequential } from '../../core/study/colour-map.ts'
import { use, type ChartOption } from './echarts.ts'
import { formatValue } from './format.ts'
import type { PlotSize } from './plot-place.ts'
import type { ChartTheme } from './theme.ts'

use([ParallelChart, ParallelComponent])

/** Room for the names above the axes, for their ticks below and for both beside (px). */
const TOP = 68
const BOTTOM = 24
const SIDES = 70

/** Names of neighbouring axes stand at two heights, so that each has the room of two (px). */
const NAME_HEIGHTS = [12, 38]
/** Narrower ones are cut; a name has two lines. */
const WIDEST_NAME = 140

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
  const apart = (size.width - 2 * SIDES) / Math.max(1, axes.length - 1)
  return {
    animation: false,
    backgroundColor: 'transparent',
    textStyle: { fontFamily: theme.font, color: theme.ink },
    // For the room that files make for their titles; nothing stands in it.
    grid: { show: false, top: 0, bottom: 0 },
    parallel: { left: SIDES, right: SIDES, top: TOP + head, height: size.height - TOP - BOTTOM },
    parallelAxis: axes.map((axis, dim) => ({
      ...looks(text, dim, apart, theme),
      ...{ dim, name: nameOf(axis.path), ...typeOf(axis) },
    })),
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

/** @param apart neighbouring axes (px) */
function looks(text: object, dim: number, apart: number, theme: ChartTheme): object {
  const isApart = apart >= WIDEST_NAME
  const width = Math.min(WIDEST_NAME, (isApart ? 1 : 2) * apart - 8)
  return {
    nameLocation: 'end',
    nameGap: isApart ? NAME_HEIGHTS[0] : NAME_HEIGHTS[dim % 2],
    nameTruncate: { maxWidth: width },
    nameTextStyle: { ...text, color: theme.ink, lineHeight: 13 },
    axisLine: { lineStyle: { color: theme.soft } },
    axisTick: { lineStyle: { color: theme.soft } },
    // A rim of paper keeps numbers legible where lines pass behind them.
    axisLabel: {
      ...text,
      textBorderColor: theme.paper,
      textBorderWidth: 3,
      // Up to the next axis.
      width: apart - 14,
      overflow: 'truncate',
      formatter: (value: string | number) => (typeof value === 'number' ? formatValue(value) : value),
    },
    splitLine: { show: false },
  }
}

/** Characters of a line. */
const SHORT_NAME = 12

/** The last two parts of a path, because several end with `mode`; long ones in two lines of about the same length. */
export function nameOf(path: string): string {
  const name = path.split('.').slice(-2).join('.')
  const parts = name.split(/(?<=[. ])/)
  if (name.length <= SHORT_NAME || parts.length === 1) return name
  const halves = parts.slice(1).map((_, i) => [
    parts
      .slice(0, i + 1)
      .join('')
      .trim(),
    parts.slice(i + 1).join(''),
  ])
  const longest = (lines: readonly string[]) => Math.max(...lines.map(({ length }) => length))
  return halves.reduce((best, one) => (longest(one) < longest(best) ? one : best)).join('\n')
}

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
