import { describe, expect, it } from 'vitest'
import { CostPart } from '../../../src/core/env/environment.ts'
import { POSE_STEPS, VASE_VALUES } from '../../../src/core/episode/episode.ts'
import { lidarAt, observationAt } from '../../../src/core/episode/observation.ts'
import { driveIntoVases } from './episodes.ts'

describe('a recorded episode', () => {
  const { episode, environment } = driveIntoVases()

  it('holds every moment from the start to the end', () => {
    const { robot, velocity, goal, layout, length } = episode
    expect(length).toBe(300)
    expect([...robot.subarray(0, 3)]).toEqual([layout.robot.x, layout.robot.y, layout.robot.yaw])
    expect([...goal.subarray(0, 2)]).toEqual([layout.goal.x, layout.goal.y])
    expect([...robot.subarray(3 * length), ...velocity.subarray(3 * length)]).toEqual([...environment.scene.robot])
    const { vasePoses } = environment.scene
    episode.vases.subarray(-70).forEach((value, i) => {
      if (i % VASE_VALUES < 2) expect(value).toBe(vasePoses[i])
      else expect(Math.abs(value - vasePoses[i]!)).toBeLessThanOrEqual(0.5 / POSE_STEPS)
    })
    expect(episode).toMatchObject({ task: 3, goalVisible: true, terminated: false, truncated: true })
  })

  it('has vases that stand still, where the contact solver lets them tremble', () => {
    const still = driveIntoVases({ options: { physics: 'reference', horizon: 40 } })
    const tilts = (of: Float64Array) => of.subarray(-70).filter((_, i) => [4, 5].includes(i % VASE_VALUES))
    expect(tilts(still.environment.scene.vasePoses).filter((tilt) => tilt !== 0).length).toBeGreaterThan(10)
    expect(tilts(still.episode.vases).filter((tilt) => !Object.is(tilt, 0)).length).toBeLessThan(3)
  })

  it('tells in which steps there was a cost and of which parts', () => {
    expect(episode.costs).toEqual(Float64Array.from(episode.costParts, (parts) => (parts === 0 ? 0 : 1)))
    const parts = episode.costParts.reduce((all, part) => all | part, 0)
    expect(parts & CostPart.vaseContact).toBe(CostPart.vaseContact)
    expect(parts & CostPart.vaseVelocity).toBe(CostPart.vaseVelocity)
  })

  it('has the actions as they were given, beyond the limits', () => {
    expect(episode.actions).toHaveLength(600)
    expect(episode.actions.some((value) => Math.abs(value) > 1)).toBe(true)
  })
})

describe('the observation at a moment', () => {
  it.each([
    ['a visible goal among vases', { task: 3 }],
    ['a hidden goal', { options: { goalVisible: false } }],
    ['MuJoCo for every substep', { options: { physics: 'reference', horizon: 60 } }],
    ['another world', { world: 'environment-1', task: 7 }],
  ] as const)('has the bits that the robot saw: %s', (_, drive) => {
    const { episode, observations } = driveIntoVases(drive)
    expect(observations).toHaveLength(episode.length + 1)
    observations.forEach((seen, t) => expect(observationAt(episode, t)).toEqual(seen))
  })

  it('has rings that light the bin of what is ahead', () => {
    const { episode } = driveIntoVases({ options: { goalVisible: false } })
    const heading = episode.layout.robot.yaw
    const ahead = { ...episode, goal: episode.goal.slice() }
    ahead.goal.set([
      episode.robot[0]! + 1.5 * Math.cos(heading + 0.2),
      episode.robot[1]! + 1.5 * Math.sin(heading + 0.2),
    ])
    const { goal } = lidarAt(ahead, 0)
    expect(goal[0]).toBeCloseTo(0.5)
    expect(goal.filter((brightness) => brightness > 0)).toHaveLength(3)
  })
})
