import { createCritic } from '../nn/critic.ts'
import { emptyMoments, recordMoments } from '../nn/observation-scaling.ts'
import { stream } from '../random/stream.ts'
import { adaptationStep, collect, evaluateBatch, startAdaptation } from '../rl/adaptation.ts'
import type { AdaptationStepRecord, TaskContext } from '../rl/adaptation.ts'
import { meanDiscountedSum } from '../rl/advantages.ts'
import { assertFinite } from '../rl/finite.ts'
import { lagrangianAdvantages } from '../rl/trpo-lagrangian.ts'
import type { AdaptTaskJob, AdaptTaskResult } from './jobs.ts'
import { scalingOf } from './state.ts'
import type { WorkerContext } from './worker-context.ts'

/**
 * The inner loop of Algorithm 1 on one task (lines 7-14) and the first-order meta-gradient at its end.
 * The first batch, D_p1, is on-policy data of the meta-policy: the safety term and the meta cost critic use it.
 */
export async function adaptTask(worker: WorkerContext, job: AdaptTaskJob): Promise<AdaptTaskResult> {
  const started = worker.now()
  const { config, engine, batch } = worker
  const { policyShape } = engine
  const randomPath = [config.seed, 'meta', job.iteration, job.task]
  const recorder = recordMoments(scalingOf(config, job.moments))
  const context: TaskContext = {
    engine,
    environments: worker.environments(job.task, config.inner.episodes),
    scaling: config.observationScaling === 'running' ? recorder : scalingOf(config, job.moments),
    batch,
    config,
    randomPath,
    where: `iteration ${job.iteration}, task ${job.task}`,
  }
  const freshRewardCritic = createCritic(policyShape, stream(...randomPath, 'reward critic'))
  const state = startAdaptation(job.theta, freshRewardCritic, job.costCritic, job.lambda)

  // Kept from D_p1 before anything is updated.
  let first: Omit<AdaptTaskResult, 'task' | 'metaGradient' | 'steps' | 'after' | 'seconds'> | undefined
  const steps: AdaptationStepRecord[] = []
  for (let k = 0; k < config.inner.steps; k++) {
    const record = await adaptationStep(
      context,
      state,
      k,
      async (statistics, { costAdvantages, costTargets, costValues }) => {
        if (k > 0) return
        const weights = config.meta.eta.weight === 'literal' ? costValues : costAdvantages
        first = {
          safetyGradient: await engine.surrogateGradient(job.theta, weights),
          rows: batch.size,
          observations: batch.observations.slice(0, batch.size * policyShape.observationSize),
          costTargets,
          moments:
            config.observationScaling === 'running' ? recorder.moments() : emptyMoments(policyShape.observationSize),
          // The first rows are the episodes' starts: all environments step in lock step.
          initialCostValue:
            costValues.slice(0, statistics.episodes).reduce((sum, v) => sum + v, 0) / statistics.episodes,
          discountedCost: meanDiscountedSum(batch, batch.costs, config.advantage.gamma),
        }
      },
    )
    steps.push(record)
  }

  // g_p = E[grad log pi(a|s) (A_R - lambda A_C)] at theta_p on the adapted policy's own data (eq. 21).
  const after = collect(context, state.theta, 'adapted rollout', config.inner.steps)
  const adapted = await evaluateBatch(context, state)
  await engine.bind(batch, state.theta, config.inner.fisherStride)
  // lagrangianAdvantages divides by 1 + lambda; the meta-gradient of eq. 21 does not.
  const weights = lagrangianAdvantages(adapted.rewardAdvantages, adapted.costAdvantages, job.lambda)
  const metaGradient = (await engine.surrogateGradient(state.theta, weights)).map((g) => g * (1 + job.lambda))
  assertFinite('meta-gradient', metaGradient, context.where)
  return { ...first!, task: job.task, metaGradient, steps, after, seconds: worker.now() - started }
}
