// Numbers as the charts write them: British, with a true minus sign.

/** What the x axis counts. `time` is the time spent computing, in seconds: pauses between sessions do not count. */
export type XKind = 'iteration' | 'env-steps' | 'time' | 'adaptation-step'

export const X_NAMES: Record<XKind, string> = {
  iteration: 'Iteration',
  'env-steps': 'Environment steps',
  time: 'Computing time',
  'adaptation-step': 'Adaptation step',
}

const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 })
const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹'

/** A tick of an axis whose ticks are `step` apart: as many decimals as tell neighbours apart. */
export function formatTick(value: number, step: number): string {
  const size = Math.abs(value)
  if (size >= 1e15 || (size > 0 && step < 1e-5)) return minus(value.toExponential(1))
  for (const [unit, letter] of [
    [1e12, 'T'],
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const) {
    if (size >= unit && (unit > 1e3 || size >= 1e4))
      return minus(`${(value / unit).toFixed(decimals(step / unit))} ${letter}`)
  }
  return minus(value.toFixed(decimals(step)))
}

/** A tick of a logarithmic axis at 10^exponent. */
export function formatDecade(exponent: number): string {
  if (exponent >= -3 && exponent <= 3) return String(Number((10 ** exponent).toPrecision(1)))
  const digits = [...String(Math.abs(exponent))].map((digit) => SUPERSCRIPTS[Number(digit)]).join('')
  return `10${exponent < 0 ? '⁻' : ''}${digits}`
}

/** A value in a readout: four significant digits. */
export function formatValue(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? '–' : minus(value > 0 ? '∞' : '-∞')
  const size = Math.abs(value)
  if (size !== 0 && (size < 1e-3 || size >= 1e7)) return minus(value.toExponential(2))
  if (size >= 1e4) return minus(whole.format(value))
  return minus(String(Number(value.toPrecision(4))))
}

/** Seconds as people say them: 45 s, 12 min, 2 h 30 min, 1 d 6 h. */
export function formatDuration(seconds: number): string {
  if (seconds < 0) return `−${formatDuration(-seconds)}`
  if (seconds < 60) return `${Number(seconds.toPrecision(3))} s`
  const rounded = Math.round(seconds)
  const parts = [
    [Math.floor(rounded / 86_400), 'd'],
    [Math.floor(rounded / 3600) % 24, 'h'],
    [Math.floor(rounded / 60) % 60, 'min'],
    [rounded % 60, 's'],
  ] as const
  const first = parts.findIndex(([count]) => count > 0)
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ')
}

const ordinal = new Intl.PluralRules('en-GB', { type: 'ordinal' })
const ENDINGS: Partial<Record<Intl.LDMLPluralRule, string>> = { one: 'st', two: 'nd', few: 'rd' }

/** 2nd, 3rd, 11th. */
export function formatOrdinal(value: number): string {
  return `${whole.format(value)}${ENDINGS[ordinal.select(value)] ?? 'th'}`
}

/** A place on the x axis in a readout. */
export function formatX(kind: XKind, value: number): string {
  return kind === 'time' ? formatDuration(value) : minus(whole.format(value))
}

function decimals(step: number): number {
  return Math.min(6, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)))
}

function minus(text: string): string {
  return text.replace('-', '−')
}
