import { describe, expect, it } from 'vitest'
import { sampleLayout } from '../../../../src/core/env/layout.ts'
import { pointWorldXml } from '../../../../src/core/env/mjcf.ts'
import { MujocoPool, PointModel } from '../../../../src/core/env/physics/mujoco.ts'
import { worlds } from '../../../../src/core/env/world.ts'
import { chase, createEnvironment, mujoco, pool, randomControls } from '../mujoco.ts'

const world = worlds['environment-2']
const VASES = 10

describe('PointModel', () => {
  it('retargeted to a layout steps bit for bit as if compiled from it', () => {
    const model = new PointModel(mujoco, VASES)
    model.place(sampleLayout(world, 3).layout)
    const { layout } = sampleLayout(world, 4)
    model.place(layout)

    const compiled = mujoco.MjModel.from_xml_string(pointWorldXml(layout.robot, layout.vases))
    const data = new mujoco.MjData(compiled)
    const actions = randomControls(4, 20)
    for (let i = 0; i < 20; i++) {
      const control = actions.subarray(2 * i, 2 * i + 2)
      model.refresh()
      model.controls.set(control)
      model.advance(true)
      ;(data.ctrl as Float64Array).set(control)
      for (let k = 0; k < 10; k++) mujoco.mj_step(compiled, data)
      expect(model.qpos).toEqual(data.qpos)
      expect(model.qvel).toEqual(data.qvel)
    }
    data.delete()
    compiled.delete()
    model.dispose()
  })

  it("moves bit for bit as Safety-Gymnasium's whole model, with its goal, hazards, sensors and forward passes", () => {
    const seed = 6
    const { layout } = sampleLayout(world, seed)
    const disc = (size: string) => `<geom type="cylinder" size="${size}" contype="0" conaffinity="0"/>`
    const hazards = layout.hazards.map(({ x, y }) => `<body pos="${x} ${y} .02">${disc('.2 .01')}</body>`)
    const whole = pointWorldXml(layout.robot, layout.vases)
      .replace('</worldbody>', `<body pos="${layout.goal.x} ${layout.goal.y} .16">${disc('.3 .15')}</body>$&`)
      .replace('</worldbody>', `${hazards.join('')}$&`)
      .replace('</sensor>', '<subtreecom body="agent"/><subtreelinvel body="agent"/><subtreeangmom body="agent"/>$&')
      .replace(/<contact>[^]*<\/contact>/, '')
      .replace('512K', '8M')
    const compiled = mujoco.MjModel.from_xml_string(whole)
    const data = new mujoco.MjData(compiled)

    const env = createEnvironment({ physics: 'reference' }, world)
    env.setTask(seed)
    let touched = 0
    const qpos = new Float64Array(3 + 7 * VASES)
    for (let i = 0; i < 120; i++) {
      const action = chase(env)
      ;(data.ctrl as Float64Array).set([...action].map((value) => Math.max(-1, Math.min(1, value))))
      for (let k = 0; k < 10; k++) mujoco.mj_step(compiled, data)
      for (let k = 0; k < 3; k++) mujoco.mj_forward(compiled, data)
      env.step(action, 0)
      touched += env.cost
      qpos.set(data.qpos as Float64Array)
      expect(env.scene.vasePoses).toEqual(qpos.subarray(3))
      expect(env.scene.robot[5]).toBe((data.qvel as Float64Array)[2])
    }
    expect(touched).toBeGreaterThan(0)
    env.dispose()
    data.delete()
    compiled.delete()
  })

  it('finds the contacts of robot and vases that MuJoCo lists', () => {
    const model = pool.lease(2)
    const at = (x: number) => ({ x, y: 0.01, yaw: 0.2 })
    // Far from both, into the sphere from behind, into the arrow from ahead.
    for (const [x, touches] of [
      [-0.6, false],
      [-0.18, true],
      [0.24, true],
    ] as const) {
      model.place({ ...sampleLayout(world, 0).layout, robot: { x: 0, y: 0, yaw: 0 }, vases: [at(x), at(1.5)] })
      expect(model.robotTouchesVase(), `vase at ${x}`).toBe(touches)
    }
    // Two vases in each other, away from the robot.
    model.place({ ...sampleLayout(world, 0).layout, robot: { x: 0, y: 0, yaw: 0 }, vases: [at(1.5), at(1.6)] })
    expect(model.robotTouchesVase()).toBe(false)
    pool.giveBack(model)
  })
})

describe('MujocoPool', () => {
  it('keeps models usable while the memory of the module grows', () => {
    const own = new MujocoPool(mujoco)
    const first = own.scratch(1)
    const memory = first.qpos.buffer as ArrayBuffer
    const models: PointModel[] = []
    // A detached buffer has length 0; a resizable one never detaches, and then there is nothing to survive.
    while (memory.byteLength > 0 && !memory.resizable && models.length < 400) models.push(own.lease(10))
    expect(models.length).toBeLessThan(400)
    const again = own.scratch(1)
    expect(again).toBe(first)
    expect(again.qpos).toHaveLength(10)
    for (const model of models) own.giveBack(model)
    own.dispose()
  })

  it('lends a returned model again', () => {
    const model = pool.lease(3)
    pool.giveBack(model)
    expect(pool.lease(3)).toBe(model)
    pool.giveBack(model)
  })
})
