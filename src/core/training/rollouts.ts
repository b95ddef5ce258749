// Rollouts as those who learn ask for them: done here, or as jobs of whoever has simulators. Both fill a batch with the
// same bits.
import type { Awaitable } from '../nn/learner.ts'
import { emptyMoments, recordMoments, type RunningMoments } from '../nn/observation-scaling.ts'
import type { StreamPath } from '../random/stream.ts'
import { stream } from '../random/stream.ts'
import type { Batch } from '../rl/batch.ts'
import { rollout, type RolledOut } from '../rl/rollout.ts'
import type { RolloutJob, RolloutResult } from './jobs.ts'
import { scalingOf } from './state.ts'
import { copyTransitions, loadTransitions } from './transitions.ts'
import type { WorkerContext } from './worker-context.ts'

/**
 * Makes ready for rollouts into a batch, of one whole episode in each of the layouts.
 *
 * @param moments of the observation scaling
 */
export type Rollouts = (
  layouts: readonly number[],
  moments: RunningMoments,
  batch: Batch,
) => (theta: Float32Array, randomPath: StreamPath) => Awaitable<RolledOut>

/** In this thread. */
export function localRollouts(worker: Pick<WorkerContext, 'config' | 'engine' | 'environments' | 'now'>): Rollouts {
  const { config, engine, now } = worker
  return (layouts, moments, batch) => {
    const environments = worker.environments(layouts)
    return (theta, randomPath) => {
      const started = now()
      const scaling = scalingOf(config, moments)
      const recorder = config.observationScaling === 'running' ? recordMoments(scaling) : null
      const random = stream(...randomPath)
      const episodes = rollout(engine, engine.policyShape, theta, environments, recorder ?? scaling, batch, random)
      return {
        episodes,
        moments: recorder?.moments() ?? emptyMoments(engine.policyShape.observationSize),
        seconds: now() - started,
      }
    }
  }
}

/** By jobs. */
export const remoteRollouts =
  (run: (job: RolloutJob) => Promise<RolloutResult>): Rollouts =>
  (layouts, moments, batch) =>
  async (theta, randomPath) => {
    const { transitions, ...rolledOut } = await run({ kind: 'rollout', layouts, moments, theta, randomPath })
    loadTransitions(batch, transitions)
    return rolledOut
  }

/** Does what `remoteRollouts` asks for. */
export async function rollOutJob(worker: WorkerContext, job: RolloutJob): Promise<RolloutResult> {
  const { batch, engine } = worker
  const { episodes, ...rest } = await worker.rollouts(job.layouts, job.moments, batch)(job.theta, job.randomPath)
  // Tallies are objects of a class, which no message carries.
  return {
    ...rest,
    episodes: episodes.map((one) => ({ ...one })),
    transitions: copyTransitions(batch, engine.policyShape),
  }
}
