import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { interquartileMean, meanScore } from '../../../../src/core/study/statistics/aggregates.ts'
import { conditionalValueAtRisk } from '../../../../src/core/study/statistics/cost.ts'
import { crossedIntervals } from '../../../../src/core/study/statistics/crossed-draws.ts'
import {
  crossedInterquartileMeans,
  crossedMeans,
  crossedTails,
} from '../../../../src/core/study/statistics/crossed-statistics.ts'
import { estimate, type Estimate } from '../../../../src/core/study/statistics/estimate.ts'
import { anyScores, permuted, scoresOf } from './matrices.ts'

const near = (value: number | null) => (value === null ? null : (expect.closeTo(value, 10) as number))
const like = ({ value, low, high, ...rest }: Estimate) => ({
  ...rest,
  value: near(value),
  low: near(low),
  high: near(high),
})

describe('statistics of shared draws are those of the bootstrap of single matrices', () => {
  const options = (seed: number) => ({ seed, resamples: 150 })

  it.each([
    ['mean', crossedMeans, meanScore],
    ['interquartile mean', crossedInterquartileMeans, interquartileMean],
  ] as const)('%s', (_, crossed, statistic) => {
    fc.assert(
      fc.property(anyScores, fc.nat(), (scores, seed) => {
        const other = permuted(scores, seed)
        const expected = [scores, other].map((matrix) =>
          like(estimate(matrix, statistic, { resampling: 'crossed', ...options(seed) })),
        )
        expect(crossed([scores, other], options(seed))).toEqual(expected)
      }),
      { numRuns: 60 },
    )
  })

  it('mean of the worst share', () => {
    fc.assert(
      fc.property(anyScores, fc.nat(), fc.constantFrom(0.3, 0.5, 1), (scores, seed, share) => {
        // Up to one task the existing one gives no interval, for a maximum has none.
        fc.pre(share * scores.tasks > 1)
        const expected = conditionalValueAtRisk(scores, { resampling: 'crossed', ...options(seed) }, share)
        expect(crossedTails([scores], options(seed), share)).toEqual([like(expected)])
      }),
      { numRuns: 60 },
    )
  })

  it('refuses matrices that cannot share draws', () => {
    const [small, large] = [scoresOf(2, 3, () => 1), scoresOf(2, 4, () => 1)]
    expect(() => crossedMeans([small, large], options(1))).toThrow('4 tasks cannot share draws with 2 on 3')
    expect(crossedMeans([], options(1))).toEqual([])
  })
})

describe('draws', () => {
  it('are of as many runs and tasks as there are, tasks once for all groups', () => {
    const seen = new Set<string>()
    crossedIntervals([2, 3], 4, 1, { seed: 1, resamples: 100 }, ({ runs, tasks }, out) => {
      const sum = (counts: Int32Array) => counts.reduce((total, count) => total + count, 0)
      expect([sum(tasks), ...runs.map(sum)]).toEqual([4, 2, 3])
      seen.add(tasks.join())
      out[0] = 0
    })
    expect(seen.size).toBeGreaterThan(10)
  })

  it('of one run and one task are none', () => {
    const { low, band } = crossedIntervals([1], 1, 1, { seed: 1 }, () => expect.unreachable())
    expect(low).toBeNull()
    expect(band).toBe('no interval: one run and one task only, nothing to resample')
  })
})
