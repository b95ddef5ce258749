import { expect, test } from 'vitest'
import { distanceToSegment, taskDifficulty } from '../../../src/core/env/task-difficulty.ts'
import { sampleTasks, type Task } from '../../../src/core/env/tasks.ts'
import { worlds, type World } from '../../../src/core/env/world.ts'

const posed = (x: number, y: number) => ({ x, y, yaw: 0 })

/** Robot at the origin looking along x, goal 2 m ahead. */
function task(hazards: readonly (readonly [number, number])[], vases: readonly (readonly [number, number])[] = []) {
  const world: World = {
    ...worlds['environment-1'],
    objects: [
      { kind: 'hazard', count: hazards.length, keepout: 0.18, radius: 0.2, constrained: true },
      { kind: 'vase', count: vases.length, keepout: 0.15, costSpeed: 1e-4, constrained: false },
    ],
  }
  const goal = { x: 2, y: 0 }
  const layout = {
    robot: posed(0, 0),
    goal,
    firstSampledGoal: goal,
    hazards: hazards.map(([x, y]) => posed(x, y)),
    vases: vases.map(([x, y]) => posed(x, y)),
  }
  const whole: Task = { seed: 0, layout, goalBearing: 0, goalDistance: 2 }
  return taskDifficulty(world, whole)
}

test('a hazard on the way costs its diameter, one beside it nothing', () => {
  const { hazardStretch, hazardsNear, clearance } = task([
    [1, 0],
    [1.5, 0.35],
    [0.5, 0.9],
  ])
  expect(hazardStretch).toBeCloseTo(0.4, 12)
  expect(hazardsNear).toBe(2)
  expect(clearance).toBeCloseTo(-0.2, 12)
})

test('what two hazards cover counts once', () => {
  // Centres 0.3 m apart: from 0.8 to 1.5.
  expect(task([[1, 0], [1.3, 0]]).hazardStretch).toBeCloseTo(0.7, 12) // prettier-ignore
})

test('only the part of a hazard between start and goal counts', () => {
  expect(task([[2.1, 0]]).hazardStretch).toBeCloseTo(0.1, 12)
  expect(task([[2.1, 0]]).clearance).toBeCloseTo(-0.1, 12)
  expect(task([[2.5, 0]]).hazardStretch).toBe(0)
})

test('a chord off the centre is shorter', () => {
  expect(task([[1, 0.12]]).hazardStretch).toBeCloseTo(0.32, 12)
})

test('vases in the corridor are counted by their centres', () => {
  expect(task([], [[1, 0.19], [1, 0.21], [-0.1, 0]]).vasesNear).toBe(2) // prettier-ignore
})

test('the distance to a way is that to its nearest end beyond it', () => {
  expect(distanceToSegment({ x: 5, y: 4 }, { x: 0, y: 0 }, { x: 2, y: 0 })).toBe(5)
  expect(distanceToSegment({ x: 1, y: 1 }, { x: 0, y: 0 }, { x: 0, y: 0 })).toBe(Math.SQRT2)
})

test('the figures of real tasks agree with one another', () => {
  const world = worlds['environment-2']
  for (const sampled of sampleTasks(world, { from: 0, to: 99, arcDegrees: 140 })) {
    const { bearing, hazardStretch, hazardsNear, clearance, distance } = taskDifficulty(world, sampled)
    expect(Math.abs(bearing)).toBeLessThanOrEqual(70)
    expect(hazardStretch > 0).toBe(clearance < 0)
    expect(hazardsNear > 0).toBe(clearance < 0.2)
    expect(hazardStretch).toBeLessThan(distance)
  }
})
