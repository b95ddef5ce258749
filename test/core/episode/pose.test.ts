import { expect, test } from 'vitest'
import { yawQuaternion } from '../../../src/core/env/mjcf.ts'
import { cubeFromAbove, goalAt, robotAt, vaseAt } from '../../../src/core/episode/pose.ts'

test('the robot moves and turns evenly between two states, and stays in the last', () => {
  const robot = Float64Array.of(0, 0, 3, 1, 2, 4)
  expect(robotAt(robot, 0.25)).toEqual({ x: 0.25, y: 0.5, yaw: 3.25 })
  expect(robotAt(robot, 1)).toEqual({ x: 1, y: 2, yaw: 4 })
  expect(robotAt(robot, 7)).toEqual({ x: 1, y: 2, yaw: 4 })
})

test('a vase turns on the shorter way, whichever sign its quaternion has', () => {
  const [a, b] = [yawQuaternion(0), yawQuaternion(0.4).map((value) => -value)]
  const vases = Float64Array.of(0, 0, 0.1, ...a, 1, 0, 0.1, ...b)
  const { x, w, k } = vaseAt(vases, 1, 0, 0.5)
  expect(x).toBe(0.5)
  expect(Math.abs(2 * Math.atan2(k, w))).toBeCloseTo(0.2, 9)
})

test('the second of two vases is not the first', () => {
  const still = yawQuaternion(0)
  const vases = Float64Array.of(0, 0, 0, ...still, 5, 6, 0, ...still)
  expect(vaseAt(vases, 2, 1, 0)).toMatchObject({ x: 5, y: 6, w: 1 })
})

test('the goal jumps', () => {
  expect(goalAt(Float64Array.of(0, 0, 2, 2), 0.9)).toEqual({ x: 0, y: 0 })
  expect(goalAt(Float64Array.of(0, 0, 2, 2), 1)).toEqual({ x: 2, y: 2 })
})

test('from above a standing cube is a square, turned by its yaw', () => {
  const [w, i, j, k] = yawQuaternion(Math.PI / 4)
  const outline = cubeFromAbove({ x: 1, y: 0, z: 0.1, w, i, j, k }, 0.1)
  expect(outline).toHaveLength(4)
  for (const corner of outline) expect(Math.hypot(corner.x - 1, corner.y)).toBeCloseTo(0.1 * Math.SQRT2, 9)
  expect(Math.max(...outline.map(({ x }) => x))).toBeCloseTo(1 + 0.1 * Math.SQRT2, 9)
})

test('a cube tipped by 45 degrees about an edge is wider that way', () => {
  const half = Math.PI / 8
  const outline = cubeFromAbove({ x: 0, y: 0, z: 0, w: Math.cos(half), i: Math.sin(half), j: 0, k: 0 }, 0.1)
  const width = (axis: 'x' | 'y') => 2 * Math.max(...outline.map((corner) => corner[axis]))
  expect(width('x')).toBeCloseTo(0.2, 9)
  expect(width('y')).toBeCloseTo(0.2 * Math.SQRT2, 9)
})
