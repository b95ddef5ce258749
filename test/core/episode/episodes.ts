// Real episodes: short, but with everything that an episode can have.
import { chaseVases } from '../../../bench/controls.ts'
import type { GoalTaskOptions, PointGoalEnvironment } from '../../../src/core/env/goal-task.ts'
import { worlds, type WorldName } from '../../../src/core/env/world.ts'
import type { Episode } from '../../../src/core/episode/episode.ts'
import { createRecorder, watched } from '../../../src/core/episode/recorder.ts'
import { createEnvironment } from '../env/mujoco.ts'

interface Drive {
  readonly world?: WorldName
  readonly task?: number
  readonly options?: Partial<GoalTaskOptions>
}

interface Driven {
  readonly episode: Episode
  /** After the reset and after every step. */
  readonly observations: Float64Array[]
  readonly environment: PointGoalEnvironment
}

/** A robot that pushes vases about, with what it saw meanwhile. */
export function driveIntoVases({ world = 'environment-2', task = 3, options = {} }: Drive = {}): Driven {
  const environment = createEnvironment({ goalRule: 'resample', horizon: 300, ...options }, worlds[world])
  environment.setTask(task)
  const recorder = createRecorder(environment, task)
  const observations: Float64Array[] = []
  const robot = watched(environment, (action) => {
    recorder.onStep(action)
    const seen = new Float64Array(environment.observationSize)
    environment.observe(seen, 0)
    observations.push(seen)
  })
  const control = chaseVases(80)
  const action = new Float64Array(environment.actionSize)
  robot.reset()
  while (!robot.truncated && !robot.terminated) {
    control(environment, action)
    // Beyond the limits, and in the precision of a policy.
    robot.step(
      Float32Array.from(action, (value) => 1.1 * value),
      0,
    )
  }
  return { episode: recorder.episode(), observations, environment }
}

/** Every number of an episode as its bits, so that -0 differs from 0; the rest as it is. */
export const bitsOf = (episode: Episode): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(episode).map(([name, value]) => [
      name,
      ArrayBuffer.isView(value) ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex') : value,
    ]),
  )
