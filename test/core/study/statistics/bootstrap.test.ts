import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stream } from '../../../../src/core/random/stream.ts'
import { interquartileMean, meanScore } from '../../../../src/core/study/statistics/aggregates.ts'
import type { Resampling } from '../../../../src/core/study/statistics/bootstrap.ts'
import { estimate } from '../../../../src/core/study/statistics/estimate.ts'
import { percentile } from '../../../../src/core/study/statistics/percentile.ts'
import { anyScores, scoresOf } from './matrices.ts'

const RESAMPLINGS: Resampling[] = ['crossed', 'runs', 'runs-and-tasks', 'tasks']

describe('percentile', () => {
  it('interpolates linearly between order statistics', () => {
    const sorted = Float64Array.of(1, 2, 4, 8)
    expect([0, 0.25, 0.5, 0.9, 1].map((p) => percentile(sorted, p))).toEqual([1, 1.75, 3, expect.closeTo(6.8, 12), 8])
  })
})

describe('resampling', () => {
  // Half of the scores are 1. Where they are drawn independently, 40 of them have a binomial sum: P(<= 13) = .0192 and
  // P(<= 14) = .0403, so the 2.5 % percentile of the mean is 14 / 40; by symmetry the other end is 26 / 40.
  const binomial = { low: 0.35, high: 0.65 }
  const fixed = { low: 0.5, high: 0.5 }
  // Of two whole runs, one is drawn twice in half of the resamples.
  const wholeRuns = { low: 0, high: 1 }
  const run0Fails = scoresOf(2, 20, (run) => run)
  const halfOfTheTasksFail = scoresOf(2, 40, (_, task) => task % 2)

  it.each([
    ['crossed', wholeRuns, binomial],
    ['runs', binomial, fixed],
    ['runs-and-tasks', binomial, binomial],
    ['tasks', fixed, binomial],
  ] as const)('over %s moves what it should', (resampling, whereRunsDiffer, whereTasksDiffer) => {
    const options = { resampling, seed: 5, resamples: 20_000 }
    expect(estimate(run0Fails, meanScore, options)).toMatchObject(whereRunsDiffer)
    expect(estimate(halfOfTheTasksFail, meanScore, options)).toMatchObject(whereTasksDiffer)
  })

  it('is a function of its seed', () => {
    const random = stream('scores')
    const scores = scoresOf(3, 20, () => random.normal())
    for (const resampling of RESAMPLINGS) {
      const at = (seed: number) => estimate(scores, interquartileMean, { resampling, seed, resamples: 200 })
      expect(at(1)).toEqual(at(1))
      expect(at(1).low).not.toBe(at(2).low)
      expect(at(1).value).toBe(at(2).value)
    }
  })

  it('puts the mean inside its interval, and the interval inside the scores', () => {
    fc.assert(
      fc.property(anyScores, fc.constantFrom(...RESAMPLINGS), fc.nat(), (scores, resampling, seed) => {
        const { value, low, high } = estimate(scores, meanScore, { resampling, seed, resamples: 300 })
        if (low === null || high === null) return
        expect(low).toBeLessThanOrEqual(value + 1e-12)
        expect(high).toBeGreaterThanOrEqual(value - 1e-12)
        expect(low).toBeGreaterThanOrEqual(Math.min(...scores.values) - 1e-12)
        expect(high).toBeLessThanOrEqual(Math.max(...scores.values) + 1e-12)
      }),
    )
  })

  it('covers the mean of the population of tasks about as often as it says', () => {
    // 400 studies of 40 normal tasks: the percentile interval covers about 94 %, give or take 1.2.
    const random = stream('population')
    let covered = 0
    for (let study = 0; study < 400; study++) {
      const scores = scoresOf(1, 40, () => random.normal())
      const { low, high } = estimate(scores, meanScore, { resampling: 'tasks', seed: study, resamples: 400 })
      if (low! <= 0 && high! >= 0) covered++
    }
    expect(covered / 400).toBeGreaterThan(0.89)
    expect(covered / 400).toBeLessThan(0.98)
  })

  it('narrows with less confidence', () => {
    const random = stream('confidence')
    const scores = scoresOf(3, 10, () => random.normal())
    const wide = estimate(scores, meanScore, { resampling: 'runs', seed: 1 })
    const narrow = estimate(scores, meanScore, { resampling: 'runs', seed: 1, confidence: 0.5 })
    expect(narrow.low).toBeGreaterThan(wide.low!)
    expect(narrow.high).toBeLessThan(wide.high!)
    expect(narrow.band).toContain('50 % percentile')
  })
})

