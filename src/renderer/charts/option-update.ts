// What of an option ECharts has to be told after the one before it: only that is processed anew.
import type { ChartOption } from './echarts.ts'

interface WithId {
  readonly id: string
}

export interface OptionUpdate {
  readonly option: ChartOption
  /** Whether series that are not named have to go. */
  readonly whole: boolean
}

/**
 * Series are told apart by identity, so those who make them keep what did not change; everything else by its content.
 * null where nothing changed.
 */
export function optionUpdate(before: ChartOption | null, next: ChartOption): OptionUpdate | null {
  if (before === null) return { option: next, whole: true }
  const [had, has] = [before['series'] as readonly WithId[], next['series'] as readonly WithId[]]
  if (had.length !== has.length || had.some(({ id }, i) => id !== has[i]!.id)) return { option: next, whole: true }
  const option: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(next))
    if (key !== 'series' && !same(before[key], value)) option[key] = value
  const series = has.filter((one, i) => one !== had[i])
  if (series.length > 0) option['series'] = series
  return Object.keys(option).length === 0 ? null : { option, whole: false }
}

function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => same((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]))
  )
}
