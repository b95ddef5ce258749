/** Controls that benchmarks and tests of the simulator drive the robot with. */
import type { PointGoalEnvironment } from '../src/core/env/goal-task.ts'
import { stream } from '../src/core/random/stream.ts'

/** Writes the next action for an environment to `action`. */
export type Control = (env: PointGoalEnvironment, action: Float64Array) => void

/** Uniform in the limits; the robot jitters about its start. */
export function randomControl(seed: number): Control {
  const random = stream(seed, 'random-control')
  return (_, action) => {
    action[0] = 2 * random.uniform() - 1
    action[1] = 2 * random.uniform() - 1
  }
}

/** Pushes vases about: drives at one vase after the other, at a new one every `period` steps. */
export function chaseVases(period = 80): Control {
  return (env, action) => {
    const { robot, vasePoses } = env.scene
    const vase = Math.floor(env.steps / period) % (vasePoses.length / 7)
    const bearing = Math.atan2(vasePoses[7 * vase + 1]! - robot[1]!, vasePoses[7 * vase]! - robot[0]!) - robot[2]!
    action[0] = Math.cos(bearing) > 0.3 ? 0.8 : -0.05
    action[1] = 1.5 * Math.atan2(Math.sin(bearing), Math.cos(bearing))
  }
}
