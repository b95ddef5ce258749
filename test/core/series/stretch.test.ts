import { describe, expect, it } from 'vitest'
import { interruptions, summarise, type Stretch } from '../../../src/core/series/stretch.ts'

const single = (iteration: number, value: number): Stretch => ({
  first: iteration,
  last: iteration,
  count: 1,
  min: value,
  max: value,
  mean: value,
})

describe('interruptions', () => {
  it('are where iterations are missing', () => {
    expect([...interruptions([1, 2, 3, 8, 9].map((i) => single(i, 0)))]).toEqual([1, 0, 0, 1, 0])
  })

  it('are not between values recorded every tenth iteration', () => {
    expect([...interruptions([10, 20, 30, 40].map((i) => single(i, 0)))]).toEqual([1, 0, 0, 0])
  })

  it('are on both sides of a missing value', () => {
    expect([...interruptions([single(1, 0), single(2, NaN), single(3, 0), single(4, 0)])]).toEqual([1, 1, 1, 0])
  })

  it('are not holes narrower than the stretches beside them', () => {
    const long = (first: number): Stretch => ({ ...single(first, 0), last: first + 499, count: 500 })
    expect([...interruptions([long(1), long(501), long(1010), long(2600)])]).toEqual([1, 0, 0, 1])
  })
})

describe('summarise', () => {
  it('tells the extremes of stretches, not of their means', () => {
    const stretch: Stretch = { first: 1, last: 10, count: 10, min: -5, max: 9, mean: 2 }
    expect(summarise([stretch, single(11, 3)])).toMatchObject({ last: 3, lastIteration: 11, min: -5, max: 9 })
  })

  it.each([
    ['rising', [0, 1, 2, 3]],
    ['falling', [3, 2, 1, 0]],
    ['level', [1, 0, 2, 1]],
  ])('calls a %s series so', (trend, values) => {
    expect(summarise(values.map((value, i) => single(i + 1, value)))?.trend).toBe(trend)
  })

  it('has nothing to say without values', () => {
    expect(summarise([single(1, NaN)])).toBeNull()
  })
})
