/**
 * The default physics. While the robot can touch no vase and no vase moves, it moves by its closed-form dynamics;
 * otherwise MuJoCo steps the robot with those vases that move or can be reached, and everything else stays where it
 * is. All in the world's frame: the scratch models' robot starts in the origin, and its slides damp alike in every
 * direction.
 *
 * Two things differ from `reference`: a vase at rest does not creep (micrometres per episode there), and the contact
 * solver starts cold in every environment step, so that a step depends on nothing but the scene.
 */
import type { Layout } from '../layout.ts'
import { SUBSTEPS, TIMESTEP, VASE_HALF_SIZE, yawQuaternion } from '../mjcf.ts'
import { SENSOR_VALUES, moveFreely, senseFreely } from '../point-robot.ts'
import { ROBOT_JOINTS } from './joint-coordinates.ts'
import type { MujocoPool } from './mujoco.ts'
import type { Physics, SceneState } from './physics.ts'
import { ROBOT_REACH, VASE_REACH, findSquare, robotOverlapsSquare } from './reach.ts'

/** Height at which a vase's weight and the floor's soft contact balance (measured with MuJoCo 3.14.0), metres. */
const REST_HEIGHT = VASE_HALF_SIZE - 4.362e-5
/** A vase slower than this at every point of its faces, and not about to be faster, is at rest, m/s. */
const REST_SPEED = 1e-4
/** Seconds of one environment step. */
const STEP_TIME = SUBSTEPS * TIMESTEP
/** The robot gains at most 3 m/s^2 on its own: less than this within one step, metres. */
const FREE_SLACK = 0.004
/** What contact may add to a body's path within one step, metres. */
const CONTACT_SLACK = 0.04
export class FastPhysics implements Physics {
  readonly robot = new Float64Array(6)
  readonly vasePoses: Float64Array
  readonly vaseVelocities: Float64Array
  readonly sensors = new Float64Array(SENSOR_VALUES)
  touchesVase = false
  fastestVase = 0

  private readonly pool: MujocoPool
  private readonly vases: number
  private readonly start: Float64Array
  private readonly startPoses: Float64Array
  /** Where the robot would be if nothing were in its way. */
  private readonly trial = new Float64Array(6)
  /** 1 for each vase that moves. */
  private readonly moving: Uint8Array
  private movingCount = 0
  /** Cosine and sine of the square that each vase stands on; NaN for one that leans, [vases x 2]. */
  private readonly squares: Float64Array
  /** Some vase is not where the layout put it. */
  private disturbed = true
  /** The vases that a step has to consider, and how many. */
  private readonly chosen: Int32Array
  private readonly isChosen: Uint8Array

  constructor(pool: MujocoPool, vases: number) {
    this.pool = pool
    this.vases = vases
    this.vasePoses = new Float64Array(7 * vases)
    this.vaseVelocities = new Float64Array(6 * vases)
    this.start = new Float64Array(6)
    this.startPoses = new Float64Array(7 * vases)
    this.moving = new Uint8Array(vases)
    this.squares = new Float64Array(2 * vases)
    this.chosen = new Int32Array(vases)
    this.isChosen = new Uint8Array(vases)
  }

  place(layout: Layout): void {
    this.start.set([layout.robot.x, layout.robot.y, layout.robot.yaw])
    layout.vases.forEach((vase, i) => {
      this.startPoses.set([vase.x, vase.y, REST_HEIGHT, ...yawQuaternion(vase.yaw)], 7 * i)
    })
    this.disturbed = true
    this.reset()
  }

  reset(): void {
    this.robot.set(this.start)
    if (this.disturbed) {
      this.vasePoses.set(this.startPoses)
      for (let i = 0; i < this.vases; i++) this.putToRest(i)
      this.movingCount = 0
      this.disturbed = false
    }
    this.touchesVase = false
    this.fastestVase = 0
    senseFreely(this.robot, 0, 0, this.sensors)
  }

