import loadMujoco from '@mujoco/mujoco'
import { PointGoalEnvironment } from '../../core/env/goal-task.ts'
import { MujocoPool } from '../../core/env/physics/mujoco.ts'
import { policyShapeOf } from '../../core/meta/state.ts'
import { worldOf } from '../../core/meta/tasks.ts'
import { requiredRows, type WorkerContext } from '../../core/meta/worker-context.ts'
import { createSimdEngine } from '../../core/nn/simd/engine.ts'
import type { WorkerData } from './protocol.ts'

/** The learner and the simulator of one worker, kept between jobs. */
export async function createWorkerContext({ config, kernels }: WorkerData): Promise<WorkerContext> {
  const rows = requiredRows(config)
  const engine = createSimdEngine({
    module: kernels,
    policyShape: policyShapeOf(config),
    capacity: rows.task + rows.pool,
    episodes: rows.episodes,
  })
  const mujoco = new MujocoPool(await loadMujoco())
  const environments: PointGoalEnvironment[] = []
  return {
    config,
    engine,
    environments(task, count) {
      while (environments.length < count) environments.push(createEnvironment(mujoco, config))
      const chosen = environments.slice(0, count)
      for (const environment of chosen) environment.setTask(task)
      return chosen
    },
    batch: engine.createBatch(rows.task, rows.episodes),
    pool: engine.createBatch(rows.pool, 0),
    now: () => performance.now() / 1000,
  }
}

export function createEnvironment(mujoco: MujocoPool, config: WorkerData['config']): PointGoalEnvironment {
  const { goal, goalRule, horizon, physics, vasesConstrained } = config.environment
  return new PointGoalEnvironment(worldOf(config), mujoco, {
    goalVisible: goal === 'visible',
    goalRule,
    horizon,
    physics,
    // The setting only ever adds the constraint: Environment 2's vases cost in any case.
    ...(vasesConstrained ? { vasesConstrained } : {}),
  })
}
