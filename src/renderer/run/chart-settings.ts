// How the charts of a kind of run are shown, kept in this browser.
import type { XKind } from '../charts/format.ts'
import type { Spread } from './task-cells.ts'

/** What the x axis of a training can be. */
export type RunXKind = Exclude<XKind, 'adaptation-step'>

export interface ChartSettings {
  readonly xKind: RunXKind
  /** Weight of the moving average, 0 (off) .. 0.99. */
  readonly smoothing: number
  readonly spread: Spread
  /** Charts whose y axis is logarithmic, by their ids. */
  readonly logarithmic: readonly string[]
}

export const USUAL_SETTINGS: ChartSettings = { xKind: 'iteration', smoothing: 0, spread: 'sd', logarithmic: [] }

const X_KINDS: readonly unknown[] = ['iteration', 'env-steps', 'time'] satisfies RunXKind[]
const SPREADS: readonly unknown[] = ['sd', 'quartiles', 'none'] satisfies Spread[]

/** What was kept; whatever of it is not understood is as usual. */
export function readChartSettings(text: string | null): ChartSettings {
  let kept: unknown
  try {
    kept = JSON.parse(text ?? '{}')
  } catch {
    return USUAL_SETTINGS
  }
  if (typeof kept !== 'object' || kept === null) return USUAL_SETTINGS
  const { xKind, smoothing, spread, logarithmic } = kept as Record<string, unknown>
  return {
    xKind: X_KINDS.includes(xKind) ? (xKind as RunXKind) : USUAL_SETTINGS.xKind,
    smoothing: typeof smoothing === 'number' && smoothing >= 0 && smoothing <= 0.99 ? smoothing : 0,
    spread: SPREADS.includes(spread) ? (spread as Spread) : USUAL_SETTINGS.spread,
    logarithmic: Array.isArray(logarithmic) ? logarithmic.filter((id) => typeof id === 'string') : [],
  }
}

/** One place per kind of run: what suits a meta-training does not suit a fine-tuning. */
export const settingsKey = (kind: string): string => `run-charts.${kind}`
