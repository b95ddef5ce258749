import { emptyMoments, recordMoments } from '../nn/observation-scaling.ts'
import { estimateRewardAndCost } from '../rl/critics.ts'
import { createPhaseClock } from '../rl/phases.ts'
import { rollout } from '../rl/rollout.ts'
import { stream } from '../random/stream.ts'
import type { CollectJob, CollectResult } from '../training/jobs.ts'
import { scalingOf } from '../training/state.ts'
import type { WorkerContext } from '../training/worker-context.ts'

/** One episode of the policy in each layout, with raw advantages and targets by the critics as they are. */
export async function collectPart(worker: WorkerContext, job: CollectJob): Promise<CollectResult> {
  const { config, engine, batch } = worker
  const { observationSize, actionSize } = engine.policyShape
  const clock = createPhaseClock(worker.now)
  const keepsMoments = config.observationScaling === 'running'
  const scaling = scalingOf(config, job.moments)
  const recorder = keepsMoments ? recordMoments(scaling) : null
  const where = `iteration ${job.iteration}, part ${job.part}`
  const random = stream(config.seed, 'pre-training', job.iteration, job.part)
  const environments = worker.environments(job.layouts)
  const episodes = await clock.measure('rollout', () =>
    rollout(engine, engine.policyShape, job.theta, environments, recorder ?? scaling, batch, random),
  )
  const critics = { reward: job.rewardCritic, cost: job.costCritic }
  const { reward, cost } = await clock.measure('critics', () =>
    estimateRewardAndCost(engine, batch, critics, config.advantage, where),
  )
  const rows = batch.size
  return {
    rows,
    observations: batch.observations.slice(0, rows * observationSize),
    actions: batch.actions.slice(0, rows * actionSize),
    logProbs: batch.logProbs.slice(0, rows),
    rewardAdvantages: reward.advantages,
    costAdvantages: cost.advantages,
    rewardTargets: reward.targets,
    costTargets: cost.targets,
    rewardReturns: reward.returns,
    costReturns: cost.returns,
    episodes: episodes.map((episode) => ({ ...episode })),
    moments: recorder?.moments() ?? emptyMoments(observationSize),
    seconds: clock.seconds,
  }
}
