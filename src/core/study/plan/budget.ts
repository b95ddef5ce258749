/** What a training may take of the simulator at most: episodes may end before the horizon. */
import { totalIterations, type RunConfig } from '../../config/settings.ts'

/** Environment steps of one iteration, at most. */
export function mostStepsPerIteration({ environment, method, inner, meta, preTraining }: RunConfig): number {
  const episodes =
    method === 'meta'
      ? // Every task rolls out the meta-policy and each of its K adapted policies.
        meta.tasksPerIteration * inner.episodes * (inner.steps + 1)
      : preTraining.tasksPerIteration * preTraining.episodes
  return episodes * environment.horizon
}

/** Environment steps of a whole training, at most. */
export const mostSteps = (config: RunConfig): number => totalIterations(config) * mostStepsPerIteration(config)
