/** Whether tasks are new to a policy, judged by what its own checkpoint says it was trained on. */
import type { RunConfig } from '../../core/config/settings.ts'
import { sampleTasks } from '../../core/env/tasks.ts'
import { drawsFreshLayouts, worldOf } from '../../core/training/tasks.ts'

/** The tasks as one trained initialisation knows them. */
export interface TaskOrigin {
  readonly label: string
  /** Worlds that it was trained on; empty where its checkpoint was deleted. */
  readonly trainedOn: readonly string[]
  /** Of the tasks, those it was trained on. */
  readonly trainingTasks: readonly number[]
  /** Of the tasks, those it has never met: held out, or of another world. */
  readonly heldOutTasks: readonly number[]
}

/** Those of the tasks (of `world`) that a training with this configuration draws from. */
export function tasksTrainedOn(trained: RunConfig, world: string, tasks: readonly number[]): number[] {
  if (trained.environment.world !== world || drawsFreshLayouts(trained)) return []
  const { trainingFrom, trainingTo, arcDegrees } = trained.tasks
  return tasks.filter(
    (task) =>
      task >= trainingFrom &&
      task <= trainingTo &&
      sampleTasks(worldOf(trained), { from: task, to: task, arcDegrees }).length > 0,
  )
}

export interface TrainedTasks {
  /** As `tasksTrainedOn`; trainings that draw from the same tasks are looked up once. */
  trainedOn(trained: RunConfig): readonly number[]
}

export function taskOrigins(world: string, tasks: readonly number[]): TrainedTasks {
  const known = new Map<string, number[]>()
  return {
    trainedOn(trained) {
      const { environment, tasks: drawn } = trained
      const key = `${drawsFreshLayouts(trained) ? 'fresh' : environment.world}/${drawn.trainingFrom}/${drawn.trainingTo}/${drawn.arcDegrees}`
      const found = known.get(key) ?? tasksTrainedOn(trained, world, tasks)
      known.set(key, found)
      return found
    },
  }
}

/** @param trainings configurations of the checkpoints behind the label; null for one that was deleted */
export function originOfTasks(
  label: string,
  trainings: readonly (RunConfig | null)[],
  world: string,
  tasks: readonly number[],
): TaskOrigin {
  const known = trainings.filter((config) => config !== null)
  const seen = new Set(known.flatMap((config) => tasksTrainedOn(config, world, tasks)))
  return {
    label,
    trainedOn: known.length < trainings.length ? [] : [...new Set(known.map((config) => config.environment.world))],
    trainingTasks: tasks.filter((task) => seen.has(task)),
    heldOutTasks: tasks.filter((task) => !seen.has(task)),
  }
}

/** e.g. `4 held-out`, `2 training tasks of C-MAML (7, 8)`, `C-MAML was trained on environment-1 (transfer)` */
export function describeOrigin({ label, trainedOn, trainingTasks, heldOutTasks }: TaskOrigin, world: string): string {
  const parts: string[] = []
  if (trainedOn.length === 0) return `unknown to be new: a checkpoint of ${label} was deleted`
  if (trainingTasks.length > 0)
    parts.push(
      `${trainingTasks.length} training task${trainingTasks.length === 1 ? '' : 's'} of ${label} (${trainingTasks.join(', ')})`,
    )
  const foreign = trainedOn.filter((name) => name !== world)
  if (heldOutTasks.length > 0)
    parts.push(
      foreign.length > 0
        ? `${heldOutTasks.length} of ${world}; ${label} was trained on ${trainedOn.join(', ')} (transfer)`
        : `${heldOutTasks.length} held-out`,
    )
  return parts.join(', ')
}
