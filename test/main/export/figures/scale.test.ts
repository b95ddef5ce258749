import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  exactScale,
  formatNumber,
  linearScale,
  logarithmicScale,
  ticksOf,
} from '../../../../src/main/export/figures/scale.ts'
import type { Scale } from '../../../../src/main/export/figures/scale.ts'

const labels = (scale: Scale) => ticksOf(scale).map(scale.format)

it('ticks are round numbers', () => {
  expect(labels(linearScale([1.2, 15.6, NaN, Infinity], 5))).toEqual(['0', '2', '4', '6', '8', '10', '12', '14', '16'])
  expect(labels(linearScale([-0.2, 0.31], 5))).toEqual(['−0.2', '−0.1', '0.0', '0.1', '0.2', '0.3', '0.4'])
  expect(labels(exactScale([0, 3.18e6], 4))).toEqual(['0', '1M', '2M', '3M'])
  expect(labels(exactScale([0, 10], 5))).toEqual(['0', '2', '4', '6', '8', '10'])
  expect(labels(linearScale([123450, 123460], 5))[0]).toBe('123,450')
})

it('counts have no halves', () => {
  expect(labels(exactScale([0, 1, 2], 8))).toEqual(['0', '1', '2'])
  expect(labels(exactScale([3], 4))).toEqual(['2', '3', '4'])
})

it('decades are whole, and what is not positive has no place', () => {
  const scale = logarithmicScale([0.02, 30, 0, -1], 6)
  expect(labels(scale)).toEqual(['0.01', '0.1', '1', '10', '100'])
  expect([scale.place(10), scale.place(0), scale.place(NaN)]).toEqual([1, null, null])
})

it('without data there is still an axis', () => {
  for (const scale of [linearScale([], 5), exactScale([], 5), logarithmicScale([], 5), linearScale([NaN], 5)])
    expect(ticksOf(scale).length).toBeGreaterThan(1)
})

it('every finite value lies on the axis, with a readable number of distinct ticks', () => {
  const value = fc.double({ min: -1e12, max: 1e12, noNaN: true })
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 20 }), fc.integer({ min: 2, max: 9 }), (values, wanted) => {
      const largest = Math.max(...values.map(Math.abs))
      // Ranges at the end of double precision have no round numbers inside.
      fc.pre(largest > 1e-9 && Math.max(...values) - Math.min(...values) > 1e-6 * largest)
      const scale = linearScale(values, wanted)
      for (const v of values) {
        expect(v).toBeGreaterThanOrEqual(scale.min - scale.interval * 1e-6)
        expect(v).toBeLessThanOrEqual(scale.max + scale.interval * 1e-6)
      }
      const texts = labels(scale)
      expect(texts.length).toBeLessThanOrEqual(2 * wanted + 2)
      expect(new Set(texts).size).toBe(texts.length)
    }),
  )
})

it('numbers are written with the decimals of their precision', () => {
  expect(formatNumber(-0.001, 0.1)).toBe('0.0')
  expect(formatNumber(-12.34, 0.1)).toBe('−12.3')
  expect(formatNumber(1234.5, 100)).toBe('1235')
})
