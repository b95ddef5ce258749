// The small parts of the command line that are pure functions.
import { InvalidArgumentError } from 'commander'
import { describe, expect, it } from 'vitest'
import { isPrintable } from '../../../src/core/text/printable.ts'
import { integer, number, seeds } from '../../../src/main/cli/arguments.ts'
import { jsonText } from '../../../src/main/cli/json.ts'
import { formatDuration, formatNumber, formatTable } from '../../../src/main/cli/table.ts'

describe('seeds', () => {
  it.each([
    ['301..304', [301, 302, 303, 304]],
    ['122,233', [122, 233]],
    ['5, 1..3,2', [5, 1, 2, 3]],
    ['0', [0]],
  ])('reads %s', (text, expected) => {
    expect(seeds(text)).toEqual(expected)
  })

  it.each(['', 'a', '1-3', '3..1', '-1', '1.5', '1..', '0..99999999', '2147483648', '1,,2'])('refuses "%s"', (text) => {
    expect(() => seeds(text)).toThrow(InvalidArgumentError)
  })
})

describe('numbers', () => {
  it('takes whole numbers in range only', () => {
    const parse = integer({ min: 1, max: 9 })
    expect(parse('9')).toBe(9)
    for (const text of ['0', '10', '1e0', '0x1', '', ' 1', '1.0'])
      expect(() => parse(text)).toThrow('integer from 1 to 9')
  })

  it('takes numbers in range only', () => {
    const parse = number({ min: 1, max: 360 })
    expect(parse('140.5')).toBe(140.5)
    for (const text of ['', '0', '361', 'NaN', 'wide']) expect(() => parse(text)).toThrow('number from 1 to 360')
  })
})

describe('what people read', () => {
  it('aligns tables', () => {
    expect(
      formatTable(
        [{ title: 'a' }, { title: 'long', align: 'right' }],
        [
          ['word', '1'],
          ['', '23456'],
        ],
      ),
    ).toBe(['a      long', '----  -----', 'word      1', '      23456'].join('\n'))
  })

  it.each([
    [0, '0'],
    [12, '12'],
    [1.23456, '1.23'],
    [-0.5, '-0.5'],
    [1234.5678, '1234.6'],
    [0.0000123, '1.23e-5'],
    [NaN, '-'],
  ])('%f is %s', (value, text) => {
    expect(formatNumber(value)).toBe(text)
  })

  it.each([
    [0, '0:00'],
    [59.6, '1:00'],
    [3600, '1:00:00'],
    [7325, '2:02:05'],
  ])('%f seconds are %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text)
  })
})

describe('what programs read', () => {
  it('is JSON without a character that a terminal obeys', () => {
    const value = {
      name: 'red \u001b[31m, \u009b31m, \u202Etxt.exe, \u2028, \u{E0001}',
      high: Infinity,
      'key\u200F': 'é 数',
    }
    const text = jsonText(value)
    expect(text).toContain('\\u001b[31m, \\u009b31m, \\u202etxt.exe, \\u2028, \\udb40\\udc01')
    expect(text).toContain('"key\\u200f":"é 数"')
    expect(isPrintable(text)).toBe(true)
    expect(JSON.parse(text)).toEqual({ ...value, high: 'Infinity' })
  })
})
