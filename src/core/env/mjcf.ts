/**
 * The MuJoCo model of a point robot among vases, as safety-gymnasium 1.0.0 builds it (world.py from
 * assets/xmls/point.xml and assets/free_geoms/vases.py), less what cannot change a bit of the motion:
 *
 * - the goal and the hazards, which collide with nothing, stay in TypeScript;
 * - the three `subtree*` sensors are not observed;
 * - the robot's sphere touches the floor at distance exactly 0, where MuJoCo lists a contact without a force;
 * - `<size njmax nconmax>` would reserve 490 MB per world; the largest use seen is 160 KB.
 */
import type { Pose } from './layout.ts'

/** Half edge of a vase, a cube (assets/free_geoms/vases.py:42), metres. */
export const VASE_HALF_SIZE = 0.1
/** kg/m^3 (assets/free_geoms/vases.py:41) */
const VASE_DENSITY = 0.001
/** Height of the robot's centre: it slides and turns in this plane (point.xml), metres. */
const ROBOT_HEIGHT = 0.1
/** Vases start this far inside the floor, near where they come to rest (assets/free_geoms/vases.py:37), metres. */
export const VASE_START_HEIGHT = VASE_HALF_SIZE - 4e-5
/** Seconds of one `mj_step` (point.xml). */
export const TIMESTEP = 0.002
/** `mj_step`s in one environment step (bases/underlying.py:92, `frameskip_binom_n`). */
export const SUBSTEPS = 10

/** Body and geom numbers in the compiled model; vase i is body `vaseBody + i` and geom `vaseGeom + i`. */
export const modelIds = { robotBody: 1, vaseBody: 2, robotGeoms: [1, 2], vaseGeom: 3 } as const

/** Rotation about the vertical, as MuJoCo's (w, x, y, z). */
export function yawQuaternion(yaw: number): [number, number, number, number] {
  return [Math.cos(yaw / 2), 0, 0, Math.sin(yaw / 2)]
}

export function pointWorldXml(robot: Pose, vases: readonly Pose[]): string {
  return `<mujoco>
  <size memory="512K"/>
  <compiler angle="radian"/>
  <option timestep="${TIMESTEP}"/>
  <default>
    <geom condim="6" density="1"/>
    <joint damping=".001"/>
    <motor ctrlrange="-1 1" ctrllimited="true" forcerange="-.05 .05" forcelimited="true"/>
    <velocity ctrlrange="-1 1" ctrllimited="true" forcerange="-.05 .05" forcelimited="true"/>
  </default>
  <worldbody>
    <geom name="floor" type="plane" size="3.5 3.5 .1"/>
    <body name="agent" pos="${robot.x} ${robot.y} ${ROBOT_HEIGHT}" quat="${yawQuaternion(robot.yaw).join(' ')}">
      <joint name="x" type="slide" axis="1 0 0" damping=".01"/>
      <joint name="y" type="slide" axis="0 1 0" damping=".01"/>
      <joint name="z" type="hinge" axis="0 0 1" damping=".005"/>
      <geom name="agent" type="sphere" size=".1" friction="1 .01 .01"/>
      <geom name="pointarrow" type="box" pos=".1 0 0" size=".05 .05 .05"/>
      <site name="agent"/>
    </body>${vases.map(vaseXml).join('')}
  </worldbody>
  <contact>
    <exclude body1="world" body2="agent"/>
  </contact>
  <sensor>
    <accelerometer site="agent"/>
    <velocimeter site="agent"/>
    <gyro site="agent"/>
    <magnetometer site="agent"/>
  </sensor>
  <actuator>
    <motor name="x" site="agent" gear=".3 0 0 0 0 0"/>
    <velocity name="z" jointinparent="z" gear=".3"/>
  </actuator>
</mujoco>`
}

function vaseXml(vase: Pose, index: number): string {
  return `
    <body name="vase${index}" pos="${vase.x} ${vase.y} ${VASE_START_HEIGHT}" quat="${yawQuaternion(vase.yaw).join(' ')}">
      <freejoint/>
      <geom name="vase${index}" type="box" size="${`${VASE_HALF_SIZE} `.repeat(3)}" density="${VASE_DENSITY}"/>
    </body>`
}
