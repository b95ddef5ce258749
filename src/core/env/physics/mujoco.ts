/**
 * MuJoCo's models of a point robot among vases. Embind getters cost hundreds of nanoseconds, so the views are kept;
 * growth of the module's memory detaches them, so they are fetched again when found empty.
 */
import type { MainModule, MjData, MjModel, MjOption } from '@mujoco/mujoco'
import type { Layout, Pose } from '../layout.ts'
import { SUBSTEPS, VASE_START_HEIGHT, modelIds, pointWorldXml, yawQuaternion } from '../mjcf.ts'
import { ROBOT_JOINTS } from './joint-coordinates.ts'

export type Mujoco = MainModule

/**
 * Layout of `mjContact` in @mujoco/mujoco 3.14.0 (mjdata.h): its size and the offset of `int geom[2]`. The arena begins
 * with the contacts; iterating `data.contact` instead would take 80 us per step.
 */
const CONTACT_BYTES = 584
const CONTACT_GEOM_BYTE = 540
/** Contacts that the view covers; more than ten vases in a heap have. */
const MAX_CONTACTS = 300

export class PointModel {
  readonly vases: number
  qpos!: Float64Array
  qvel!: Float64Array
  qacc!: Float64Array
  controls!: Float64Array
  sensors!: Float64Array
  /** Where the constraint solver starts; part of the state beside qpos and qvel. */
  warmStart!: Float64Array
  private contacts!: Int32Array

  private readonly mujoco: Mujoco
  private readonly model: MjModel
  private readonly data: MjData
  private readonly option: MjOption
  private readonly withSensors: number
  private readonly withoutSensors: number

  constructor(mujoco: Mujoco, vases: number) {
    const parked: Pose[] = Array.from({ length: vases }, (_, i) => ({ x: i + 1, y: 0, yaw: 0 }))
    const model = mujoco.MjModel.from_xml_string(pointWorldXml({ x: 0, y: 0, yaw: 0 }, parked))
    this.mujoco = mujoco
    this.vases = vases
    this.model = model
    this.data = new mujoco.MjData(model)
    this.option = model.opt
    this.withSensors = this.option.disableflags
    this.withoutSensors = this.withSensors | mujoco.mjtDisableBit.mjDSBL_SENSOR.value
    this.fetchViews()
  }

  /** To be called before the views are used: another model's birth may have detached them. */
  refresh(): void {
    if (this.qpos.length === 0) this.fetchViews()
  }

  /** Makes `layout` the model's initial state, bit for bit as if compiled from it, and resets to it. */
  place(layout: Layout): void {
    const { model, data, mujoco } = this
    const bodyPositions = model.body_pos as Float64Array
    const bodyQuaternions = model.body_quat as Float64Array
    const initial = new Float64Array(ROBOT_JOINTS + 7 * this.vases)

    bodyPositions[3 * modelIds.robotBody] = layout.robot.x
    bodyPositions[3 * modelIds.robotBody + 1] = layout.robot.y
    bodyQuaternions.set(yawQuaternion(layout.robot.yaw), 4 * modelIds.robotBody)
    layout.vases.forEach((vase, i) => {
      const position = [vase.x, vase.y, VASE_START_HEIGHT]
      const quaternion = yawQuaternion(vase.yaw)
      bodyPositions.set(position, 3 * (modelIds.vaseBody + i))
      bodyQuaternions.set(quaternion, 4 * (modelIds.vaseBody + i))
      initial.set([...position, ...quaternion], ROBOT_JOINTS + 7 * i)
    })
    ;(model.qpos0 as Float64Array).set(initial)
    ;(model.qpos_spring as Float64Array).set(initial)
    // Constants that MuJoCo derives from the initial state; without them the bits differ from a fresh compile.
    mujoco.mj_setConst(model, data)
    this.reset()
  }

  reset(): void {
    this.mujoco.mj_resetData(this.model, this.data)
    this.forward()
  }

  /** Derived quantities (contacts, accelerations, sensors) of the present state and controls. */
  forward(): void {
    this.mujoco.mj_forward(this.model, this.data)
    this.refresh()
  }

  /**
   * One environment step. Sensors are computed once, at its end. `continued` says that the state is as the last
   * `forward` left it, so that the first substep need not repeat what does not depend on the controls.
   */
  advance(continued: boolean): void {
    const { mujoco, model, data } = this
    this.option.disableflags = this.withoutSensors
    if (continued) mujoco.mj_step2(model, data)
    else mujoco.mj_step(model, data)
    for (let i = 1; i < SUBSTEPS; i++) mujoco.mj_step(model, data)
    this.option.disableflags = this.withSensors
    mujoco.mj_forward(model, data)
  }

  /** Whether the contact list has a pair of the robot and a vase. */
  robotTouchesVase(): boolean {
    const count = this.data.ncon
    const contacts = this.contacts
    if (count > MAX_CONTACTS) throw new RangeError(`MuJoCo lists ${count} contacts; the view covers ${MAX_CONTACTS}`)
    for (let i = 0; i < count; i++) {
      const at = (i * CONTACT_BYTES + CONTACT_GEOM_BYTE) / 4
      if (isRobotAndVase(contacts[at]!, contacts[at + 1]!) || isRobotAndVase(contacts[at + 1]!, contacts[at]!))
        return true
    }
    return false
  }

  dispose(): void {
    this.option.delete()
    this.data.delete()
    this.model.delete()
  }

  private fetchViews(): void {
    const { data } = this
    this.qpos = data.qpos as Float64Array
    this.qvel = data.qvel as Float64Array
    this.qacc = data.qacc as Float64Array
    this.controls = data.ctrl as Float64Array
    this.sensors = data.sensordata as Float64Array
    this.warmStart = data.qacc_warmstart as Float64Array
    const arena = data.arena as Uint8Array
    const words = Math.min(arena.byteLength, MAX_CONTACTS * CONTACT_BYTES) >> 2
    this.contacts = new Int32Array(arena.buffer, arena.byteOffset, words)
  }
}

function isRobotAndVase(a: number, b: number): boolean {
  return (a === modelIds.robotGeoms[0] || a === modelIds.robotGeoms[1]) && b >= modelIds.vaseGeom
}

/** One per worker: the models that all its environments share. */
export class MujocoPool {
  private readonly mujoco: Mujoco
  private readonly shared = new Map<number, PointModel>()
  private readonly idle: PointModel[] = []

  constructor(mujoco: Mujoco) {
    this.mujoco = mujoco
  }

  /** The model with this many vases for steps that leave nothing behind in it; its robot starts in the origin. */
  scratch(vases: number): PointModel {
    let model = this.shared.get(vases)
    if (model === undefined) {
      model = new PointModel(this.mujoco, vases)
      this.shared.set(vases, model)
    }
    model.refresh()
    return model
  }

  /** A model of one's own, until `giveBack`. */
  lease(vases: number): PointModel {
    const index = this.idle.findIndex((model) => model.vases === vases)
    return index >= 0 ? this.idle.splice(index, 1)[0]! : new PointModel(this.mujoco, vases)
  }

  giveBack(model: PointModel): void {
    this.idle.push(model)
  }

  /** Frees all models; leased ones must have come back. */
  dispose(): void {
    for (const model of [...this.shared.values(), ...this.idle]) model.dispose()
    this.shared.clear()
    this.idle.length = 0
  }
}
