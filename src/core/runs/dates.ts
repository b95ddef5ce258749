/** Days of the filter language: whole days of universal time, so that a query means the same everywhere. */
import type { Range } from './query.ts'

const DATE = /^(\d{4})-(\d{2})(?:-(\d{2}))?$/
const DAY_MS = 24 * 3600 * 1000

/** The milliseconds of `2026-11-22`, or of the month `2026-11`; null where the text is no such day. */
export function dateRange(text: string): Range | null {
  const parts = DATE.exec(text)
  if (!parts) return null
  const [year, month, day] = [Number(parts[1]), Number(parts[2]) - 1, parts[3] === undefined ? 1 : Number(parts[3])]
  const from = Date.UTC(year, month, day)
  // Date.UTC would carry a 31st of November into December, and takes years below 100 for those of the last century.
  const date = new Date(from)
  if (date.getUTCFullYear() !== year || date.getUTCMonth() !== month || date.getUTCDate() !== day) return null
  const end = parts[3] === undefined ? Date.UTC(year, month + 1, 1) : from + DAY_MS
  return { from, to: end - 1 }
}
