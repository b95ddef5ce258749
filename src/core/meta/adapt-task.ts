import { adaptationStep, collect, evaluateBatch, startAdaptation } from '../rl/adaptation.ts'
import type { AdaptationBatch, AdaptationStepRecord, EvaluatedBatch, TaskContext } from '../rl/adaptation.ts'
import { meanDiscountedSum } from '../rl/advantages.ts'
import { assertFinite } from '../rl/finite.ts'
import { startMultiplier } from '../rl/multiplier.ts'
import { createPhaseClock } from '../rl/phases.ts'
import { lagrangianAdvantages } from '../rl/trpo-lagrangian.ts'
import type { AdaptTaskJob, AdaptTaskResult, MetaPolicyData } from '../training/jobs.ts'
import { trainingLimit } from '../training/state.ts'
import { repeated, type LearnerContext } from '../training/worker-context.ts'
import { keepInnerStep, secondOrderGradient, type InnerStep } from './second-order.ts'

/**
 * The inner loop of Algorithm 1 on one task (lines 7-14) and the meta-gradient at its end.
 * The first batch, D_p1, is on-policy data of the meta-policy: the safety term and the meta cost critic use it.
 */
export async function adaptTask(worker: LearnerContext, job: AdaptTaskJob): Promise<AdaptTaskResult> {
  const { config, engine, batch } = worker
  const { inner, meta } = config
  const context: TaskContext = {
    engine,
    rollOut: worker.rollouts(repeated(job.task, inner.episodes), job.moments, batch),
    batch,
    config,
    algorithm: inner.algorithm,
    costLimit: trainingLimit(config),
    randomPath: [config.seed, 'meta', job.iteration, job.task],
    where: `iteration ${job.iteration}, task ${job.task}`,
    clock: createPhaseClock(worker.now),
  }
  const { clock, randomPath } = context
  const lambda = startMultiplier(job.lambda)
  const state = startAdaptation(engine.policyShape, job.theta, job.costCritic.parameters, lambda, randomPath)

  let metaPolicyData: MetaPolicyData | undefined
  const steps: AdaptationStepRecord[] = []
  const kept: InnerStep[] = []
  for (let k = 0; k < inner.steps; k++) {
    const record = await adaptationStep(context, state, k, async (data) => {
      if (meta.outerRule === 'maml') kept.push(keepInnerStep(context, state.theta, data))
      if (k > 0) return
      metaPolicyData = await keepFirstBatch(context, job.theta, data)
    })
    steps.push(record)
  }

  const { statistics: after } = await collect(context, state.theta, 'adapted rollout', inner.steps)
  const adapted = await clock.measure('critics', () => evaluateBatch(context, state))
  const metaGradient = await clock.measure('policy', async () => {
    if (meta.outerRule === 'reptile') return state.theta.map((value, i) => value - job.theta[i]!)
    const firstOrder = await firstOrderGradient(context, state.theta, adapted, job.lambda)
    return meta.outerRule === 'maml' ? secondOrderGradient(worker, firstOrder, kept) : firstOrder
  })
  assertFinite('meta-gradient', metaGradient, context.where)
  const phi = job.costCritic.parameters
  return {
    ...metaPolicyData!,
    task: job.task,
    metaGradient,
    costCriticDisplacement:
      meta.critic === 'meta-gradient'
        ? state.costCritic.parameters.map((value, i) => value - phi[i]!)
        : new Float32Array(),
    adaptedInitialCostValue: meanInitial(adapted.costValues, after.episodes),
    steps,
    after,
    seconds: clock.seconds,
  }
}

/** g_p = E[grad log pi(a|s) (A_R - lambda A_C)] at theta_p on the adapted policy's own data (eq. 21). */
async function firstOrderGradient(
  { engine, batch, config }: TaskContext,
  theta: Float32Array,
  { rewardAdvantages, costAdvantages }: EvaluatedBatch,
  lambda: number,
): Promise<Float32Array> {
  await engine.bind(batch, theta, config.inner.fisherStride)
  // lagrangianAdvantages divides by 1 + lambda; the meta-gradient of eq. 21 does not.
  const weights = lagrangianAdvantages(rewardAdvantages, costAdvantages, lambda)
  return (await engine.surrogateGradient(theta, weights)).map((g) => g * (1 + lambda))
}

/** What the outer loop needs of D_p1, before anything is updated; the engine is bound to it and to theta. */
async function keepFirstBatch(
  { engine, batch, config, where }: TaskContext,
  theta: Float32Array,
  { statistics, moments, evaluated }: AdaptationBatch,
): Promise<MetaPolicyData> {
  const { costAdvantages, costTargets, costReturns, costValues } = evaluated
  const weights = config.meta.eta.weight === 'literal' ? costValues : costAdvantages
  const safetyGradient = await engine.surrogateGradient(theta, weights)
  assertFinite('safety gradient', safetyGradient, where)
  return {
    safetyGradient,
    rows: batch.size,
    observations: batch.observations.slice(0, batch.size * engine.policyShape.observationSize),
    costTargets,
    costReturns,
    initialCostValue: meanInitial(costValues, statistics.episodes),
    moments,
    discountedCost: meanDiscountedSum(batch, batch.costs, config.advantage.gamma),
  }
}

/** Mean over the episodes' starts, which are the first rows: all environments step in lock step. */
function meanInitial(values: Float32Array, episodes: number): number {
  return values.slice(0, episodes).reduce((sum, value) => sum + value, 0) / episodes
}
