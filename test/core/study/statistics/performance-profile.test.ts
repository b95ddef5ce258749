import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { performanceProfile } from '../../../../src/core/study/statistics/performance-profile.ts'
import { scoreMatrix } from '../../../../src/core/study/statistics/score-matrix.ts'
import { anyScores } from './matrices.ts'

const options = { resampling: 'runs', seed: 3, resamples: 200 } as const

describe('performanceProfile', () => {
  it('counts scores above a threshold, and costs at most one', () => {
    const scores = scoreMatrix([
      [0, 1, 1],
      [2, 5, 9],
    ])
    const taus = [-1, 0, 1, 4, 9]
    expect([...performanceProfile(scores, taus, 'above', options).values]).toEqual(
      [6, 5, 3, 2, 0].map((count) => expect.closeTo(count / 6, 14) as number),
    )
    expect([...performanceProfile(scores, taus, 'at-most', options).values]).toEqual([0, 1, 3, 4, 6].map((n) => n / 6))
  })

  it('falls with the threshold, lies in its band, and both kinds complement each other', () => {
    fc.assert(
      fc.property(anyScores, (scores) => {
        const taus = [-6, -2, -1, 0, 0.5, 1, 2, 6]
        const above = performanceProfile(scores, taus, 'above', options)
        const atMost = performanceProfile(scores, taus, 'at-most', options)
        taus.forEach((_, i) => {
          expect(above.values[i]! + atMost.values[i]!).toBeCloseTo(1, 14)
          if (i > 0) expect(above.values[i]).toBeLessThanOrEqual(above.values[i - 1]!)
          if (above.low && above.high) {
            expect(above.low[i]).toBeLessThanOrEqual(above.values[i]! + 1e-12)
            expect(above.high[i]).toBeGreaterThanOrEqual(above.values[i]! - 1e-12)
          }
        })
        expect([above.values[0], above.values.at(-1)]).toEqual([1, 0])
        expect(above.low === null).toBe(scores.runs === 1)
      }),
    )
  })

  it('says what its band is', () => {
    const profile = performanceProfile(scoreMatrix([[1, 2]]), [0], 'above', options)
    expect(profile).toMatchObject({
      low: null,
      band: 'no interval: one run only, nothing to resample',
      runs: 1,
      tasks: 2,
    })
    expect(() => performanceProfile(scoreMatrix([[1]]), [], 'above', options)).toThrow('at least one threshold')
    expect(() => performanceProfile(scoreMatrix([[1]]), [NaN], 'above', options)).toThrow('NaN')
  })
})
