import type { RunConfig } from '../config/settings.ts'
import type { Environment } from '../env/environment.ts'
import { withFreshOptimiser, type CriticState } from '../nn/critic.ts'
import type { Learner, PolicyForward } from '../nn/learner.ts'
import { logStdOf } from '../nn/policy.ts'
import type { ObservationScaling } from '../nn/observation-scaling.ts'
import { stream, type StreamPath } from '../random/stream.ts'
import { centre, estimateAdvantages, explainedVariance, standardise } from './advantages.ts'
import type { Batch } from './batch.ts'
import { fitCritics } from './critics.ts'
import { assertFinite } from './finite.ts'
import { updateMultiplier } from './multiplier.ts'
import { rollout, summariseEpisodes, type EpisodeStatistics } from './rollout.ts'
import { trpoLagrangianStep } from './trpo-lagrangian.ts'

/** What one task's adaptation carries from step to step. */
export interface AdaptationState {
  theta: Float32Array
  rewardCritic: CriticState
  costCritic: CriticState
  /** lambda_p. */
  multiplier: number
}

/** What the learner works with on one task. */
export interface TaskContext {
  readonly engine: PolicyForward & Learner
  readonly environments: readonly Environment[]
  readonly scaling: ObservationScaling
  readonly batch: Batch
  readonly config: RunConfig
  /** Prefix of every random stream of this task. */
  readonly randomPath: StreamPath
  /** `iteration 12, task 233`, for messages. */
  readonly where: string
}

/** A batch with the advantages of its behaviour policy. */
export interface EvaluatedBatch {
  /** Standardised. */
  readonly rewardAdvantages: Float32Array
  /** Centred only: their scale is that of the cost. */
  readonly costAdvantages: Float32Array
  readonly rewardTargets: Float32Array
  readonly costTargets: Float32Array
  /** V_C of the rows. */
  readonly costValues: Float32Array
  readonly rewardExplainedVariance: number
  readonly costExplainedVariance: number
}

/** What one adaptation step did, for the record. */
export interface AdaptationStepRecord extends EpisodeStatistics {
  /** lambda_p used by the policy step. */
  readonly multiplier: number
  readonly kl: number
  readonly improvement: number
  readonly accepted: boolean
  readonly candidates: number
  /** Mean action standard deviation of the behaviour policy. */
  readonly std: number
  readonly rewardExplainedVariance: number
  readonly costExplainedVariance: number
  /** After the critics were fitted to this batch. */
  readonly costExplainedVarianceAfter: number
}

/** Rolls out theta for `environments.length` whole episodes into the context's batch. */
export function collect(context: TaskContext, theta: Float32Array, purpose: string, index: number): EpisodeStatistics {
  const { engine, environments, scaling, batch, randomPath } = context
  const random = stream(...randomPath, purpose, index)
  return summariseEpisodes(rollout(engine, engine.policyShape, theta, environments, scaling, batch, random))
}

/** A_R standardised and A_C centred, with the critics as they are. */
export async function evaluateBatch(context: TaskContext, state: AdaptationState): Promise<EvaluatedBatch> {
  const { engine, batch, config, where } = context
  const { gamma, gaeReward, gaeCost } = config.advantage
  const estimate = async (critic: CriticState, signal: Float32Array, lambda: number) => {
    const values = await engine.values(critic.parameters, batch.observations, batch.size)
    const bootstrap = await engine.values(critic.parameters, batch.bootstrapObservations, batch.bootstrapSize)
    return { values, ...estimateAdvantages(batch, signal, values, bootstrap, gamma, lambda) }
  }
  const reward = await estimate(state.rewardCritic, batch.rewards, gaeReward)
  const cost = await estimate(state.costCritic, batch.costs, gaeCost)
  assertFinite('reward advantage', reward.advantages, where)
  assertFinite('cost advantage', cost.advantages, where)
  standardise(reward.advantages)
  centre(cost.advantages)
  return {
    rewardAdvantages: reward.advantages,
    costAdvantages: cost.advantages,
    rewardTargets: reward.targets,
    costTargets: cost.targets,
    costValues: cost.values,
    rewardExplainedVariance: explainedVariance(reward.values, reward.targets),
    costExplainedVariance: explainedVariance(cost.values, cost.targets),
  }
}

