import { describe, expect, it } from 'vitest'
import {
  interquartileMean,
  meanScore,
  medianScore,
  optimalityGap,
} from '../../../../src/core/study/statistics/aggregates.ts'
import { estimate } from '../../../../src/core/study/statistics/estimate.ts'
import { performanceProfile } from '../../../../src/core/study/statistics/performance-profile.ts'
import { probabilityOfImprovement } from '../../../../src/core/study/statistics/probability-of-improvement.ts'
import { scoreMatrix } from '../../../../src/core/study/statistics/score-matrix.ts'
import { bracketsOf, readRliableScores } from '../../../golden/rliable.ts'

const golden = readRliableScores()
const statistics = {
  mean: meanScore,
  median: medianScore,
  iqm: interquartileMean,
  optimalityGap: optimalityGap(golden.gamma),
}
// Sums of fewer than 100 scores near 1, in another order.
const DIGITS = 13
const ROUNDING = 1e-13

/** Both ends lie where an independent bootstrap with as many resamples as the golden data expect must put them. */
function expectWithin(
  { low, high }: { low: number | null | undefined; high: number | null | undefined },
  brackets: ReturnType<typeof bracketsOf>,
): void {
  expect(low).toBeGreaterThanOrEqual(brackets.low[0] - ROUNDING)
  expect(low).toBeLessThanOrEqual(brackets.low[1] + ROUNDING)
  expect(high).toBeGreaterThanOrEqual(brackets.high[0] - ROUNDING)
  expect(high).toBeLessThanOrEqual(brackets.high[1] + ROUNDING)
}

const options = { seed: 1, resamples: golden.testResamples, confidence: golden.confidence }

describe.each(golden.matrices)('$name, as rliable', ({ scores, aggregates, profile, ...ofMatrix }) => {
  const matrix = scoreMatrix(scores)

  it('aggregates to the same numbers', () => {
    golden.statistics.forEach((name, i) => expect(statistics[name](matrix)).toBeCloseTo(aggregates[i]!, DIGITS))
  })

  it('has the same performance profile', () => {
    const { values } = performanceProfile(matrix, golden.taus, 'above', { ...options, resampling: 'runs' })
    profile.forEach((share, i) => expect(values[i]).toBeCloseTo(share, DIGITS))
  })

  it.each(['runs', 'runs-and-tasks', 'tasks'] as const)('has the same intervals over %s', (resampling) => {
    const estimates = golden.statistics.map((name) => estimate(matrix, statistics[name], { ...options, resampling }))
    const profileBand = performanceProfile(matrix, golden.taus, 'above', { ...options, resampling })
    const expected = ofMatrix.aggregateIntervals[resampling]
    const expectedBand = ofMatrix.profileIntervals[resampling]
    if (expected === undefined || expectedBand === undefined) {
      expect([matrix.runs, resampling]).toEqual([1, 'runs'])
      for (const { low, high } of [...estimates, profileBand]) expect([low, high]).toEqual([null, null])
      return
    }
    estimates.forEach((result, i) => expectWithin(result, bracketsOf(expected, i)))
    const { low, high } = profileBand
    golden.taus.forEach((_, i) => expectWithin({ low: low?.[i], high: high?.[i] }, bracketsOf(expectedBand, i)))
  })
})

describe.each(golden.improvements)('improvement of $name, as rliable', ({ x, y, value, interval }) => {
  it('has the same probability and interval', () => {
    const result = probabilityOfImprovement(scoreMatrix(x), scoreMatrix(y), { ...options, resampling: 'runs' })
    expect(result.value).toBeCloseTo(value, DIGITS)
    if (interval) expectWithin(result, bracketsOf(interval, 0))
  })
})
