import { describe, expect, it } from 'vitest'
import { CostPart } from '../../../src/core/env/environment.ts'
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
    expect(episode.vases.subarray(-70)).toEqual(environment.scene.vasePoses)
    expect(episode).toMatchObject({ task: 3, goalVisible: true, terminated: false, truncated: true })
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
