import { expect, test } from 'vitest'
import { parseNumber, stepNumber } from '../../../src/renderer/components/number-text.ts'

test.each([
  ['1e-3', 0.001],
  ['0,5', 0.5],
  ['10 000', 10_000],
  ['1_000', 1000],
  ['−2', -2],
  ['.5', 0.5],
  ['5.', 5],
  ['', null],
  ['  ', null],
])('%j means %s', (text, value) => {
  expect(parseNumber(text)).toEqual({ value })
})

test.each(['abc', '1.2.3', '1e', '1,000,000', '0x10', 'Infinity', '--1', '.'])('%j is not a number', (text) => {
  expect(parseNumber(text)).toEqual({ problem: `“${text}” is not a number.` })
})

test('bounds and wholeness are said', () => {
  expect(parseNumber('1.5', { integer: true })).toEqual({ problem: 'A whole number is needed.' })
  expect(parseNumber('-1', { min: 0 })).toEqual({ problem: 'At least 0 is needed.' })
  expect(parseNumber('2', { max: 1 })).toEqual({ problem: 'At most 1 is allowed.' })
  expect(parseNumber('1', { min: 1, max: 1 })).toEqual({ value: 1 })
})

test('steps are decimal and stay within the bounds', () => {
  expect(stepNumber(0.1, 0.2, 1)).toBe(0.3)
  expect(stepNumber(0.5, 1, -1, { min: 0 })).toBe(0)
  expect(stepNumber(0.5, 1, 1, { max: 1 })).toBe(1)
})
