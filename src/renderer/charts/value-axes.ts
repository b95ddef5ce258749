// Axes of results, which are no iterations: scatter plots, profiles, intervals.
import { decadeScale, niceScale, ticksWithin, type Scale } from '../../core/series/ticks.ts'
import { formatDecade, formatTick } from './format.ts'
import type { ChartTheme } from './theme.ts'

/** Of a logarithmic axis, `scale` is in decimal exponents. */
export interface ValueAxis {
  readonly name: string
  readonly scale: Scale
  readonly logarithmic: boolean
  /** Whether values are whole numbers: there are no ticks between them. */
  readonly whole?: boolean
  /** Names at places 0, 1, ..., in place of numbers. */
  readonly categories?: readonly string[]
}

/** What shares can be. */
export const SHARES: readonly [number, number] = [0, 1]

/** Around everything that is finite; `tight` ends where the values do, and nothing lies beyond `within`. */
export function valueAxis(
  name: string,
  values: Iterable<number>,
  options: {
    readonly logarithmic?: boolean
    readonly tight?: boolean
    readonly within?: readonly [number, number]
  } = {},
): ValueAxis {
  const { logarithmic = false, tight = false, within = [-Infinity, Infinity] } = options
  let [min, max] = [Infinity, -Infinity]
  let whole = true
  for (const value of values) {
    if (!Number.isFinite(value) || (logarithmic && value <= 0)) continue
    min = Math.min(min, value)
    max = Math.max(max, value)
    whole &&= Number.isInteger(value)
  }
  if (min > max) [min, max] = logarithmic ? [0.1, 1] : [0, 1]
  if (logarithmic) return { name, scale: decadeScale(min, max, 5), logarithmic }
  const around = niceScale(min, max, 5)
  const nice = { ...around, min: Math.max(around.min, within[0]), max: Math.min(around.max, within[1]) }
  return { name, scale: tight && min < max ? { min, max, step: nice.step } : nice, logarithmic, whole }
}

/** Half a place of room at either end. */
export const categoryAxis = (name: string, categories: readonly string[]): ValueAxis => ({
  name,
  scale: { min: -0.5, max: Math.max(0, categories.length - 1) + 0.5, step: 1 },
  logarithmic: false,
  categories,
})

/** Where a value lies on its axis; NaN where a logarithmic one cannot show it. */
export function placeOn({ logarithmic }: Pick<ValueAxis, 'logarithmic'>, value: number): number {
  if (!logarithmic) return value
  return value > 0 ? Math.log10(value) : Number.NaN
}

/** Characters that a name of a category may have before it is cut. */
const NAME_LENGTH = 22
const cut = (name: string): string => (name.length > NAME_LENGTH ? `${name.slice(0, NAME_LENGTH - 1)}…` : name)

export function axisOption(axis: ValueAxis, side: 'x' | 'y', pixels: number, theme: ChartTheme) {
  const { scale, logarithmic, categories, name } = axis
  const text = { color: theme.soft, fontSize: 11, fontFamily: theme.font }
  const count = Math.max(2, Math.round(pixels / (side === 'x' ? 64 : 44)))
  const ticks =
    categories === undefined
      ? ticksWithin(scale.min, scale.max, count, logarithmic || axis.whole === true ? 1 : 0)
      : categories.map((_, place) => place)
  const step = ticks.length > 1 ? ticks[1]! - ticks[0]! : scale.step
  const formatter = (value: number): string => {
    if (categories !== undefined) return cut(categories[value] ?? '')
    return logarithmic ? formatDecade(value) : formatTick(value, step)
  }
  return {
    type: 'value',
    min: scale.min,
    max: scale.max,
    name,
    nameLocation: 'middle',
    nameGap: side === 'x' ? 25 : 46,
    // Moved away from long numbers, it would be cut off at the edge.
    nameMoveOverlap: categories !== undefined,
    nameTextStyle: text,
    axisLine: { show: side === 'x', onZero: false, lineStyle: { color: theme.soft, width: 1 } },
    axisTick: { show: side === 'x', length: 4, lineStyle: { color: theme.soft }, customValues: ticks },
    axisLabel: { ...text, hideOverlap: true, customValues: ticks, formatter },
    splitLine: { show: side === 'y' && categories === undefined, lineStyle: { color: theme.line, width: 1 } },
  }
}
