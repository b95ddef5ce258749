import { describe, expect, it } from 'vitest'
import { bootstrapInterval, meanInterval, pairedDifference, stepIntervals } from '../../../src/core/study/paired.ts'
import { criticalT } from '../../../src/core/study/student-t.ts'

describe('criticalT', () => {
  // Abramowitz & Stegun, table 26.10, and the normal limit.
  it.each([
    [0.95, 1, 12.7062047],
    [0.95, 2, 4.3026527],
    [0.95, 4, 2.7764451],
    [0.95, 19, 2.0930241],
    [0.95, 59, 2.0009954],
    [0.99, 10, 3.1692727],
    [0.9, 30, 1.6972609],
    [0.95, 1e6, 1.9599664],
  ])('covers %f with %i degrees of freedom at %f', (confidence, degrees, expected) => {
    expect(criticalT(confidence, degrees)).toBeCloseTo(expected, 5)
  })

  it('refuses what has no distribution', () => {
    expect(() => criticalT(1, 3)).toThrow(RangeError)
    expect(() => criticalT(0.95, 0)).toThrow(RangeError)
  })
})

describe('meanInterval', () => {
  it('matches a hand calculation', () => {
    // 1, 2, 3, 4: mean 2.5, standard error sqrt(5/3)/2 = .645497, t(3) = 3.182446: half width 2.054260.
    const { mean, low, high, count } = meanInterval([1, 2, 3, 4])
    expect(mean).toBe(2.5)
    expect(low).toBeCloseTo(0.44574, 5)
    expect(high).toBeCloseTo(4.55426, 5)
    expect(count).toBe(4)
  })

  it('claims nothing from one value', () => {
    expect(meanInterval([3])).toEqual({ mean: 3, low: -Infinity, high: Infinity, count: 1 })
    expect(() => meanInterval([])).toThrow(RangeError)
  })
})

const curve = (seed: number, task: number, ...values: number[]) => ({ seed, task, values })

describe('pairedDifference', () => {
  it('averages steps, then seeds, and takes tasks as units', () => {
    const a = [curve(1, 7, 4, 6), curve(2, 7, 2, 2), curve(1, 9, 10, 10), curve(2, 9, 8, 8), curve(1, 11, 1, 1)]
    const b = [curve(1, 7, 1, 1), curve(2, 7, 1, 1), curve(1, 9, 3, 5), curve(2, 9, 0, 0)]
    // Task 7: seeds give 4 and 1; task 9: 6 and 8; task 11 has no partner.
    const result = pairedDifference(a, b, 5)
    expect(result.tasks).toEqual([
      { task: 7, difference: 2.5 },
      { task: 9, difference: 7 },
    ])
    expect(result.seeds).toBe(2)
    expect(result.t.count).toBe(2)
    // Mean 4.75, standard error 2.25, t(1) = 12.706205.
    expect(result.t.mean).toBe(4.75)
    expect(result.t.low).toBeCloseTo(4.75 - 28.58896, 4)
    expect(result.t.high).toBeCloseTo(4.75 + 28.58896, 4)
  })

  it('refuses curves that cannot be compared', () => {
    expect(() => pairedDifference([curve(1, 7, 1, 2)], [curve(1, 7, 1)], 1)).toThrow(/not comparable/)
    expect(() => pairedDifference([curve(1, 7, 1)], [curve(2, 7, 1)], 1)).toThrow(/No task/)
  })
})

describe('bootstrapInterval', () => {
  it('is a function of its seed', () => {
    const values = [3, 1, 4, 1, 5, 9, 2, 6].map(Math.sqrt)
    expect(bootstrapInterval(values, 1)).toEqual(bootstrapInterval(values, 1))
    expect(bootstrapInterval(values, 1).low).not.toBe(bootstrapInterval(values, 2).low)
  })

  it('finds the exact bootstrap distribution of two values', () => {
    // Means are 0, 1/2 and 1 with probabilities 1/4, 1/2, 1/4: the 2.5 % and 97.5 % percentiles are the values.
    expect(bootstrapInterval([0, 1], 3)).toMatchObject({ mean: 0.5, low: 0, high: 1, resamples: 10_000, seed: 3 })
    expect(bootstrapInterval([2, 2, 2], 3)).toMatchObject({ low: 2, high: 2 })
  })

  it('agrees with the normal interval where the sample is large', () => {
    // 0..999: mean 499.5, standard deviation of the mean 9.1287 (population form): +-17.892.
    const { low, high } = bootstrapInterval(
      Array.from({ length: 1000 }, (_, i) => i),
      11,
    )
    expect(Math.abs(low - (499.5 - 17.892))).toBeLessThan(1)
    expect(Math.abs(high - (499.5 + 17.892))).toBeLessThan(1)
  })
})

describe('stepIntervals', () => {
  it('averages the seeds of a task before it counts', () => {
    const steps = stepIntervals([curve(1, 1, 0, 10), curve(2, 1, 2, 20), curve(1, 2, 3, 5)])
    expect(steps.map(({ mean, count }) => ({ mean, count }))).toEqual([
      { mean: 2, count: 2 },
      { mean: 10, count: 2 },
    ])
    expect(stepIntervals([])).toEqual([])
  })
})
