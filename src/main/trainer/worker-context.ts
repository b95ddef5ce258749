import loadMujoco from '@mujoco/mujoco'
import { PointGoalEnvironment } from '../../core/env/goal-task.ts'
import { MujocoPool } from '../../core/env/physics/mujoco.ts'
import { localRollouts } from '../../core/training/rollouts.ts'
import { policyShapeOf } from '../../core/training/state.ts'
import { worldOf } from '../../core/training/tasks.ts'
import { requiredRows, type WorkerContext } from '../../core/training/worker-context.ts'
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
  const all: PointGoalEnvironment[] = []
  const environments = (layouts: readonly number[]): PointGoalEnvironment[] => {
    while (all.length < layouts.length) all.push(createEnvironment(mujoco, config))
    const chosen = all.slice(0, layouts.length)
    chosen.forEach((environment, i) => environment.setTask(layouts[i]!))
    return chosen
  }
  const now = () => performance.now() / 1000
  return {
    config,
    engine,
    environments,
    rollouts: localRollouts({ config, engine, environments, now }),
    simulator: (layout) => environments([layout])[0]!,
    batch: engine.createBatch(rows.task, rows.episodes),
    pool: engine.createBatch(rows.pool, 0),
    now,
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
