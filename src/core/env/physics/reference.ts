/**
 * MuJoCo for every substep of the whole world: bit for bit what MuJoCo makes of Safety-Gymnasium's model, and the
 * baseline that `fast` is measured against.
 */
import type { Layout } from '../layout.ts'
import { SENSOR_VALUES } from '../point-robot.ts'
import { toJointCoordinates, toScene } from './joint-coordinates.ts'
import type { MujocoPool, PointModel } from './mujoco.ts'
import type { Physics, SceneState } from './physics.ts'

export class ReferencePhysics implements Physics {
  readonly robot = new Float64Array(6)
  readonly vasePoses: Float64Array
  readonly vaseVelocities: Float64Array
  readonly sensors = new Float64Array(SENSOR_VALUES)
  touchesVase = false
  fastestVase = 0

  private readonly pool: MujocoPool
  private readonly model: PointModel
  private layout: Layout | null = null

  constructor(pool: MujocoPool, vases: number) {
    this.pool = pool
    this.model = pool.lease(vases)
    this.vasePoses = new Float64Array(7 * vases)
    this.vaseVelocities = new Float64Array(6 * vases)
  }

  place(layout: Layout): void {
    this.layout = layout
    this.model.place(layout)
    this.read()
  }

  reset(): void {
    this.model.reset()
    this.read()
  }

  advance(drive: number, turn: number): void {
    const { model } = this
    model.refresh()
    model.controls[0] = drive
    model.controls[1] = turn
    model.advance(true)
    this.read()
  }

  restore(state: SceneState): void {
    const { model } = this
    model.refresh()
    toJointCoordinates(this.placed(), state, model.qpos, model.qvel)
    model.controls.fill(0)
    model.warmStart.fill(0)
    model.forward()
    this.read()
  }

  dispose(): void {
    this.pool.giveBack(this.model)
  }

  private read(): void {
    const { model, vaseVelocities } = this
    toScene(this.placed(), model.qpos, model.qvel, this)
    this.sensors.set(model.sensors)
    this.touchesVase = model.robotTouchesVase()
    this.fastestVase = 0
    for (let i = 0; i < vaseVelocities.length; i += 6) {
      this.fastestVase = Math.max(this.fastestVase, linearSpeed(vaseVelocities, i))
    }
  }

  private placed(): Layout {
    if (this.layout === null) throw new Error('The physics has no layout yet')
    return this.layout
  }
}

function linearSpeed(velocities: Float64Array, at: number): number {
  const x = velocities[at]!
  const y = velocities[at + 1]!
  const z = velocities[at + 2]!
  return Math.sqrt(x * x + y * y + z * z)
}
