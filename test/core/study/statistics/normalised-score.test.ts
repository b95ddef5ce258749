import { describe, expect, it } from 'vitest'
import { worlds } from '../../../../src/core/env/world.ts'
import { normalisedScore } from '../../../../src/core/study/statistics/normalised-score.ts'
import { readSteps } from '../../../golden/read.ts'

const { goal } = worlds['environment-2']

describe('normalisedScore', () => {
  it("is return / (initial distance - 0.3 + 1) with Safety-Gymnasium's constants", () => {
    expect(normalisedScore(1.7, 2, goal)).toBeCloseTo(1.7 / 2.7, 14)
    expect(normalisedScore(0, 2, goal)).toBe(0)
    expect(normalisedScore(-1, 2, goal)).toBeLessThan(0)
    for (const world of Object.values(worlds)) expect(world.goal).toEqual(goal)
  })

  it('is 1 and the depth of the last step for recorded episodes that reach the goal', () => {
    const reached = (['pointgoal1', 'environment1', 'pointgoal2'] as const)
      .flatMap((world) => readSteps(world).episodes)
      .filter((episode) => episode.goalMet.length > 0)
    expect(reached.length).toBeGreaterThan(0)
    for (const { layout, goal: goals, reward, goalMet } of reached) {
      const [goalX, goalY] = goals
      const initialDistance = Math.hypot(layout.agent[0] - goalX!, layout.agent[1] - goalY!)
      const episodeReturn = reward.slice(0, goalMet[0]! + 1).reduce((sum, r) => sum + r, 0)
      const score = normalisedScore(episodeReturn, initialDistance, goal)
      expect(score).toBeGreaterThanOrEqual(1 - 1e-9)
      // A step is at most a few centimetres long.
      expect(score).toBeLessThan(1 + 0.05)
    }
  })

  it('refuses a start inside the goal', () => {
    expect(() => normalisedScore(1, 0.3, goal)).toThrow('outside the goal (radius 0.3 m); got a distance of 0.3 m')
    expect(() => normalisedScore(1, NaN, goal)).toThrow(RangeError)
  })
})
