import { describe, expect, it } from 'vitest'
import { smooth } from '../../../src/core/series/smoothing.ts'

describe('smooth', () => {
  it('is the weighted mean of all values so far, the newest weighing most', () => {
    const values = [3, -1, 4, 1, 5]
    const w = 0.7
    const expected = values.map((_, i) => {
      const weights = values.slice(0, i + 1).map((_, k) => w ** (i - k))
      const total = weights.reduce((sum, weight) => sum + weight)
      return weights.reduce((sum, weight, k) => sum + weight * values[k]!, 0) / total
    })
    smooth(values, w).forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 12))
  })

  it('keeps a constant from its first value on', () => {
    expect([...smooth([7, 7, 7], 0.99)].map((value) => Number(value.toFixed(9)))).toEqual([7, 7, 7])
  })

  it('is the values themselves with weight 0', () => {
    expect([...smooth([1, 5, 2], 0)]).toEqual([1, 5, 2])
  })

  it('passes over missing values', () => {
    const [first, missing, third] = smooth([2, NaN, 4], 0.5)
    expect(missing).toBeNaN()
    expect([first, third]).toEqual([...smooth([2, 4], 0.5)])
  })

  it('refuses a weight of 1', () => {
    expect(() => smooth([1], 1)).toThrow(RangeError)
  })
})
