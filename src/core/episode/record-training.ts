/** Episodes that a training records on its way: of the policy that an iteration ended with, on tasks it trains on. */
import { totalIterations, type RunConfig } from '../config/settings.ts'
import type { RecordJob } from '../training/jobs.ts'
import type { TrainingState } from '../training/state.ts'

/**
 * Jobs that change nothing of the training: their random streams are their own, and the training has none that goes on
 * from one job to the next.
 *
 * @param tasks that the run trains on
 */
export function episodesToRecord(config: RunConfig, tasks: readonly number[], state: TrainingState): RecordJob[] {
  const { recordEvery, recordTasks } = config
  const { iteration, theta, costCritic, lambda, moments } = state
  const isDue = recordEvery > 0 && (iteration % recordEvery === 0 || iteration === totalIterations(config))
  if (!isDue) return []
  const initialisation = { theta, costCritic, lambda: lambda.value, moments }
  return tasks.slice(0, recordTasks).map((task) => ({
    ...{ kind: 'record', task, initialisation },
    ...{ adaptationSteps: [0], episodes: 1, stochastic: true },
  }))
}
