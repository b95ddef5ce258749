import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  interquartileMean,
  meanScore,
  medianScore,
  optimalityGap,
} from '../../../../src/core/study/statistics/aggregates.ts'
import { scoreMatrix } from '../../../../src/core/study/statistics/score-matrix.ts'
import { anyScores, permuted } from './matrices.ts'

const statistics = { meanScore, medianScore, interquartileMean, gap: optimalityGap(0.7) }

describe('aggregates', () => {
  it('match a hand calculation', () => {
    const scores = scoreMatrix([
      [0, 1, 2, 30],
      [4, 5, 6, -70],
    ])
    // Sorted: -70 0 | 1 2 4 5 | 6 30. Task means: 2, 3, 4, -20.
    expect(interquartileMean(scores)).toBe(3)
    expect(medianScore(scores)).toBe(2.5)
    expect(meanScore(scores)).toBe(-2.75)
    // min(score, 1): 0 1 1 1 1 1 1 -70.
    expect(optimalityGap()(scores)).toBe(1 - -64 / 8)
  })

  it('do not depend on the order of runs and tasks, and do not change their input', () => {
    fc.assert(
      fc.property(anyScores, fc.integer(), (scores, seed) => {
        const before = scores.values.slice()
        for (const statistic of Object.values(statistics))
          expect(statistic(permuted(scores, seed))).toBeCloseTo(statistic(scores), 12)
        expect(scores.values).toEqual(before)
      }),
    )
  })

  it('lie between the least and the greatest score, and follow a shift', () => {
    fc.assert(
      fc.property(anyScores, fc.integer({ min: -9, max: 9 }), (scores, shift) => {
        const shifted = { ...scores, values: scores.values.map((value) => value + shift) }
        for (const statistic of [meanScore, medianScore, interquartileMean]) {
          expect(statistic(scores)).toBeGreaterThanOrEqual(Math.min(...scores.values) - 1e-12)
          expect(statistic(scores)).toBeLessThanOrEqual(Math.max(...scores.values) + 1e-12)
          expect(statistic(shifted)).toBeCloseTo(statistic(scores) + shift, 12)
        }
      }),
    )
  })

  it('count nothing above the threshold of the optimality gap', () => {
    fc.assert(
      fc.property(anyScores, (scores) => {
        expect(optimalityGap(0.7)(scores)).toBeGreaterThanOrEqual(-1e-12)
        const raised = scores.values.map((value) => (value >= 0.7 ? value + 100 : value))
        expect(optimalityGap(0.7)({ ...scores, values: raised })).toBeCloseTo(optimalityGap(0.7)(scores), 12)
      }),
    )
    expect(() => optimalityGap(NaN)).toThrow(RangeError)
  })
})
