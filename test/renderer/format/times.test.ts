import { expect, test } from 'vitest'
import {
  formatAgo,
  formatDate,
  formatRemaining,
  formatShortDate,
  formatSpan,
} from '../../../src/renderer/format/times.ts'

const plain = (text: string): string => text.replaceAll('\u00a0', ' ')

test.each([
  [0, '0 s'],
  [3.44, '3.4 s'],
  [9.96, '10 s'],
  [59.6, '1 min'],
  [65, '1 min 5 s'],
  [754, '13 min'],
  [3599, '1 h'],
  [3900, '1 h 5 min'],
  [86_399, '1 d'],
  [187_200, '2 d 4 h'],
  [null, '–'],
  [Infinity, '–'],
])('%s seconds are %s', (seconds, text) => {
  expect(plain(formatSpan(seconds))).toBe(text)
})

test('what remains is rounded up below a minute, and not promised without an estimate', () => {
  expect(plain(formatRemaining(754))).toBe('about 13 min left')
  expect(plain(formatRemaining(31))).toBe('about 35 s left')
  expect(formatRemaining(2)).toBe('a few seconds left')
  expect(formatRemaining(null)).toBe('time left unknown')
})

test('times near now are relative by calendar days, others are dates', () => {
  const at = (day: number, hour: number, minute = 0) => new Date(2026, 10, day, hour, minute).getTime()
  const now = at(22, 1)
  expect(formatAgo(now - 30_000, now)).toBe('just now')
  expect(plain(formatAgo(now - 300_000, now))).toBe('5 min ago')
  expect(formatAgo(at(21, 23), now), 'two hours ago, but yesterday').toBe('yesterday')
  expect(plain(formatAgo(at(22, 1), at(22, 12)))).toBe('11 h ago')
  expect(formatAgo(at(19, 12), now)).toBe('3 days ago')
  expect(formatAgo(at(1, 9, 5), now)).toBe(formatDate(at(1, 9, 5)))
  expect(formatDate(at(1, 9, 5))).toBe('1 Nov 2026, 09:05')
})

test('where there is little room, this year goes without saying', () => {
  const time = new Date(2026, 10, 1, 9, 5).getTime()
  expect(formatShortDate(time, new Date(2026, 0, 1).getTime())).toBe('1 Nov, 09:05')
  expect(formatShortDate(time, new Date(2027, 0, 1).getTime())).toBe('1 Nov 2026')
})

test('a clock that runs behind does not make the future', () => {
  expect(formatAgo(5000, 0)).toBe('just now')
})
