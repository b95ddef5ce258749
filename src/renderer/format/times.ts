/** Spans, remaining times and dates in words. The interface is in British English, whatever the system's language. */
import { NO_VALUE } from './numbers.ts'

const NBSP = '\u00a0'
const UNITS = [
  { seconds: 86_400, name: 'd' },
  { seconds: 3600, name: 'h' },
  { seconds: 60, name: 'min' },
  { seconds: 1, name: 's' },
] as const

/** The two largest units of a span: `2 d 4 h`, `1 h 5 min`, `12 min`, `3.4 s`. */
export function formatSpan(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return NO_VALUE
  const span = Math.max(0, seconds)
  if (span > 0 && span < 0.0995) return `${Math.max(1, Math.round(1000 * span))}${NBSP}ms`
  if (span < 9.95) return `${Number(span.toFixed(1))}${NBSP}s`
  const largest = UNITS.findIndex((unit) => Math.round(span) >= unit.seconds)
  const second = UNITS[largest + 1]
  // Minutes are not followed by seconds from ten minutes on: nobody reads them there.
  const smallest = second === undefined || (second.name === 's' && span >= 600) ? UNITS[largest]! : second
  let rest = Math.round(span / smallest.seconds) * smallest.seconds
  const parts: string[] = []
  for (const unit of UNITS) {
    const count = Math.floor(rest / unit.seconds)
    rest -= count * unit.seconds
    if (count > 0 && parts.length < 2) parts.push(`${count}${NBSP}${unit.name}`)
  }
  return parts.join(' ')
}

/** What remains: `about 12 min left`; without an estimate, nothing is promised. */
export function formatRemaining(seconds: number | null | undefined, ofPart = false): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return 'time left unknown'
  const part = ofPart ? ' of this part' : ''
  if (seconds < 5) return `a few seconds left${part}`
  return `about ${formatSpan(seconds < 60 ? Math.ceil(seconds / 5) * 5 : seconds)} left${part}`
}

const absolute = new Intl.DateTimeFormat('en-GB', {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
})
const withinYear = new Intl.DateTimeFormat('en-GB', {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
})
const ofYear = new Intl.DateTimeFormat('en-GB', { year: 'numeric', month: 'short', day: 'numeric' })
const exact = new Intl.DateTimeFormat('en-GB', {
  ...{ year: 'numeric', month: 'short', day: 'numeric' },
  ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
})

/** `22 Nov 2026, 22:08` in local time; `time` in milliseconds since the Unix epoch. */
export const formatDate = (time: number): string => absolute.format(time)

/** `22 Nov, 22:08`; of another year `22 Nov 2025`: where there is little room. */
export const formatShortDate = (time: number, now: number): string =>
  (new Date(time).getFullYear() === new Date(now).getFullYear() ? withinYear : ofYear).format(time)

/** `22 Nov 2026, 22:08:31`: for titles and logs. */
export const formatExactDate = (time: number): string => exact.format(time)

/** `just now`, `5 min ago`, `yesterday`, `3 days ago`; older than a week, the date. Days are calendar days. */
export function formatAgo(time: number, now: number): string {
  const seconds = (now - time) / 1000
  if (seconds < 45) return 'just now'
  if (seconds < 3570) return `${Math.max(1, Math.round(seconds / 60))}${NBSP}min ago`
  const days = Math.round((startOfDay(now) - startOfDay(time)) / 86_400_000)
  if (days === 0) return `${Math.max(1, Math.round(seconds / 3600))}${NBSP}h ago`
  if (days === 1) return 'yesterday'
  return days < 7 ? `${days} days ago` : formatDate(time)
}

function startOfDay(time: number): number {
  return new Date(time).setHours(0, 0, 0, 0)
}
