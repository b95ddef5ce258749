/** Single episodes with every step on record: for inspection, comparison with other simulators, and replays. */
import loadMujoco from '@mujoco/mujoco'
import type { RunConfig } from '../../core/config/settings.ts'
import { CostPart } from '../../core/env/environment.ts'
import type { PointGoalEnvironment } from '../../core/env/goal-task.ts'
import { toJointCoordinates } from '../../core/env/physics/joint-coordinates.ts'
import { MujocoPool } from '../../core/env/physics/mujoco.ts'
import type { Episode } from '../../core/episode/episode.ts'
import { episodeStream, recordEpisode } from '../../core/episode/record-episodes.ts'
import { createRecorder, watched } from '../../core/episode/recorder.ts'
import { policyShapeOf, scalingOf } from '../../core/training/state.ts'
import type { RunningMoments } from '../../core/nn/observation-scaling.ts'
import { createSimdEngine } from '../../core/nn/simd/engine.ts'
import { loadKernels } from '../trainer/kernels.ts'
import { createEnvironment } from '../trainer/worker-context.ts'

/** What one environment step led to. Step 0 is the start: no action, no reward. */
export interface StepRecord {
  readonly step: number
  /** As sampled or given, before the environment clips it to [-1, 1]. */
  readonly action: readonly number[] | null
  /** MuJoCo's joint coordinates: x, y and hinge of the robot, then 7 per vase. */
  readonly qpos: readonly number[]
  /** Joint velocities: 3 of the robot, then 6 per vase. */
  readonly qvel: readonly number[]
  /** Raw, unscaled. */
  readonly observation: readonly number[]
  readonly reward: number
  readonly cost: number
  readonly costParts: { readonly hazard: boolean; readonly vaseContact: boolean; readonly vaseVelocity: boolean }
  readonly goal: readonly [x: number, y: number]
  readonly goalReached: boolean
  readonly terminated: boolean
  readonly truncated: boolean
}

/** Who drives: recorded actions, or a policy. */
export type Driver =
  | { readonly kind: 'actions'; readonly actions: readonly (readonly number[])[] }
  | {
      readonly kind: 'policy'
      readonly theta: Float32Array
      readonly moments: RunningMoments
      readonly stochastic: boolean
    }

/** One episode on the task of `seed`; `onStep` sees every step. */
export async function recordRollout(
  config: RunConfig,
  seed: number,
  driver: Driver,
  onStep: (record: StepRecord) => void,
): Promise<Episode> {
  const environment = createEnvironment(new MujocoPool(await loadMujoco()), config)
  environment.setTask(seed)
  const report = (action: readonly number[] | null) => onStep(stepRecord(environment, action))
  if (driver.kind === 'policy') return followPolicy(config, seed, driver, environment, report)
  const recorder = createRecorder(environment, seed)
  const world = watched(environment, (action) => {
    recorder.onStep(action)
    report(action)
  })
  world.reset()
  for (const action of driver.actions) {
    world.step(action, 0)
    if (world.terminated || world.truncated) break
  }
  return recorder.episode()
}

function followPolicy(
  config: RunConfig,
  seed: number,
  { theta, moments, stochastic }: Extract<Driver, { kind: 'policy' }>,
  environment: PointGoalEnvironment,
  report: (action: readonly number[] | null) => void,
): Episode {
  const shape = policyShapeOf(config)
  const { horizon } = config.environment
  const { module } = loadKernels(config.kernels)
  const forward = createSimdEngine({ module, policyShape: shape, capacity: horizon, episodes: 1 })
  const batch = forward.createBatch(horizon, 1)
  const policy = { forward, shape, theta, scaling: scalingOf(config, moments), batch, stochastic }
  return recordEpisode(environment, seed, policy, episodeStream(config.seed, seed, 0), report)
}

function stepRecord(environment: PointGoalEnvironment, action: readonly number[] | null): StepRecord {
  const { scene } = environment
  const vases = scene.vasePoses.length / 7
  const qpos = new Float64Array(3 + 7 * vases)
  const qvel = new Float64Array(3 + 6 * vases)
  const observation = new Float64Array(environment.observationSize)
  toJointCoordinates(environment.layout, scene, qpos, qvel)
  environment.observe(observation, 0)
  const { steps: step, reward, cost, costParts, goal, goalReached, terminated, truncated } = environment
  return {
    step,
    action,
    qpos: [...qpos],
    qvel: [...qvel],
    observation: [...observation],
    reward,
    cost,
    costParts: {
      hazard: (costParts & CostPart.hazard) !== 0,
      vaseContact: (costParts & CostPart.vaseContact) !== 0,
      vaseVelocity: (costParts & CostPart.vaseVelocity) !== 0,
    },
    goal: [goal.x, goal.y],
    goalReached,
    terminated,
    truncated,
  }
}
