import { describe, expect, it } from 'vitest'
import { sampleLayout } from '../../../../src/core/env/layout.ts'
import { findSquare, robotOverlapsSquare } from '../../../../src/core/env/physics/reach.ts'
import { worlds } from '../../../../src/core/env/world.ts'
import { stream } from '../../../../src/core/random/stream.ts'
import { pool } from '../mujoco.ts'

describe('robotOverlapsSquare', () => {
  it("agrees with MuJoCo's collision detection around a vase", () => {
    const model = pool.lease(1)
    const { layout } = sampleLayout(worlds['environment-1'], 0)
    const random = stream('test', 'reach')
    let touching = 0
    for (let i = 0; i < 400; i++) {
      const angle = 2 * Math.PI * random.uniform()
      const distance = 0.15 + 0.2 * random.uniform()
      const [dx, dy] = [distance * Math.cos(angle), distance * Math.sin(angle)]
      const yaw = 2 * Math.PI * random.uniform()
      const vaseYaw = 2 * Math.PI * random.uniform()
      model.place({ ...layout, robot: { x: dx, y: dy, yaw }, vases: [{ x: 0, y: 0, yaw: vaseYaw }] })
      const touches = model.robotTouchesVase()
      touching += Number(touches)
      const overlaps = robotOverlapsSquare(dx, dy, Math.cos(yaw), Math.sin(yaw), Math.cos(vaseYaw), Math.sin(vaseYaw))
      expect(overlaps, `robot at ${dx}, ${dy}, yaw ${yaw}; vase's yaw ${vaseYaw}`).toBe(touches)
    }
    expect(touching).toBeGreaterThan(100)
    expect(touching).toBeLessThan(300)
    pool.giveBack(model)
  })
})

describe('findSquare', () => {
  /** Pose of a vase turned by `yaw` about the vertical after a quaternion (w, x, y, z). */
  const turned = ([w, x, y, z]: [number, number, number, number], yaw: number) => {
    const c = Math.cos(yaw / 2)
    const s = Math.sin(yaw / 2)
    return Float64Array.of(0, 0, 0.1, c * w - s * z, c * x - s * y, c * y + s * x, c * z + s * w)
  }
  const quarter = Math.SQRT1_2

  it.each([
    ['upright', [1, 0, 0, 0]],
    ['on its head', [0, 1, 0, 0]],
    ['on its y face', [quarter, quarter, 0, 0]],
    ['on its x face', [quarter, 0, quarter, 0]],
  ] as [string, [number, number, number, number]][])('finds how a vase %s is turned', (_, quaternion) => {
    const out = new Float64Array(4)
    for (const yaw of [0, 0.3, -1.2, 2.5]) {
      findSquare(turned(quaternion, yaw), 0, out, 1)
      expect(Math.hypot(out[1]!, out[2]!)).toBeCloseTo(1, 12)
      // A square looks the same after quarter turns.
      expect(Math.sin(4 * (Math.atan2(out[2]!, out[1]!) - yaw))).toBeCloseTo(0, 12)
      expect(Math.cos(4 * (Math.atan2(out[2]!, out[1]!) - yaw))).toBeCloseTo(1, 12)
    }
    expect([out[0], out[3]]).toEqual([0, 0])
  })

  it('finds none for a vase that leans', () => {
    const out = new Float64Array(2)
    findSquare(turned([Math.cos(0.01), Math.sin(0.01), 0, 0], 0.4), 0, out, 0)
    expect([...out]).toEqual([NaN, NaN])
  })
})
