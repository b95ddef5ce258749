import type { RunConfig } from '../config/settings.ts'
import { createCritic, withFreshOptimiser, type CriticState } from '../nn/critic.ts'
import type { Awaitable, Learner } from '../nn/learner.ts'
import { meanStd, type PolicyShape } from '../nn/policy.ts'
import type { RunningMoments } from '../nn/observation-scaling.ts'
import { stream, type StreamPath } from '../random/stream.ts'
import { centre, explainedVariance, standardise } from './advantages.ts'
import type { Batch } from './batch.ts'
import { estimateRewardAndCost, fitCritics } from './critics.ts'
import { assertFinite } from './finite.ts'
import type { PhaseClock } from './phases.ts'
import { updateMultiplier, type MultiplierState } from './multiplier.ts'
import { strideAcrossEpisodes } from './fisher-rows.ts'
import { summariseEpisodes, type EpisodeStatistics, type RolledOut } from './rollout.ts'
import { policyStep, type Algorithm, type PolicyStep } from './policy-step.ts'

/** What one task's adaptation carries from step to step. */
export interface AdaptationState {
  theta: Float32Array
  rewardCritic: CriticState
  costCritic: CriticState
  /** lambda_p. */
  multiplier: MultiplierState
  /** Fresh critics know nothing of the task: they are fitted to the first batch before its advantages are used. */
  readonly freshCostCritic: boolean
}

/** What the learner works with on one task. */
export interface TaskContext {
  readonly engine: Learner
  /** Fills `batch` with whole episodes of a policy on the task; the path names the stream of its noise. */
  readonly rollOut: (theta: Float32Array, randomPath: StreamPath) => Awaitable<RolledOut>
  readonly batch: Batch
  readonly config: RunConfig
  readonly algorithm: Algorithm
  /** Limit on the episode cost that the task is adapted to. */
  readonly costLimit: number
  /** Prefix of every random stream of this task. */
  readonly randomPath: StreamPath
  /** `iteration 12, task 233`, for messages. */
  readonly where: string
  readonly clock: PhaseClock
}

/** A batch with the advantages of its behaviour policy. */
export interface EvaluatedBatch {
  /** Standardised. */
  readonly rewardAdvantages: Float32Array
  /** Centred only: their scale is that of the cost. */
  readonly costAdvantages: Float32Array
  /** lambda-returns: what the critics are fitted to. They contain the critics' own values. */
  readonly rewardTargets: Float32Array
  readonly costTargets: Float32Array
  /** Discounted returns (lambda = 1): what explained variances are measured against. */
  readonly rewardReturns: Float32Array
  readonly costReturns: Float32Array
  /** V_C of the rows. */
  readonly costValues: Float32Array
  readonly rewardExplainedVariance: number
  readonly costExplainedVariance: number
}

/** What one adaptation step did, for the record. */
export interface AdaptationStepRecord extends EpisodeStatistics, Omit<PolicyStep, 'theta'> {
  /** lambda_p used by the policy step. */
  readonly multiplier: number
  /** Mean action standard deviation of the behaviour policy. */
  readonly std: number
  /** Of the discounted returns of this batch, by the critics that its advantages were computed with. */
  readonly rewardExplainedVariance: number
  readonly costExplainedVariance: number
  /** The same after the critics were fitted to this batch. */
  readonly rewardExplainedVarianceAfter: number
  readonly costExplainedVarianceAfter: number
}

/** What is known of a batch before any critic has seen it. */
export interface CollectedBatch {
  readonly statistics: EpisodeStatistics
  /** Of its raw observations; empty where the scaling needs none. */
  readonly moments: RunningMoments
}

/** Rolls out theta into the context's batch. */
export async function collect(
  context: TaskContext,
  theta: Float32Array,
  purpose: string,
  index: number,
): Promise<CollectedBatch> {
  const { rollOut, randomPath, clock } = context
  const { episodes, moments, seconds } = await rollOut(theta, [...randomPath, purpose, index])
  clock.add('rollout', seconds)
  return { statistics: summariseEpisodes(episodes), moments }
}

/** A_R standardised and A_C centred, with the critics as they are. */
export async function evaluateBatch(context: TaskContext, state: AdaptationState): Promise<EvaluatedBatch> {
  const { engine, batch, config, where } = context
  const critics = { reward: state.rewardCritic.parameters, cost: state.costCritic.parameters }
  const { reward, cost } = await estimateRewardAndCost(engine, batch, critics, config.advantage, where)
  standardise(reward.advantages)
  centre(cost.advantages)
  return {
    rewardAdvantages: reward.advantages,
    costAdvantages: cost.advantages,
    rewardTargets: reward.targets,
    costTargets: cost.targets,
    rewardReturns: reward.returns,
    costReturns: cost.returns,
    costValues: cost.values,
    rewardExplainedVariance: explainedVariance(reward.values, reward.returns),
    costExplainedVariance: explainedVariance(cost.values, cost.returns),
  }
}

