import { describe, expect, test } from 'vitest'
import {
  formatBytes,
  formatCount,
  formatFixed,
  formatInteger,
  formatPercent,
  formatSignificant,
} from '../../../src/renderer/format/numbers.ts'

const NBSP = '\u00a0'

test.each([
  [0, '0'],
  [3.14159, '3.142'],
  [-0.5, '−0.5'],
  [12345.6, '12346'],
  [999.96, '1000'],
  [0.00012345, '0.0001234'],
  [0.000012345, '1.234e−5'],
  [1e-7, '1e−7'],
  [12_345_678, '1.235e7'],
  [-Infinity, '−∞'],
  [NaN, '–'],
  [null, '–'],
  [undefined, '–'],
])('%s to four significant digits is %s', (value, text) => {
  expect(formatSignificant(value)).toBe(text)
})

test('fixed decimals never leave a minus sign before a zero', () => {
  expect(formatFixed(-0.001, 2)).toBe('0.00')
  expect(formatFixed(-1.005, 1)).toBe('−1.0')
})

test('whole numbers are grouped from five digits on', () => {
  expect([9999, 10_000, -1_234_567].map(formatInteger)).toEqual(['9999', '10\u202f000', '−1\u202f234\u202f567'])
})

describe('SI prefixes', () => {
  test.each([
    [0, '0'],
    [999, '999'],
    [1000, `1${NBSP}k`],
    [1_300_000, `1.3${NBSP}M`],
    [999_700, `1${NBSP}M`],
    [12_345_678_901, `12.3${NBSP}G`],
  ])('%s steps are %s', (count, text) => expect(formatCount(count)).toBe(text))

  test.each([
    [0, `0${NBSP}B`],
    [1536, `1.54${NBSP}kB`],
    [5e15, `5000${NBSP}TB`],
  ])('%s bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text))
})

test('a share in per cent', () => {
  expect(formatPercent(0.4267)).toBe(`43${NBSP}%`)
  expect(formatPercent(0.4267, 1)).toBe(`42.7${NBSP}%`)
})