describe('an estimate', () => {
  const differing = (runs: number, tasks: number) => scoresOf(runs, tasks, (run, task) => run + task)

  it.each([
    [
      'crossed',
      3,
      105,
      '95 % percentile of 2,000 bootstrap resamples of whole runs and whole tasks (3 runs, 105 tasks; rough with 3 runs, too narrow where they differ much)',
    ],
    [
      'crossed',
      5,
      105,
      '95 % percentile of 2,000 bootstrap resamples of whole runs and whole tasks (5 runs, 105 tasks)',
    ],
    ['crossed', 5, 1, '95 % percentile of 2,000 bootstrap resamples of runs (5 runs, one task)'],
    [
      'crossed',
      1,
      105,
      '95 % percentile of 2,000 bootstrap resamples over 105 tasks, of one run: it says nothing about other runs',
    ],
    ['runs', 3, 105, '95 % percentile of 2,000 stratified bootstrap resamples over 3 runs within each of 105 tasks'],
    [
      'runs-and-tasks',
      3,
      105,
      '95 % percentile of 2,000 stratified bootstrap resamples over 105 tasks and 3 runs within each',
    ],
    ['tasks', 3, 105, '95 % percentile of 2,000 bootstrap resamples over 105 tasks, each with all its 3 runs'],
    [
      'runs-and-tasks',
      1,
      105,
      '95 % percentile of 2,000 bootstrap resamples over 105 tasks, of one run: it says nothing about other runs',
    ],
    [
      'tasks',
      1,
      105,
      '95 % percentile of 2,000 bootstrap resamples over 105 tasks, of one run: it says nothing about other runs',
    ],
    ['runs', 3, 1, '95 % percentile of 2,000 stratified bootstrap resamples over 3 runs within one task'],
  ] as const)('over %s of %i x %i says what its band means', (resampling, runs, tasks, band) => {
    const result = estimate(differing(runs, tasks), meanScore, { resampling, seed: 9 })
    expect(result).toMatchObject({ band, runs, tasks, resamples: 2000, seed: 9 })
    expect(result.low).toBeLessThan(result.high!)
  })

  it.each([
    ['runs', 1, 105, 'no interval: one run only, nothing to resample'],
    ['tasks', 3, 1, 'no interval: one task only, nothing to resample'],
    ['crossed', 1, 1, 'no interval: one run and one task only, nothing to resample'],
    ['runs-and-tasks', 1, 1, 'no interval: one run and one task only, nothing to resample'],
  ] as const)('over %s of %i x %i has no interval, and says why', (resampling, runs, tasks, band) => {
    const scores = differing(runs, tasks)
    expect(estimate(scores, meanScore, { resampling, seed: 9 })).toEqual({
      value: meanScore(scores),
      low: null,
      high: null,
      band,
      runs,
      tasks,
      resamples: 0,
      seed: null,
    })
  })

  it('refuses settings without meaning', () => {
    const scores = differing(2, 2)
    const at = (options: object) => () => estimate(scores, meanScore, { resampling: 'runs', seed: 1, ...options })
    expect(at({ resamples: 0 })).toThrow('positive whole number of resamples; got 0')
    expect(at({ confidence: 95 })).toThrow('between 0 and 1; got 95')
    expect(at({ seed: 0.5 })).toThrow(RangeError)
    expect(() => estimate({ ...scores, runs: 0 }, meanScore, { resampling: 'runs', seed: 1 })).toThrow('one run')
  })
})