/** A step's data before anything is updated: the learner is bound to them and to the behaviour policy. */
export interface AdaptationBatch extends CollectedBatch {
  readonly evaluated: EvaluatedBatch
  /** lambda_p that the policy step is about to use. */
  readonly multiplier: number
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
  onBatch?: (batch: AdaptationBatch) => Promise<void>,
): Promise<AdaptationStepRecord> {
  const { engine, batch, config, algorithm, costLimit, where, clock } = context
  const { inner, policy } = config
  const collected = await collect(context, state.theta, 'rollout', index)
  const { statistics } = collected
  const evaluated = await clock.measure('critics', async () => {
    if (index === 0) await warmUp(context, state)
    return evaluateBatch(context, state)
  })
  const multiplier = updateMultiplier(state.multiplier, statistics.cost, costLimit, inner.multiplier)
  const stride = strideAcrossEpisodes(inner.fisherStride, statistics.episodes)
  await clock.measure('policy', () => engine.bind(batch, state.theta, stride))
  await clock.measure('policy', () => onBatch?.({ ...collected, evaluated, multiplier: multiplier.value }))

  const std = meanStd(engine.policyShape, state.theta)
  const { theta, ...step } = await clock.measure('policy', () =>
    policyStep(algorithm, {
      learner: engine,
      theta: state.theta,
      rewardAdvantages: evaluated.rewardAdvantages,
      costAdvantages: evaluated.costAdvantages,
      lambda: multiplier.value,
      violation: violationOf(statistics, costLimit, inner.constraintUnit),
      settings: inner,
      bounds: policy,
      where,
    }),
  )
  assertFinite('theta', theta, where)
  const explained = await clock.measure('critics', () => fitBothCritics(context, state, index, evaluated))
  state.theta = theta
  state.multiplier = multiplier
  return {
    ...statistics,
    ...step,
    multiplier: multiplier.value,
    std,
    rewardExplainedVariance: evaluated.rewardExplainedVariance,
    costExplainedVariance: evaluated.costExplainedVariance,
    ...explained,
  }
}

/** c of the linearised constraint c + b'(theta - theta_old) <= 0, in the unit of the cost surrogate, a mean over steps. */
export function violationOf(
  { cost, length }: Pick<EpisodeStatistics, 'cost' | 'length'>,
  limit: number,
  unit: RunConfig['inner']['constraintUnit'],
): number {
  return unit === 'per-step' ? (cost - limit) / length : cost - limit
}

/** Algorithm 1, line 12, and how well the critics then explain the batch's discounted returns. */
async function fitBothCritics(context: TaskContext, state: AdaptationState, index: number, evaluated: EvaluatedBatch) {
  const { engine, batch, config, randomPath, where } = context
  const { critics } = config
  const fits = [
    { critic: state.rewardCritic, targets: evaluated.rewardTargets },
    { critic: state.costCritic, targets: evaluated.costTargets },
  ]
  await fitCritics(engine, batch, fits, critics.epochs, critics, stream(...randomPath, 'critics', index))
  assertFinite('cost critic', state.costCritic.parameters, where)
  assertFinite('reward critic', state.rewardCritic.parameters, where)
  const explained = async (critic: CriticState, returns: Float32Array) =>
    explainedVariance(await engine.values(critic.parameters, batch.observations, batch.size), returns)
  return {
    rewardExplainedVarianceAfter: await explained(state.rewardCritic, evaluated.rewardReturns),
    costExplainedVarianceAfter: await explained(state.costCritic, evaluated.costReturns),
  }
}

/** The reward critic is always fresh; the cost critic is where the initialisation has none. */
async function warmUp(context: TaskContext, state: AdaptationState): Promise<void> {
  const { engine, batch, config, randomPath } = context
  const { rewardTargets, costTargets } = await evaluateBatch(context, state)
  const fits = [{ critic: state.rewardCritic, targets: rewardTargets }]
  if (state.freshCostCritic) fits.push({ critic: state.costCritic, targets: costTargets })
  await fitCritics(engine, batch, fits, config.critics.warmUpEpochs, config.critics, stream(...randomPath, 'warm-up'))
}

/**
 * @param costCritic parameters of an inherited cost critic (phi_p <- phi: each task's regression starts its own Adam),
 *   or null for a fresh one
 */
export function startAdaptation(
  shape: PolicyShape,
  theta: Float32Array,
  costCritic: Float32Array | null,
  multiplier: MultiplierState,
  randomPath: StreamPath,
): AdaptationState {
  return {
    theta,
    rewardCritic: createCritic(shape, stream(...randomPath, 'reward critic')),
    costCritic: costCritic ? withFreshOptimiser(costCritic) : createCritic(shape, stream(...randomPath, 'cost critic')),
    multiplier,
    freshCostCritic: costCritic === null,
  }
}
