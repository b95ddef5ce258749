import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  pairedProbabilityOfImprovement,
  probabilityOfImprovement,
} from '../../../../src/core/study/statistics/probability-of-improvement.ts'
import { scoreMatrix } from '../../../../src/core/study/statistics/score-matrix.ts'
import { anyScores, permuted, scoresOf } from './matrices.ts'

const options = { resampling: 'runs', seed: 3, resamples: 200 } as const

describe('probabilityOfImprovement', () => {
  it('matches a hand calculation', () => {
    // Task 1: 2 beats 1 and ties with 2, 3 beats both: 3.5 of 4. Task 2: 0 beats none, 5 beats 4 and loses to 6: 1 of 4.
    const x = scoreMatrix([
      [2, 0],
      [3, 5],
    ])
    const y = scoreMatrix([
      [1, 4],
      [2, 6],
    ])
    expect(probabilityOfImprovement(x, y, options)).toMatchObject({ value: 4.5 / 8, runs: 2, runsOfY: 2, tasks: 2 })
    // Pairs of one run: 2 > 1, 0 < 4, 3 > 2, 5 < 6.
    expect(pairedProbabilityOfImprovement(x, y, options)).toMatchObject({ value: 0.5, runs: 2, runsOfY: 2, tasks: 2 })
  })

  it('is one half against itself, and complements itself in reverse', () => {
    fc.assert(
      fc.property(anyScores, fc.integer(), (x, seed) => {
        const y = permuted(x, seed)
        for (const probability of [probabilityOfImprovement, pairedProbabilityOfImprovement]) {
          expect(probability(x, x, options).value).toBeCloseTo(0.5, 12)
          expect(probability(x, y, options).value + probability(y, x, options).value).toBeCloseTo(1, 12)
        }
      }),
    )
  })

  it('pairing cancels what a seed adds to both', () => {
    // Y is X less a little; what differs between runs is far larger.
    const x = scoresOf(4, 6, (run, task) => 10 * run + task)
    const y = scoresOf(4, 6, (run, task) => 10 * run + task - 0.5)
    expect(pairedProbabilityOfImprovement(x, y, options)).toMatchObject({ value: 1, low: 1, high: 1 })
    // Of 16 pairs of a task, 4 are of one run and 6 of the rest favour X.
    const independent = probabilityOfImprovement(x, y, options)
    expect(independent.value).toBeCloseTo(10 / 16, 14)
    expect(independent.low).toBeLessThan(0.6)
  })

  it('has no interval over runs where one side has a single run, and may have one over tasks', () => {
    const [x, y] = [scoresOf(3, 5, (run, task) => run * task), scoresOf(1, 5, (_, task) => task)]
    expect(probabilityOfImprovement(x, y, options)).toMatchObject({ low: null, high: null, runs: 3, runsOfY: 1 })
    const overTasks = probabilityOfImprovement(x, y, { ...options, resampling: 'runs-and-tasks' })
    expect(overTasks.low).not.toBeNull()
    expect(overTasks.band).toContain('over 5 tasks, each with all its 3 and 1 runs: it says nothing about other runs')
    expect(probabilityOfImprovement(x, x, options).band).toContain('over 3 runs within each of 5 tasks')
    const five = scoresOf(5, 5, () => 0)
    expect(probabilityOfImprovement(x, five, options).band).toContain('over 3 and 5 runs within each of 5 tasks')
  })

  it('refuses other tasks, and pairs of unequal numbers of runs', () => {
    const x = scoresOf(2, 3, () => 0)
    expect(() =>
      probabilityOfImprovement(
        x,
        scoresOf(2, 4, () => 0),
        options,
      ),
    ).toThrow('3 and 4 tasks')
    expect(() =>
      pairedProbabilityOfImprovement(
        x,
        scoresOf(3, 3, () => 0),
        options,
      ),
    ).toThrow('2 and 3 runs')
  })
})
