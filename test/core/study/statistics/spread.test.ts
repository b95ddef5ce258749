import { describe, expect, it } from 'vitest'
import { scoreMatrix } from '../../../../src/core/study/statistics/score-matrix.ts'
import { spreadAcrossRuns, spreadAcrossTasks } from '../../../../src/core/study/statistics/spread.ts'

const scores = scoreMatrix([
  [1, 3, 8],
  [3, 5, 10],
])

describe('mean and standard deviation', () => {
  it('across tasks, of the means over runs', () => {
    // Task means 2, 4, 9: squares 9 + 1 + 16 = 26 over 2.
    const { value, deviation, low, high, band } = spreadAcrossTasks(scores)
    expect(value).toBe(5)
    expect(deviation).toBeCloseTo(Math.sqrt(13), 14)
    expect([low, high]).toEqual([5 - deviation!, 5 + deviation!])
    expect(band).toBe('mean plus and minus one standard deviation across 3 tasks, each the mean of 2 runs')
    expect(spreadAcrossTasks(scoreMatrix([[1, 3]])).band).toBe(
      'mean plus and minus one standard deviation across 2 tasks',
    )
  })

  it('across runs, of the means over tasks', () => {
    // Run means 4 and 6.
    const { value, deviation, band, runs, tasks, seed } = spreadAcrossRuns(scores)
    expect([value, runs, tasks, seed]).toEqual([5, 2, 3, null])
    expect(deviation).toBeCloseTo(Math.SQRT2, 14)
    expect(band).toBe('mean plus and minus one standard deviation across 2 runs, each the mean of 3 tasks')
  })

  it('claims no deviation from one value', () => {
    const none = { value: 2, deviation: null, low: null, high: null, band: 'no standard deviation: one value only' }
    expect(spreadAcrossRuns(scoreMatrix([[1, 3]]))).toMatchObject(none)
    expect(spreadAcrossTasks(scoreMatrix([[1], [3]]))).toMatchObject(none)
  })
})
