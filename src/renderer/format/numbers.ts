/** Numbers as the screens write them: a true minus sign, no-break spaces before units, an en dash where there is none. */

const NBSP = '\u00a0'
export const NO_VALUE = '–'

/** `value` with a true minus sign; `digits` significant digits; powers of ten outside 1e-4 .. 1e7. */
export function formatSignificant(value: number | null | undefined, digits = 4): string {
  if (value === null || value === undefined || Number.isNaN(value)) return NO_VALUE
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞'
  const rounded = Number(value.toPrecision(digits))
  const size = Math.abs(rounded)
  if (size !== 0 && (size < 1e-4 || size >= 1e7)) return withMinus(shortExponent(value, digits))
  // Digits before the point are never replaced by zeros: 12345 stays 12345.
  return withMinus(size >= 10 ** (digits - 1) ? value.toFixed(0) : String(rounded))
}

/** `value` with exactly `decimals` decimals, so that a column of them aligns. */
export function formatFixed(value: number | null | undefined, decimals: number): string {
  if (value === null || value === undefined || Number.isNaN(value)) return NO_VALUE
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞'
  const text = value.toFixed(decimals)
  return withMinus(Number(text) === 0 ? text.replace('-', '') : text)
}

/** A whole number with thin groups of three from 10 000 on. */
export function formatInteger(value: number): string {
  const text = String(Math.round(value))
  return withMinus(Math.abs(value) < 10_000 ? text : text.replace(/\B(?=(\d{3})+$)/g, '\u202f'))
}

const PREFIXES = ['', 'k', 'M', 'G', 'T'] as const

/** A count in SI prefixes with three significant digits: `1.3 M` environment steps. */
export const formatCount = (count: number): string => withPrefix(count, '')

/** Bytes in decimal units, as file managers and disks count: `1.5 MB`. */
export const formatBytes = (bytes: number): string => withPrefix(bytes, 'B')

export const formatPercent = (share: number, decimals = 0): string => `${formatFixed(share * 100, decimals)}${NBSP}%`

function withPrefix(value: number, unit: string): string {
  if (!Number.isFinite(value)) return NO_VALUE
  let scaled = value
  let step = 0
  // 999.7 k would be written as 1000 k: the limit is where three digits round up.
  while (Math.abs(scaled) >= 999.5 && step < PREFIXES.length - 1) {
    scaled /= 1000
    step++
  }
  const suffix = `${PREFIXES[step]!}${unit}`
  const text = step === 0 ? String(Math.round(scaled)) : String(Number(scaled.toPrecision(3)))
  return withMinus(suffix === '' ? text : `${text}${NBSP}${suffix}`)
}

/** `1.25e-5` */
function shortExponent(value: number, digits: number): string {
  return value.toExponential(digits - 1).replace(/\.?0*e\+?/, 'e')
}

function withMinus(text: string): string {
  return text.replaceAll('-', '−')
}
