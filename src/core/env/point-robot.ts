/**
 * The point robot (safety-gymnasium 1.0.0, assets/xmls/point.xml) while it touches nothing: a planar rigid body on two
 * slides and a hinge, whose motion needs no contact solver. Same integrator as MuJoCo's default: semi-implicit Euler
 * with implicit joint damping (https://mujoco.readthedocs.io/en/stable/computation/index.html#integrators).
 *
 * With q = (x, y, yaw), masses of a sphere on the hinge and a box ahead of it, the equations of motion are
 *
 *     | m        0        -c sin |         | f cos - d vx + c w^2 cos |
 *     | 0        m         c cos |  q''  = | f sin - d vy + c w^2 sin |       c = mass of the box * its offset
 *     | -c sin   c cos     I     |         | g - e w                  |
 *
 * and implicit damping adds h d, h d, h e to the diagonal. Damping of the slides is the same in every direction, so
 * the equations hold in the world's frame although the slides lie along the initial heading.
 */
import { SUBSTEPS, TIMESTEP } from './mjcf.ts'

/** Indices of the robot's state, world frame: metres, radians, per second. */
export const RobotState = { x: 0, y: 1, yaw: 2, vx: 3, vy: 4, yawRate: 5, size: 6 } as const

/** Accelerometer, velocimeter, gyro, magnetometer: three components each, in the robot's frame. */
export const SENSOR_VALUES = 12

const SPHERE_RADIUS = 0.1
const ARROW_EDGE = 0.1
const ARROW_OFFSET = 0.1
/** kg; both densities are 1 kg/m^3. */
const SPHERE_MASS = (4 / 3) * Math.PI * SPHERE_RADIUS ** 3
const ARROW_MASS = ARROW_EDGE ** 3
const MASS = SPHERE_MASS + ARROW_MASS
/** kg m: first moment about the hinge. */
const MOMENT = ARROW_MASS * ARROW_OFFSET
/** kg m^2, about the hinge. */
const INERTIA = 0.4 * SPHERE_MASS * SPHERE_RADIUS ** 2 + ARROW_MASS * (ARROW_EDGE ** 2 / 6 + ARROW_OFFSET ** 2)
const SLIDE_DAMPING = 0.01
const HINGE_DAMPING = 0.005
/** Gear of both actuators; the hinge's is a velocity servo with gain 1. */
const GEAR = 0.3
const FORCE_LIMIT = 0.05
const GRAVITY = 9.81
/** MuJoCo's default magnetic flux, pointing along -y. */
const MAGNETIC_FLUX = 0.5

const DAMPED_MASS = MASS + TIMESTEP * SLIDE_DAMPING
const DAMPED_INERTIA = INERTIA + TIMESTEP * HINGE_DAMPING
const INVERSE_MASS = 1 / MASS
const INVERSE_DAMPED_MASS = 1 / DAMPED_MASS
/** 1 / the hinge's Schur complement, without and with implicit damping. */
const INVERSE_INERTIA = 1 / (INERTIA - MOMENT * MOMENT * INVERSE_MASS)
const INVERSE_DAMPED_INERTIA = 1 / (DAMPED_INERTIA - MOMENT * MOMENT * INVERSE_DAMPED_MASS)

const limitForce = (force: number) => (force > FORCE_LIMIT ? FORCE_LIMIT : force < -FORCE_LIMIT ? -FORCE_LIMIT : force)

/**
 * Moves `robot` by `substeps` physics steps. `drive` and `turn` are controls in [-1, 1]: force along the heading, and
 * yaw rate that the servo aims at.
 */
export function moveFreely(robot: Float64Array, drive: number, turn: number, substeps: number = SUBSTEPS): void {
  let x = robot[0]!
  let y = robot[1]!
  let yaw = robot[2]!
  let vx = robot[3]!
  let vy = robot[4]!
  let rate = robot[5]!
  const thrust = GEAR * limitForce(drive)

  for (let i = 0; i < substeps; i++) {
    const cos = Math.cos(yaw)
    const sin = Math.sin(yaw)
    const along = thrust + MOMENT * rate * rate
    const fx = along * cos - SLIDE_DAMPING * vx
    const fy = along * sin - SLIDE_DAMPING * vy
    const torque = GEAR * limitForce(turn - GEAR * rate) - HINGE_DAMPING * rate
    const spin = (torque + MOMENT * (sin * fx - cos * fy) * INVERSE_DAMPED_MASS) * INVERSE_DAMPED_INERTIA

    vx += TIMESTEP * (fx + MOMENT * sin * spin) * INVERSE_DAMPED_MASS
    vy += TIMESTEP * (fy - MOMENT * cos * spin) * INVERSE_DAMPED_MASS
    rate += TIMESTEP * spin
    x += TIMESTEP * vx
    y += TIMESTEP * vy
    yaw += TIMESTEP * rate
  }

  robot[0] = x
  robot[1] = y
  robot[2] = yaw
  robot[3] = vx
  robot[4] = vy
  robot[5] = rate
}

/** What the sensors read in state `robot` under the given controls; damping is explicit here, as in `mj_forward`. */
export function senseFreely(robot: Float64Array, drive: number, turn: number, sensors: Float64Array): void {
  const yaw = robot[2]!
  const vx = robot[3]!
  const vy = robot[4]!
  const rate = robot[5]!
  const cos = Math.cos(yaw)
  const sin = Math.sin(yaw)
  const along = GEAR * limitForce(drive) + MOMENT * rate * rate
  const fx = along * cos - SLIDE_DAMPING * vx
  const fy = along * sin - SLIDE_DAMPING * vy
  const torque = GEAR * limitForce(turn - GEAR * rate) - HINGE_DAMPING * rate
  const spin = (torque + MOMENT * (sin * fx - cos * fy) * INVERSE_MASS) * INVERSE_INERTIA
  const ax = (fx + MOMENT * sin * spin) * INVERSE_MASS
  const ay = (fy - MOMENT * cos * spin) * INVERSE_MASS

  sensors[0] = cos * ax + sin * ay
  sensors[1] = cos * ay - sin * ax
  sensors[2] = GRAVITY
  sensors[3] = cos * vx + sin * vy
  sensors[4] = cos * vy - sin * vx
  sensors[5] = 0
  sensors[6] = 0
  sensors[7] = 0
  sensors[8] = rate
  sensors[9] = -MAGNETIC_FLUX * sin
  sensors[10] = -MAGNETIC_FLUX * cos
  sensors[11] = 0
}
