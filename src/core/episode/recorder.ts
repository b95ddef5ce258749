/** Writes down what an environment does. */
import type { Environment } from '../env/environment.ts'
import { ACTION_SIZE, type PointGoalEnvironment } from '../env/goal-task.ts'
import { SENSOR_VALUES } from '../env/point-robot.ts'
import { withGoalRule } from '../env/world.ts'
import { POSE_STEPS, VASE_VALUES, type Episode } from './episode.ts'

/** Sees the environment after its reset (no action) and after every step, with the action that led there. */
export type StepListener = (action: readonly number[] | null) => void

/** The environment as it is, with every reset and step reported. */
export function watched(environment: PointGoalEnvironment, onStep: StepListener): Environment {
  return {
    observationSize: environment.observationSize,
    actionSize: environment.actionSize,
    reset() {
      environment.reset()
      onStep(null)
    },
    step(actions, offset) {
      environment.step(actions, offset)
      onStep([actions[offset]!, actions[offset + 1]!])
    },
    observe: (out, offset) => environment.observe(out, offset),
    get reward() {
      return environment.reward
    },
    get cost() {
      return environment.cost
    },
    get costParts() {
      return environment.costParts
    },
    get goalReached() {
      return environment.goalReached
    },
    get terminated() {
      return environment.terminated
    },
    get truncated() {
      return environment.truncated
    },
    get steps() {
      return environment.steps
    },
  }
}

export interface Recorder {
  readonly onStep: StepListener
  /** What happened since the last reset. */
  episode(): Episode
}

/** @param task seed of the environment's layout, which stays the same while it is recorded */
export function createRecorder(environment: PointGoalEnvironment, task: number): Recorder {
  const { layout, options, scene } = environment
  const world = withGoalRule(environment.world, environment.goalRule)
  const rows = options.horizon + 1
  const vases = layout.vases.length * VASE_VALUES
  const robot = new Float64Array(3 * rows)
  const velocity = new Float64Array(3 * rows)
  const poses = new Float64Array(vases * rows)
  const sensors = new Float64Array(SENSOR_VALUES * rows)
  const goal = new Float64Array(2 * rows)
  const actions = new Float32Array(ACTION_SIZE * options.horizon)
  const rewards = new Float64Array(options.horizon)
  const costs = new Float64Array(options.horizon)
  const costParts = new Uint8Array(options.horizon)
  const goalReached = new Uint8Array(options.horizon)
  const observation = new Float64Array(environment.observationSize)

  return {
    onStep(action) {
      const { steps } = environment
      robot.set(scene.robot.subarray(0, 3), 3 * steps)
      velocity.set(scene.robot.subarray(3, 6), 3 * steps)
      writePoses(scene.vasePoses, poses, vases * steps)
      environment.observe(observation, 0)
      sensors.set(observation.subarray(0, SENSOR_VALUES), SENSOR_VALUES * steps)
      goal.set([environment.goal.x, environment.goal.y], 2 * steps)
      if (action === null) return
      const step = steps - 1
      actions.set(action, ACTION_SIZE * step)
      rewards[step] = environment.reward
      costs[step] = environment.cost
      costParts[step] = environment.costParts
      goalReached[step] = environment.goalReached ? 1 : 0
    },
    episode() {
      const { steps: length, terminated, truncated } = environment
      return {
        ...{ task, world, goalVisible: options.goalVisible, layout, length, terminated, truncated },
        robot: robot.slice(0, 3 * (length + 1)),
        velocity: velocity.slice(0, 3 * (length + 1)),
        vases: poses.slice(0, vases * (length + 1)),
        sensors: sensors.slice(0, SENSOR_VALUES * (length + 1)),
        goal: goal.slice(0, 2 * (length + 1)),
        actions: actions.slice(0, ACTION_SIZE * length),
        rewards: rewards.slice(0, length),
        costs: costs.slice(0, length),
        costParts: costParts.slice(0, length),
        goalReached: goalReached.slice(0, length),
      }
    },
  }
}

/** Positions on the floor as they are; heights and orientations on a grid, where those of vases at rest do not change. */
function writePoses(vasePoses: Float64Array, poses: Float64Array, offset: number): void {
  for (let i = 0; i < vasePoses.length; i++) {
    const value = vasePoses[i]!
    // Adding 0 makes 0 of -0, whose bits are far from it.
    poses[offset + i] = i % VASE_VALUES < 2 ? value : Math.round(value * POSE_STEPS) / POSE_STEPS + 0
  }
}
