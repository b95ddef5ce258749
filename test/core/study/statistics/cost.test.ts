import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { meanScore } from '../../../../src/core/study/statistics/aggregates.ts'
import {
  conditionalValueAtRisk,
  cumulativeViolation,
  feasibleShare,
  longestCostRun,
  worstTask,
} from '../../../../src/core/study/statistics/cost.ts'
import { scoreMatrix } from '../../../../src/core/study/statistics/score-matrix.ts'
import { anyScores, permuted, scoresOf } from './matrices.ts'

const options = { resampling: 'tasks', seed: 2, resamples: 200 } as const

describe('worstTask', () => {
  it('is that of each run, averaged, without an interval', () => {
    const costs = scoreMatrix([
      [1, 9, 2],
      [5, 0, 4],
    ])
    expect(worstTask(costs)).toEqual({
      value: 7,
      worst: [1, 0],
      low: null,
      high: null,
      band: 'no interval: the bootstrap of a maximum is inconsistent (Bickel & Freedman, 1981)',
      runs: 2,
      tasks: 3,
      resamples: 0,
      seed: null,
    })
  })
})

describe('conditionalValueAtRisk', () => {
  const oneToN = (n: number) => scoresOf(1, n, (_, task) => ((task * 7) % n) + 1)

  it('counts a fraction of a task', () => {
    // 2.5 of 10 tasks: (10 + 9 + 8 / 2) / 2.5.
    expect(conditionalValueAtRisk(oneToN(10), options, 0.25).value).toBeCloseTo(9.2, 14)
    // 10.5 of 105 would be the default's; here 1.1 of 11: (11 + 0.1 * 10) / 1.1.
    expect(conditionalValueAtRisk(oneToN(11), options).value).toBeCloseTo(12 / 1.1, 13)
  })

  it('matches the closed form of equally spaced costs', () => {
    // Costs 1 .. n, whole k = alpha n: the mean of the k largest is n - (k - 1) / 2.
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(), (n, pick) => {
        const k = 1 + (pick % n)
        const costs = scoresOf(1, n, (_, task) => n - task)
        expect(conditionalValueAtRisk(costs, options, k / n).value).toBeCloseTo(n - (k - 1) / 2, 10)
      }),
    )
  })

  it('goes from the mean to the worst task, growing as the tail shrinks, in any order of runs and tasks', () => {
    fc.assert(
      fc.property(anyScores, fc.integer(), (costs, seed) => {
        const at = (alpha: number) => conditionalValueAtRisk(costs, options, alpha).value
        expect(at(1)).toBeCloseTo(meanScore(costs), 12)
        expect(at(1 / costs.tasks)).toBeCloseTo(worstTask(costs).value, 12)
        expect(at(0.3)).toBeGreaterThanOrEqual(at(0.6) - 1e-12)
        expect(conditionalValueAtRisk(permuted(costs, seed), options, 0.3).value).toBeCloseTo(at(0.3), 12)
      }),
    )
  })

  it('has an interval only where it is more than the worst task', () => {
    expect(conditionalValueAtRisk(oneToN(30), options).low).not.toBeNull()
    expect(conditionalValueAtRisk(oneToN(10), options)).toMatchObject({ value: 10, low: null })
  })

  it('refuses a tail of nothing', () => {
    for (const alpha of [0, -0.1, 1.1, NaN])
      expect(() => conditionalValueAtRisk(oneToN(5), options, alpha)).toThrow(RangeError)
  })
})

describe('feasibility', () => {
  const before = scoreMatrix([
    [5, 6, 0],
    [9, 5, 4],
  ])
  const after = scoreMatrix([
    [4, 4, 5.5],
    [7, 1, 2],
  ])

  it('is a cost of at most the limit', () => {
    expect(feasibleShare([before], 5, options).value).toBeCloseTo(4 / 6, 14)
    expect(feasibleShare([before, after], 5, options).value).toBeCloseTo(8 / 12, 14)
    expect(feasibleShare([before, after], 5, options).band).toContain('over 3 tasks')
  })

  it('sums violations over adaptation', () => {
    // Run 1: 0, 1, .5; run 2: 4 + 2, 0, 0.
    const { value, tasks, runs, seed } = cumulativeViolation([before, after], 5, options)
    expect(value).toBeCloseTo(7.5 / 6, 14)
    expect([tasks, runs, seed]).toEqual([3, 2, 2])
  })

  it('takes limits of 0 and infinity', () => {
    expect(feasibleShare([before], 0, options).value).toBeCloseTo(1 / 6, 14)
    expect(cumulativeViolation([before], 0, options).value).toBeCloseTo(29 / 6, 14)
    expect(feasibleShare([before], Infinity, options)).toMatchObject({ value: 1, low: null, high: null })
    expect(feasibleShare([before], Infinity, options).band).toContain('no interval where all or none')
    expect(cumulativeViolation([before, after], Infinity, options).value).toBe(0)
  })

  it('refuses other limits, no step, and steps of different shape', () => {
    expect(() => feasibleShare([before], -1, options)).toThrow('A cost limit is not negative; got -1')
    expect(() => cumulativeViolation([before], NaN, options)).toThrow('got NaN')
    expect(() => cumulativeViolation([], 5, options)).toThrow('no scores')
    expect(() => feasibleShare([before, scoreMatrix([[1, 2, 3]])], 5, options)).toThrow('2 and 1 runs')
  })
})

describe('longestCostRun', () => {
  it('is the mean over tasks and the worst of them', () => {
    const { mean, worst } = longestCostRun(scoreMatrix([[0, 12, 30]]), options)
    expect(mean.value).toBe(14)
    expect(worst).toMatchObject({ value: 30, worst: [2] })
  })
})
