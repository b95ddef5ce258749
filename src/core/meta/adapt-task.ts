import { emptyMoments, recordMoments } from '../nn/observation-scaling.ts'
import { adaptationStep, collect, evaluateBatch, startAdaptation } from '../rl/adaptation.ts'
import type { AdaptationStepRecord, EvaluatedBatch, TaskContext } from '../rl/adaptation.ts'
import { meanDiscountedSum } from '../rl/advantages.ts'
import { assertFinite } from '../rl/finite.ts'
import { createPhaseClock } from '../rl/phases.ts'
import type { EpisodeStatistics } from '../rl/rollout.ts'
import { lagrangianAdvantages } from '../rl/trpo-lagrangian.ts'
import type { AdaptTaskJob, AdaptTaskResult, MetaPolicyData } from './jobs.ts'
import { scalingOf } from './state.ts'
import type { WorkerContext } from './worker-context.ts'

/**
 * The inner loop of Algorithm 1 on one task (lines 7-14) and the first-order meta-gradient at its end.
 * The first batch, D_p1, is on-policy data of the meta-policy: the safety term and the meta cost critic use it.
 */
export async function adaptTask(worker: WorkerContext, job: AdaptTaskJob): Promise<AdaptTaskResult> {
  const { config, engine, batch } = worker
  const recorder = recordMoments(scalingOf(config, job.moments))
  const keepsMoments = config.observationScaling === 'running'
  const context: TaskContext = {
    engine,
    environments: worker.environments(job.task, config.inner.episodes),
    scaling: keepsMoments ? recorder : scalingOf(config, job.moments),
    batch,
    config,
    randomPath: [config.seed, 'meta', job.iteration, job.task],
    where: `iteration ${job.iteration}, task ${job.task}`,
    clock: createPhaseClock(worker.now),
  }
  const { clock, randomPath } = context
  const state = startAdaptation(engine.policyShape, job.theta, job.costCritic.parameters, job.lambda, randomPath)

  let metaPolicyData: MetaPolicyData | undefined
  const steps: AdaptationStepRecord[] = []
  for (let k = 0; k < config.inner.steps; k++) {
    const record = await adaptationStep(context, state, k, async (statistics, evaluated) => {
      if (k > 0) return
      const moments = keepsMoments ? recorder.moments() : emptyMoments(engine.policyShape.observationSize)
      metaPolicyData = { ...(await keepFirstBatch(context, job.theta, statistics, evaluated)), moments }
    })
    steps.push(record)
  }

  // g_p = E[grad log pi(a|s) (A_R - lambda A_C)] at theta_p on the adapted policy's own data (eq. 21).
  const after = await collect(context, state.theta, 'adapted rollout', config.inner.steps)
  const adapted = await clock.measure('critics', () => evaluateBatch(context, state))
  const metaGradient = await clock.measure('policy', async () => {
    await engine.bind(batch, state.theta, config.inner.fisherStride)
    // lagrangianAdvantages divides by 1 + lambda; the meta-gradient of eq. 21 does not.
    const weights = lagrangianAdvantages(adapted.rewardAdvantages, adapted.costAdvantages, job.lambda)
    return (await engine.surrogateGradient(state.theta, weights)).map((g) => g * (1 + job.lambda))
  })
  assertFinite('meta-gradient', metaGradient, context.where)
  return { ...metaPolicyData!, task: job.task, metaGradient, steps, after, seconds: clock.seconds }
}

/** What the outer loop needs of D_p1, before anything is updated; the engine is bound to it and to theta. */
async function keepFirstBatch(
  { engine, batch, config, where }: TaskContext,
  theta: Float32Array,
  { episodes }: EpisodeStatistics,
  { costAdvantages, costTargets, costReturns, costValues }: EvaluatedBatch,
): Promise<Omit<MetaPolicyData, 'moments'>> {
  const weights = config.meta.eta.weight === 'literal' ? costValues : costAdvantages
  const safetyGradient = await engine.surrogateGradient(theta, weights)
  assertFinite('safety gradient', safetyGradient, where)
  return {
    safetyGradient,
    rows: batch.size,
    observations: batch.observations.slice(0, batch.size * engine.policyShape.observationSize),
    costTargets,
    costReturns,
    // The first rows are the episodes' starts: all environments step in lock step.
    initialCostValue: costValues.slice(0, episodes).reduce((sum, value) => sum + value, 0) / episodes,
    discountedCost: meanDiscountedSum(batch, batch.costs, config.advantage.gamma),
  }
}