/**
 * One adaptation step of Algorithm 1, lines 9-13: roll out, (first step only) warm up the fresh reward critic, compute
 * A_R and A_C, move lambda_p, take one constrained policy step with the new lambda_p, fit both critics.
 *
 * @param onBatch sees the batch and its advantages before anything is updated
 */
export async function adaptationStep(
  context: TaskContext,
  state: AdaptationState,
  index: number,
  onBatch?: (statistics: EpisodeStatistics, evaluated: EvaluatedBatch) => Promise<void>,
): Promise<AdaptationStepRecord> {
  const { engine, batch, config, randomPath, where } = context
  const { inner, critics, policy, costLimit } = config
  const statistics = collect(context, state.theta, 'rollout', index)
  if (index === 0 && critics.warmUpEpochs > 0) await warmUpRewardCritic(context, state)
  const evaluated = await evaluateBatch(context, state)
  await engine.bind(batch, state.theta, inner.fisherStride)
  await onBatch?.(statistics, evaluated)

  const multiplier = updateMultiplier(state.multiplier, statistics.cost, costLimit, {
    rate: inner.multiplierRate,
    cap: inner.multiplierCap,
    violationCap: inner.multiplierViolationCap,
  })
  const std = meanStd(engine, state.theta)
  const step = await trpoLagrangianStep(
    engine,
    state.theta,
    evaluated.rewardAdvantages,
    evaluated.costAdvantages,
    multiplier,
    inner,
    policy,
  )
  assertFinite('theta', step.theta, where)
  const fits = [
    { critic: state.rewardCritic, targets: evaluated.rewardTargets },
    { critic: state.costCritic, targets: evaluated.costTargets },
  ]
  await fitCritics(engine, batch, fits, critics.epochs, critics, stream(...randomPath, 'critics', index))
  assertFinite('cost critic', state.costCritic.parameters, where)
  assertFinite('reward critic', state.rewardCritic.parameters, where)
  state.theta = step.theta
  state.multiplier = multiplier
  const fitted = await engine.values(state.costCritic.parameters, batch.observations, batch.size)
  return {
    ...statistics,
    multiplier,
    kl: step.kl,
    improvement: step.improvement,
    accepted: step.accepted,
    candidates: step.candidates,
    std,
    rewardExplainedVariance: evaluated.rewardExplainedVariance,
    costExplainedVariance: evaluated.costExplainedVariance,
    costExplainedVarianceAfter: explainedVariance(fitted, evaluated.costTargets),
  }
}

/** A fresh reward critic knows nothing of the task: fit it to the first batch before its advantages are used. */
async function warmUpRewardCritic(context: TaskContext, state: AdaptationState): Promise<void> {
  const { engine, batch, config, randomPath } = context
  const { rewardTargets } = await evaluateBatch(context, state)
  const fits = [{ critic: state.rewardCritic, targets: rewardTargets }]
  await fitCritics(engine, batch, fits, config.critics.warmUpEpochs, config.critics, stream(...randomPath, 'warm-up'))
}

export function startAdaptation(
  theta: Float32Array,
  rewardCritic: CriticState,
  costCritic: CriticState,
  multiplier: number,
): AdaptationState {
  // phi_p <- phi: parameters only; each task's regression starts its own Adam.
  return { theta, rewardCritic, costCritic: withFreshOptimiser(costCritic.parameters), multiplier }
}

function meanStd(learner: Learner, theta: Float32Array): number {
  const logStd = logStdOf(learner.policyShape, theta)
  return logStd.reduce((sum, value) => sum + Math.exp(value), 0) / logStd.length
}
