/**
 * Between the world's frame and MuJoCo's qpos and qvel, which Safety-Gymnasium's recordings hold: the robot's slides
 * and hinge start at 0 in its start pose, and the slides lie along its initial heading.
 */
import type { Layout } from '../layout.ts'
import type { SceneState } from './physics.ts'

/** x, y slides and the hinge come first; seven (qpos) and six (qvel) numbers per vase follow. */
export const ROBOT_JOINTS = 3

/** Writes the scene of `qpos` and `qvel` into `scene`. */
export function toScene(layout: Layout, qpos: Float64Array, qvel: Float64Array, scene: SceneState): void {
  const { robot } = layout
  const cos = Math.cos(robot.yaw)
  const sin = Math.sin(robot.yaw)
  scene.robot[0] = robot.x + cos * qpos[0]! - sin * qpos[1]!
  scene.robot[1] = robot.y + sin * qpos[0]! + cos * qpos[1]!
  scene.robot[2] = robot.yaw + qpos[2]!
  scene.robot[3] = cos * qvel[0]! - sin * qvel[1]!
  scene.robot[4] = sin * qvel[0]! + cos * qvel[1]!
  scene.robot[5] = qvel[2]!
  const { vasePoses, vaseVelocities } = scene
  for (let i = 0; i < vasePoses.length; i++) vasePoses[i] = qpos[ROBOT_JOINTS + i]!
  for (let i = 0; i < vaseVelocities.length; i++) vaseVelocities[i] = qvel[ROBOT_JOINTS + i]!
}

/** Writes `scene` into `qpos` and `qvel`. */
export function toJointCoordinates(layout: Layout, scene: SceneState, qpos: Float64Array, qvel: Float64Array): void {
  const { robot } = layout
  const cos = Math.cos(robot.yaw)
  const sin = Math.sin(robot.yaw)
  const dx = scene.robot[0]! - robot.x
  const dy = scene.robot[1]! - robot.y
  qpos[0] = cos * dx + sin * dy
  qpos[1] = cos * dy - sin * dx
  qpos[2] = scene.robot[2]! - robot.yaw
  qvel[0] = cos * scene.robot[3]! + sin * scene.robot[4]!
  qvel[1] = cos * scene.robot[4]! - sin * scene.robot[3]!
  qvel[2] = scene.robot[5]!
  qpos.set(scene.vasePoses, ROBOT_JOINTS)
  qvel.set(scene.vaseVelocities, ROBOT_JOINTS)
}
