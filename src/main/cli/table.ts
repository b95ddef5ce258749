import { printable } from '../services/run-name.ts'

export interface Column {
  readonly title: string
  /** Texts read from the left, numbers align on the right. */
  readonly align?: 'left' | 'right'
}

/** A plain table for a terminal: two spaces between columns, a line under the titles. */
export function formatTable(columns: readonly Column[], cells: readonly (readonly string[])[]): string {
  const rows = cells.map((row) => row.map(printable))
  const widths = columns.map(({ title }, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)))
  const line = (row: readonly string[]) =>
    columns
      .map(({ align = 'left' }, i) => {
        const cell = row[i] ?? ''
        return align === 'left' ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)
      })
      .join('  ')
      .trimEnd()
  return [
    line(columns.map(({ title }) => title)),
    widths.map((width) => '-'.repeat(width)).join('  '),
    ...rows.map(line),
  ].join('\n')
}

/** Enough places to read; JSON output has them all. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return '-'
  if (Number.isInteger(value) || !Number.isFinite(value)) return String(value)
  const size = Math.abs(value)
  if (size < 1e-3 || size >= 1e7) return value.toExponential(2)
  return size >= 100 ? value.toFixed(1) : String(Number(value.toPrecision(3)))
}

/** Decimal, to a tenth: `1.5 MB`. */
export const formatMegabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`

/** Seconds. */
const DAY = 86_400

/** `1:02:03`, `2:03`; from two days on `66 days`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  if (whole >= 2 * DAY) return `${Math.round(whole / DAY)} days`
  const pad = (value: number) => String(value).padStart(2, '0')
  const hours = Math.floor(whole / 3600)
  const minutes = Math.floor(whole / 60) % 60
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${minutes}:${pad(whole % 60)}`
}
