import { describe, expect, it } from 'vitest'
import { optionUpdate } from '../../../src/renderer/charts/option-update.ts'
import { readingIndex } from '../../../src/renderer/charts/x-range.ts'

describe('an update of a drawing', () => {
  const [a, b] = [{ id: 'a' }, { id: 'b' }]
  const frame = { grid: { top: 1 }, xAxis: { min: 0, max: 1, ticks: [0, 1] } }

  it('names only the series and parts that changed', () => {
    const before = { ...frame, series: [a, b] }
    const newer = { id: 'b' }
    const next = { grid: { top: 1 }, xAxis: { min: 0, max: 2, ticks: [0, 1] }, series: [a, newer] }
    expect(optionUpdate(before, next)).toEqual({
      whole: false,
      option: { xAxis: { min: 0, max: 2, ticks: [0, 1] }, series: [newer] },
    })
    expect(optionUpdate(before, { ...frame, series: [a, b] })).toBeNull()
  })

  it('is whole where series came or went', () => {
    const next = { ...frame, series: [a] }
    expect(optionUpdate({ ...frame, series: [a, b] }, next)).toEqual({ whole: true, option: next })
    expect(optionUpdate(null, next)).toEqual({ whole: true, option: next })
  })

  it('tells another formatter of the same axis', () => {
    const axis = (formatter: () => string) => ({ ...frame, xAxis: { formatter }, series: [a] })
    const one = () => 'one'
    expect(optionUpdate(axis(one), axis(one))).toBeNull()
    expect(
      optionUpdate(
        axis(one),
        axis(() => 'two'),
      )?.option,
    ).toHaveProperty('xAxis')
  })
})

it('without a cursor the last visible value is read', () => {
  const xs = [1, 2, 3, 4]
  expect(readingIndex(xs, null, { from: 1, to: 3.5 })).toBe(2)
  expect(readingIndex(xs, null, { from: 1, to: 3 })).toBe(2)
  expect(readingIndex(xs, null, null)).toBe(3)
  expect(readingIndex(xs, 1.2, { from: 1, to: 3 })).toBe(0)
  expect(readingIndex([], null, null)).toBe(-1)
})