  advance(drive: number, turn: number): void {
    if (this.movingCount === 0 && this.moveWithoutContact(drive, turn)) {
      this.robot.set(this.trial)
      senseFreely(this.robot, drive, turn, this.sensors)
      this.touchesVase = false
      this.fastestVase = 0
    } else {
      this.moveInMujoco(drive, turn)
    }
  }

  restore(state: SceneState): void {
    this.robot.set(state.robot)
    this.vasePoses.set(state.vasePoses)
    this.vaseVelocities.set(state.vaseVelocities)
    this.disturbed = true
    this.movingCount = 0
    this.fastestVase = 0
    for (let i = 0; i < this.vases; i++) {
      const speed = this.linearSpeed(i)
      if (Math.max(speed, this.edgeSpeed(i)) < REST_SPEED) this.putToRest(i)
      else this.keepMoving(i, speed)
    }
    this.touchesVase = false
    senseFreely(this.robot, 0, 0, this.sensors)
  }

  /** Nothing to give back: the scratch models belong to the pool. */
  dispose(): void {}

  /** Moves `trial` along the free path; false as soon as the robot might touch a vase. */
  private moveWithoutContact(drive: number, turn: number): boolean {
    const { trial } = this
    trial.set(this.robot)
    const near = this.choose(ROBOT_REACH + VASE_REACH + FREE_SLACK + STEP_TIME * this.robotSpeed())
    if (near === 0) {
      moveFreely(trial, drive, turn)
      return true
    }
    if (this.overlaps(trial, near)) return false
    for (let i = 0; i < SUBSTEPS; i++) {
      moveFreely(trial, drive, turn, 1)
      if (this.overlaps(trial, near)) return false
    }
    return true
  }

  private moveInMujoco(drive: number, turn: number): void {
    const { robot, vasePoses, vaseVelocities, chosen } = this
    this.disturbed = true
    const count = this.chooseAffected()
    const model = this.pool.scratch(count)
    const { qpos, qvel } = model
    for (let i = 0; i < ROBOT_JOINTS; i++) {
      qpos[i] = robot[i]!
      qvel[i] = robot[ROBOT_JOINTS + i]!
    }
    for (let k = 0; k < count; k++) {
      const vase = chosen[k]!
      for (let i = 0; i < 7; i++) qpos[ROBOT_JOINTS + 7 * k + i] = vasePoses[7 * vase + i]!
      for (let i = 0; i < 6; i++) qvel[ROBOT_JOINTS + 6 * k + i] = vaseVelocities[6 * vase + i]!
    }
    model.warmStart.fill(0)
    model.controls[0] = drive
    model.controls[1] = turn
    model.advance(false)

    for (let i = 0; i < ROBOT_JOINTS; i++) {
      robot[i] = qpos[i]!
      robot[ROBOT_JOINTS + i] = qvel[i]!
    }
    for (let i = 0; i < SENSOR_VALUES; i++) this.sensors[i] = model.sensors[i]!
    this.touchesVase = model.robotTouchesVase()
    this.movingCount = 0
    this.fastestVase = 0
    for (let k = 0; k < count; k++) {
      const vase = chosen[k]!
      for (let i = 0; i < 7; i++) vasePoses[7 * vase + i] = qpos[ROBOT_JOINTS + 7 * k + i]!
      for (let i = 0; i < 6; i++) vaseVelocities[6 * vase + i] = qvel[ROBOT_JOINTS + 6 * k + i]!
      this.settle(vase, model.qacc, ROBOT_JOINTS + 6 * k)
    }
  }

  /** Decides whether a vase has come to rest: slow, and no acceleration that would change it within a step. */
  private settle(vase: number, qacc: Float64Array, at: number): void {
    const speed = this.linearSpeed(vase)
    const gain = STEP_TIME * Math.max(norm(qacc, at), VASE_HALF_SIZE * norm(qacc, at + 3))
    if (Math.max(speed, this.edgeSpeed(vase)) < REST_SPEED && gain < REST_SPEED) this.putToRest(vase)
    else this.keepMoving(vase, speed)
  }

