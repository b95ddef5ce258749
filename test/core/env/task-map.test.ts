import { expect, test } from 'vitest'
import { arcPath, mapPaths, robotOutline, vaseCorners } from '../../../src/core/env/task-map.ts'
import { sampleTask } from '../../../src/core/env/tasks.ts'
import { worlds } from '../../../src/core/env/world.ts'

const robot = { x: 0.5, y: 0.25, yaw: 0 }
const layout = { ...sampleTask(worlds['environment-1'], 3).layout, robot, goal: { x: 1, y: 0.25 } }

test('every object is drawn, with y upwards on the floor and downwards on the page', () => {
  const { hazards, vases, goal, way } = mapPaths(worlds['environment-1'], layout)
  expect(hazards.match(/Z/g)).toHaveLength(9)
  expect(vases.match(/Z/g)).toHaveLength(1)
  expect(goal).toBe('M0.7 -0.25A0.3 0.3 0 0 1 1.3 -0.25A0.3 0.3 0 0 1 0.7 -0.25Z')
  expect(way).toBe('M0.5 -0.25L1 -0.25')
})

test('the sector opens ahead of the robot, left end first', () => {
  expect(arcPath(layout, 180, 1)).toBe('M0.5 -0.25L0.5 -1.25A1 1 0 0 1 0.5 0.75Z')
  expect(arcPath(layout, 270, 1)).toMatch(/ 0 1 1 /)
  expect(arcPath(layout, 360, 1)).toBe('')
})

test('the arrow points where the robot looks, and vases turn with their yaw', () => {
  const up = { x: 0, y: 0, yaw: Math.PI / 2 }
  expect(robotOutline(up, 1)[0]!.y).toBeCloseTo(1.1, 12)
  const [corner] = vaseCorners({ x: 1, y: 1, yaw: Math.PI / 4 })
  expect(corner!.x).toBeCloseTo(1, 12)
  expect(corner!.y).toBeGreaterThan(1.1)
})
