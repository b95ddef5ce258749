import { describe, expect, it } from 'vitest'
import { pointWorldXml } from '../../../src/core/env/mjcf.ts'
import { SENSOR_VALUES, moveFreely, senseFreely } from '../../../src/core/env/point-robot.ts'
import { maxDifference, mujoco, randomControls } from './mujoco.ts'

const STEPS = 300

const controls: Record<string, (step: number) => [number, number]> = {
  'random controls': (step) => [random[2 * step]!, random[2 * step + 1]!],
  'full speed ahead': () => [1, 0],
  'full speed and turn': () => [1, 1],
  'spinning to and fro': (step) => [0.02, step % 100 < 50 ? 1 : -1],
}
const random = randomControls(1, STEPS).map((value) => Math.max(-1, Math.min(1, value)))

/** MuJoCo's robot in an empty world, in the world's frame. */
function createRobot(): { model: InstanceType<typeof mujoco.MjModel>; data: InstanceType<typeof mujoco.MjData> } {
  const model = mujoco.MjModel.from_xml_string(pointWorldXml({ x: 0, y: 0, yaw: 0 }, []))
  return { model, data: new mujoco.MjData(model) }
}

describe('the closed form of the point robot against MuJoCo', () => {
  it.each(Object.entries(controls))('with %s', (_, control) => {
    const { model, data } = createRobot()
    const state = () => Float64Array.from([...(data.qpos as Float64Array), ...(data.qvel as Float64Array)])
    const sensors = new Float64Array(SENSOR_VALUES)
    let substep = 0
    let step = 0
    let sensed = 0
    for (let i = 0; i < STEPS; i++) {
      const [drive, turn] = control(i)
      ;(data.ctrl as Float64Array).set([drive, turn])
      const whole = state()
      for (let k = 0; k < 10; k++) {
        const one = state()
        moveFreely(one, drive, turn, 1)
        mujoco.mj_step(model, data)
        substep = Math.max(substep, maxDifference(one, state()))
      }
      moveFreely(whole, drive, turn)
      step = Math.max(step, maxDifference(whole, state()))
      mujoco.mj_forward(model, data)
      senseFreely(state(), drive, turn, sensors)
      sensed = Math.max(sensed, maxDifference(sensors, data.sensordata as Float64Array))
    }
    expect(substep).toBeLessThan(1e-13)
    expect(step).toBeLessThan(1e-8)
    expect(sensed).toBeLessThan(1e-11)
    data.delete()
    model.delete()
  })

  it('moves the same way in every direction', () => {
    const turned = 2.3
    const straight = Float64Array.of(0, 0, 0.4, 0.3, -0.2, 0.5)
    const rotated = rotate(straight, turned)
    moveFreely(straight, 0.7, -0.3)
    moveFreely(rotated, 0.7, -0.3)
    expect(maxDifference(rotated, rotate(straight, turned))).toBeLessThan(1e-14)
  })
})

function rotate(state: Float64Array, angle: number): Float64Array {
  const [x, y, yaw, vx, vy, rate] = state as unknown as [number, number, number, number, number, number]
  const cos = Math.cos(angle)
  const sin = Math.sin(angle)
  return Float64Array.of(
    cos * x - sin * y,
    sin * x + cos * y,
    yaw + angle,
    cos * vx - sin * vy,
    sin * vx + cos * vy,
    rate,
  )
}
