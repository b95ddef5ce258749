import type { RunConfig } from '../config/settings.ts'
import { sampleTasks } from '../env/tasks.ts'
import { worlds, type World } from '../env/world.ts'

/** Whether a training meets layouts once and never again, so that no task is one that it was trained on. */
export const drawsFreshLayouts = ({ method, preTraining }: Pick<RunConfig, 'method' | 'preTraining'>): boolean =>
  method === 'pre-train' && preTraining.layouts === 'fresh'

/** Seeds of the tasks that a run trains on. */
export function trainingTasks(config: RunConfig): number[] {
  const { trainingFrom: from, trainingTo: to, arcDegrees } = config.tasks
  return sampleTasks(worldOf(config), { from, to, arcDegrees }).map((task) => task.seed)
}

/** Seeds of tasks that a run never trains on. */
export function heldOutTasks(config: RunConfig): number[] {
  const { heldOutFrom: from, heldOutTo: to, arcDegrees } = config.tasks
  return sampleTasks(worldOf(config), { from, to, arcDegrees }).map((task) => task.seed)
}

export function worldOf(config: RunConfig): World {
  return worlds[config.environment.world]
}
