/** The real MuJoCo module and a pool for the tests of one file. */
import loadMujoco from '@mujoco/mujoco'
import { chaseVases } from '../../../bench/controls.ts'
import { PointGoalEnvironment } from '../../../src/core/env/goal-task.ts'
import type { GoalTaskOptions, PhysicsMode } from '../../../src/core/env/goal-task.ts'
import { MujocoPool } from '../../../src/core/env/physics/mujoco.ts'
import type { SceneState } from '../../../src/core/env/physics/physics.ts'
import { worlds } from '../../../src/core/env/world.ts'
import type { World } from '../../../src/core/env/world.ts'
import { stream } from '../../../src/core/random/stream.ts'

export const mujoco = await loadMujoco()
export const pool = new MujocoPool(mujoco)
export const physicsModes: PhysicsMode[] = ['reference', 'fast']

export function createEnvironment(
  options: Partial<GoalTaskOptions> = {},
  world: World = worlds['environment-2'],
): PointGoalEnvironment {
  return new PointGoalEnvironment(world, pool, {
    goalVisible: true,
    goalRule: 'stay',
    horizon: 1000,
    physics: 'fast',
    ...options,
  })
}

export function emptyScene(vases: number): SceneState {
  return {
    robot: new Float64Array(6),
    vasePoses: new Float64Array(7 * vases),
    vaseVelocities: new Float64Array(6 * vases),
  }
}

export function copyScene(scene: SceneState): SceneState {
  return {
    robot: scene.robot.slice(),
    vasePoses: scene.vasePoses.slice(),
    vaseVelocities: scene.vaseVelocities.slice(),
  }
}

/** The next action of the vase-chasing control. */
export function chase(env: PointGoalEnvironment, period = 80): Float64Array {
  const action = new Float64Array(env.actionSize)
  chaseVases(period)(env, action)
  return action
}

/** Puts the robot 0.3 m before a vase of the layout, heading for it at half its top speed. */
export function faceVase(env: PointGoalEnvironment, vase = 0): void {
  const scene = copyScene(env.scene)
  const { x, y } = env.layout.vases[vase]!
  const yaw = env.layout.robot.yaw
  const cos = Math.cos(yaw)
  const sin = Math.sin(yaw)
  scene.robot.set([x - 0.3 * cos, y - 0.3 * sin, yaw, 0.7 * cos, 0.7 * sin, 0])
  env.restore(scene, env.goal)
}

/** Uniform controls, some of them beyond the limits; a pure function of the seed. */
export function randomControls(seed: number, steps: number): Float64Array {
  const random = stream('test', seed)
  return Float64Array.from({ length: 2 * steps }, () => 2.4 * random.uniform() - 1.2)
}

export function maxDifference(a: ArrayLike<number>, b: ArrayLike<number>, count = a.length): number {
  let max = 0
  for (let i = 0; i < count; i++) max = Math.max(max, Math.abs(a[i]! - b[i]!))
  return max
}