  private keepMoving(vase: number, speed: number): void {
    this.moving[vase] = 1
    this.movingCount++
    if (speed > this.fastestVase) this.fastestVase = speed
  }

  /** Stops a vase where it is and finds the square that it stands on. */
  private putToRest(vase: number): void {
    this.moving[vase] = 0
    this.vaseVelocities.fill(0, 6 * vase, 6 * vase + 6)
    findSquare(this.vasePoses, 7 * vase, this.squares, 2 * vase)
  }

  /** Whether `robot` might touch one of the first `near` chosen vases, all of them at rest. */
  private overlaps(robot: Float64Array, near: number): boolean {
    if (near === 0) return false
    const { vasePoses, squares, chosen } = this
    const x = robot[0]!
    const y = robot[1]!
    const cos = Math.cos(robot[2]!)
    const sin = Math.sin(robot[2]!)
    for (let k = 0; k < near; k++) {
      const vase = chosen[k]!
      const dx = x - vasePoses[7 * vase]!
      const dy = y - vasePoses[7 * vase + 1]!
      const vaseCos = squares[2 * vase]!
      if (Number.isNaN(vaseCos)) {
        if (dx * dx + dy * dy < (ROBOT_REACH + VASE_REACH) ** 2) return true
      } else if (robotOverlapsSquare(dx, dy, cos, sin, vaseCos, squares[2 * vase + 1]!)) {
        return true
      }
    }
    return false
  }

  /** Puts the vases with their centre within `distance` of the robot into `chosen`; returns how many. */
  private choose(distance: number): number {
    const { vasePoses, chosen } = this
    const x = this.robot[0]!
    const y = this.robot[1]!
    let count = 0
    for (let vase = 0; vase < this.vases; vase++) {
      const dx = vasePoses[7 * vase]! - x
      const dy = vasePoses[7 * vase + 1]! - y
      if (dx * dx + dy * dy < distance * distance) chosen[count++] = vase
    }
    return count
  }

  /** The vases that move, those that the robot may reach within the step, and those that any of these may reach. */
  private chooseAffected(): number {
    const { chosen, isChosen, moving, vasePoses } = this
    const near = this.choose(ROBOT_REACH + VASE_REACH + CONTACT_SLACK + STEP_TIME * this.robotSpeed())
    isChosen.set(moving)
    for (let k = 0; k < near; k++) isChosen[chosen[k]!] = 1
    let count = 0
    for (let vase = 0; vase < this.vases; vase++) if (isChosen[vase]) chosen[count++] = vase

    for (let k = 0; k < count; k++) {
      const source = chosen[k]!
      const distance = 2 * VASE_REACH + CONTACT_SLACK + STEP_TIME * this.linearSpeed(source)
      for (let vase = 0; vase < this.vases; vase++) {
        if (isChosen[vase]) continue
        const dx = vasePoses[7 * vase]! - vasePoses[7 * source]!
        const dy = vasePoses[7 * vase + 1]! - vasePoses[7 * source + 1]!
        if (dx * dx + dy * dy >= distance * distance) continue
        isChosen[vase] = 1
        chosen[count++] = vase
      }
    }
    // In the order of their numbers, as in the whole model.
    count = 0
    for (let vase = 0; vase < this.vases; vase++) if (isChosen[vase]) chosen[count++] = vase
    return count
  }

  private robotSpeed(): number {
    const vx = this.robot[3]!
    const vy = this.robot[4]!
    return Math.sqrt(vx * vx + vy * vy)
  }

  private linearSpeed(vase: number): number {
    return norm(this.vaseVelocities, 6 * vase)
  }

  /** Speed of a vase's faces from its rotation. */
  private edgeSpeed(vase: number): number {
    return VASE_HALF_SIZE * norm(this.vaseVelocities, 6 * vase + 3)
  }
}

/** Length of the vector at `at`. */
function norm(values: Float64Array, at: number): number {
  const x = values[at]!
  const y = values[at + 1]!
  const z = values[at + 2]!
  return Math.sqrt(x * x + y * y + z * z)
}
