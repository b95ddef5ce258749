// The frame of every chart: the same margins everywhere, so that panels below each other share their x axis by eye too.
import { clockTicksWithin, niceStep, ticksWithin, type Scale } from '../../core/series/ticks.ts'
import { formatDecade, formatDuration, formatTick, X_NAMES, type XKind } from './format.ts'
import type { ChartTheme } from './theme.ts'
import type { XRange } from './x-range.ts'

/** Pixels around the plot. */
export const MARGINS = { left: 60, right: 14, top: 10, bottom: 40 } as const

export interface XAxisView {
  readonly kind: XKind
  readonly range: XRange
  /** Pixels of the plot; the number of ticks follows from it. */
  readonly width: number
}

const PIXELS_PER_TICK = 64

const formatters = new Map<number, (value: number) => string>()
/** One per step, so that an axis that stays the same is known to be the same. */
function tickFormatter(step: number): (value: number) => string {
  let formatter = formatters.get(step)
  if (formatter === undefined) formatters.set(step, (formatter = (value) => formatTick(value, step)))
  return formatter
}

/** Everything of the x axis that zooming changes; so small because it is set at every frame of a pan. */
export function xAxisPart({ kind, range, width }: XAxisView) {
  const count = Math.max(2, Math.round(width / PIXELS_PER_TICK))
  const { from, to } = range
  const ticks = kind === 'time' ? clockTicksWithin(from, to, count) : ticksWithin(from, to, count, 1)
  // A single tick tells no distance: it is written as one of several would be.
  const step = ticks.length > 1 ? ticks[1]! - ticks[0]! : Math.max(1, niceStep((to - from) / count))
  const formatter = kind === 'time' ? formatDuration : tickFormatter(step)
  return { min: from, max: to, axisTick: { customValues: ticks }, axisLabel: { customValues: ticks, formatter } }
}

export function xAxis(view: XAxisView, theme: ChartTheme) {
  const part = xAxisPart(view)
  return {
    type: 'value',
    min: part.min,
    max: part.max,
    name: X_NAMES[view.kind],
    nameLocation: 'middle',
    nameGap: 25,
    nameTextStyle: { color: theme.soft, fontSize: 11, fontFamily: theme.font },
    axisLine: { show: true, onZero: false, lineStyle: { color: theme.soft, width: 1 } },
    axisTick: { show: true, length: 4, lineStyle: { color: theme.soft }, ...part.axisTick },
    axisLabel: { ...label(theme), ...part.axisLabel },
    splitLine: { show: false },
  }
}

export interface YAxisView {
  readonly scale: Scale
  readonly logarithmic: boolean
  readonly unit?: string
}

export function yAxis({ scale, logarithmic, unit }: YAxisView, theme: ChartTheme) {
  return {
    type: 'value',
    min: scale.min,
    max: scale.max,
    interval: scale.step,
    name: unit ?? '',
    nameLocation: 'middle',
    nameGap: 46,
    // Moved away from long labels, it would be cut off at the edge.
    nameMoveOverlap: false,
    nameTextStyle: { color: theme.soft, fontSize: 11, fontFamily: theme.font },
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: {
      ...label(theme),
      formatter: logarithmic ? formatDecade : tickFormatter(scale.step),
    },
    splitLine: { show: true, lineStyle: { color: theme.line, width: 1 } },
  }
}

function label(theme: ChartTheme) {
  return { color: theme.soft, fontSize: 11, fontFamily: theme.font, hideOverlap: true }
}

/** What every chart has in common. Nothing moves by itself: values arrive up to 20 times a second. */
export function frame(theme: ChartTheme) {
  return {
    animation: false,
    backgroundColor: 'transparent',
    textStyle: { fontFamily: theme.font, color: theme.ink },
    grid: { ...MARGINS, outerBoundsMode: 'none' },
  }
}
