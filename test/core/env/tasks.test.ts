import { describe, expect, it } from 'vitest'
import { sampleTask, sampleTasks } from '../../../src/core/env/tasks.ts'
import { worlds } from '../../../src/core/env/world.ts'
import { readLayouts } from '../../golden/read.ts'

const arcSeeds = (name: keyof typeof worlds, from: number, to: number) =>
  sampleTasks(worlds[name], { from, to, arcDegrees: 140 }).map((task) => task.seed)

describe('sampleTasks', () => {
  // The paper has 107 and 106 tasks with seeds 0 to 300; what its arc is measured from is not said.
  it.each([
    ['environment-1', 0, 300, 106],
    ['environment-1', 301, 600, 133],
    ['environment-2', 0, 300, 117],
    ['environment-2', 301, 600, 105],
    ['point-goal-1', 0, 300, 117],
  ] as const)('finds in the arc of %s, seeds %i to %i, %i tasks', (name, from, to, count) => {
    expect(arcSeeds(name, from, to)).toHaveLength(count)
  })

  it.each([
    ['pointgoal1', 'point-goal-1'],
    ['environment1', 'environment-1'],
    ['pointgoal2', 'environment-2'],
  ] as const)('finds the very seeds that the Python layouts give: %s', (recorded, name) => {
    expect(arcSeeds(name, 0, 600)).toEqual(readLayouts(recorded).inArc)
  })

  it("has the tasks of the paper's figure 9 in Environment 2 and not in Environment 1", () => {
    expect(arcSeeds('environment-2', 0, 300)).toEqual(expect.arrayContaining([122, 233]))
    expect(arcSeeds('environment-1', 0, 300)).not.toContain(122)
    expect(arcSeeds('environment-1', 0, 300)).not.toContain(233)
  })

  it('takes every seed without an arc', () => {
    const tasks = sampleTasks(worlds['environment-1'], { from: 3, to: 7 })
    expect(tasks.map((task) => task.seed)).toEqual([3, 4, 5, 6, 7])
  })
})

describe('sampleTask', () => {
  it('measures bearing and distance from the robot to the goal', () => {
    for (let seed = 0; seed < 20; seed++) {
      const { layout, goalBearing, goalDistance } = sampleTask(worlds['environment-2'], seed)
      expect(Math.abs(goalBearing)).toBeLessThanOrEqual(Math.PI)
      const direction = layout.robot.yaw + goalBearing
      expect(layout.robot.x + goalDistance * Math.cos(direction)).toBeCloseTo(layout.goal.x, 12)
      expect(layout.robot.y + goalDistance * Math.sin(direction)).toBeCloseTo(layout.goal.y, 12)
    }
  })
})
