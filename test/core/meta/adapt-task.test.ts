import { beforeAll, describe, expect, it } from 'vitest'
import type { RunConfig } from '../../../src/core/config/settings.ts'
import { adaptTask } from '../../../src/core/meta/adapt-task.ts'
import type { AdaptTaskJob, AdaptTaskResult } from '../../../src/core/training/jobs.ts'
import { initialTrainingState, policyShapeOf } from '../../../src/core/training/state.ts'
import { createCritic, withFreshOptimiser } from '../../../src/core/nn/critic.ts'
import { stream } from '../../../src/core/random/stream.ts'
import type { Batch } from '../../../src/core/rl/batch.ts'
import { costlyConfig, drivingPolicy } from '../../support/costly.ts'
import { recordingWorker, type Recording } from '../../support/recording.ts'
import { centred, episodeSum, estimate, explainedShare, meanOf } from '../../support/trajectories.ts'
import { relativeError, standardised, trajectoriesOf } from '../../support/trajectories.ts'
import { surrogate } from '../nn/reference.ts'

/** Float32 kernels against float64 definitions, relative to the largest entry. */
const TOLERANCE = 1e-3
const TASK = 12

/** Each task starts from a cost critic that knows something: its biases predict a cost of about 3. */
function jobOf(config: RunConfig): AdaptTaskJob {
  const { costCritic, moments } = initialTrainingState(config)
  const parameters = createCritic(policyShapeOf(config), stream('inherited critic')).parameters.map((w) => 3 * w)
  parameters[parameters.length - 1] = 3
  const theta = drivingPolicy(config)
  return {
    kind: 'adapt-task',
    iteration: 4,
    task: TASK,
    theta,
    costCritic: { ...costCritic, parameters },
    lambda: 0.6,
    moments,
  }
}

describe('adaptTask with K = 2 on a costly task, recomputed from its batches', () => {
  const config = costlyConfig('inner.steps=2', 'inner.multiplier.rate=0.02', 'inner.fisherStride=3', 'seed=7')
  const shape = policyShapeOf(config)
  const { gamma, gaeReward, gaeCost } = config.advantage
  const job = jobOf(config)
  let recording: Recording
  let result: AdaptTaskResult
  /** D_p1, D_p2 and the adapted policy's batch. */
  let batches: Batch[]

  beforeAll(async () => {
    const recorded = await recordingWorker(config)
    result = await adaptTask(recorded.worker, job)
    recording = recorded.recording
    batches = recording.bound.map(({ batch }) => batch)
  })

  /** A_R (standardised) and A_C (centred) of a batch. */
  const advantages = (batch: Batch, rewardCritic: Float32Array, costCritic: Float32Array) => ({
    reward: standardised(estimate(shape, rewardCritic, batch, batch.rewards, gamma, gaeReward).advantages),
    cost: centred(estimate(shape, costCritic, batch, batch.costs, gamma, gaeCost).advantages),
  })
  /** Parameters of both critics as the k-th batch found them (k = 0: after the warm-up). */
  const criticsOf = (k: number) => {
    const step = recording.fits[1 + k]
    const [reward, cost] = step ? step.map((fit) => fit.before) : recording.fits[k]!.map((fit) => fit.after)
    return { reward: reward!.parameters, cost: cost!.parameters }
  }
  const episodeCost = (batch: Batch) => episodeSum(batch, batch.costs, 1)

  it('has costs in every batch, so that nothing below holds for want of them', () => {
    expect(batches).toHaveLength(3)
    for (const batch of batches) expect(episodeCost(batch)).toBeGreaterThan(config.costLimit)
  })

  it('rolls out theta, then each adapted policy, on its task alone', () => {
    expect(recording.tasks).toEqual([TASK])
    expect(recording.policies).toHaveLength(3)
    expect(recording.policies[0]).toEqual(job.theta)
    expect(recording.bound.map(({ theta }) => theta)).toEqual(recording.policies)
    expect(recording.policies[1]).not.toEqual(job.theta)
    expect(recording.policies[2]).not.toEqual(recording.policies[1])
    const costs = [...result.steps.map((step) => step.cost), result.after.cost]
    costs.forEach((cost, k) => expect(cost).toBeCloseTo(episodeCost(batches[k]!), 6))
  })

  it('takes Fisher rows from all three episodes, whose rows come in turn: a stride of 3 becomes 4', () => {
    expect(recording.bound.slice(0, config.inner.steps).map(({ stride }) => stride)).toEqual([4, 4])
  })

  it('inherits phi with a fresh optimiser', () => {
    const [, cost] = recording.fits[1]!
    expect(cost!.before).toEqual(withFreshOptimiser(job.costCritic.parameters))
    expect(cost!.after.parameters).not.toEqual(job.costCritic.parameters)
  })

  it('starts a fresh reward critic of its own and warms it up, alone, on D_p1', () => {
    const path = [config.seed, 'meta', job.iteration, TASK, 'reward critic'] as const
    const fresh = createCritic(shape, stream(...path))
    expect(recording.fits).toHaveLength(1 + config.inner.steps)
    expect(recording.fits[0]).toHaveLength(1)
    const warmUp = recording.fits[0]![0]!
    expect(warmUp.before).toEqual(fresh)
    expect(warmUp.epochs).toBe(config.critics.warmUpEpochs)
    const { returns } = estimate(shape, fresh.parameters, batches[0]!, batches[0]!.rewards, gamma, gaeReward)
    expect(relativeError(warmUp.targets, returns)).toBeLessThan(TOLERANCE)
    // The first step goes on with the warmed-up critic.
    expect(recording.fits[1]![0]!.before).toEqual(warmUp.after)
  })

  it('moves lambda_p by the violation of each batch, from the meta multiplier', () => {
    const { rate, cap } = config.inner.multiplier
    const first = job.lambda + rate * (episodeCost(batches[0]!) - config.costLimit)
    const second = first + rate * (episodeCost(batches[1]!) - config.costLimit)
    expect(second).toBeLessThan(cap)
    expect(result.steps[0]!.multiplier).toBeCloseTo(first, 6)
    expect(result.steps[1]!.multiplier).toBeCloseTo(second, 6)
  })

  it('steps along (A_R - lambda_p A_C) / (1 + lambda_p) with the new lambda_p (eq. 7)', () => {
    // The safety gradient takes the first call, the meta-gradient the last.
    const calls = recording.gradients.slice(1, -1)
    expect(calls).toHaveLength(2)
    calls.forEach(({ theta, weights }, k) => {
      const { reward: criticR, cost: criticC } = criticsOf(k)
      const { reward, cost } = advantages(batches[k]!, criticR, criticC)
      const lambda = result.steps[k]!.multiplier
      const expected = reward.map((a, i) => (a - lambda * cost[i]!) / (1 + lambda))
      expect(theta).toEqual(recording.policies[k])
      expect(relativeError(weights, expected)).toBeLessThan(TOLERANCE)
    })
  })

  it('fits both critics to the lambda-returns of every batch', () => {
    recording.fits.slice(1).forEach((fits, k) => {
      expect(fits.map(({ epochs }) => epochs)).toEqual([config.critics.epochs, config.critics.epochs])
      const critics = criticsOf(k)
      const batch = batches[k]!
      const reward = estimate(shape, critics.reward, batch, batch.rewards, gamma, gaeReward).returns
      const cost = estimate(shape, critics.cost, batch, batch.costs, gamma, gaeCost).returns
      expect(relativeError(fits[0]!.targets, reward)).toBeLessThan(TOLERANCE)
      expect(relativeError(fits[1]!.targets, cost)).toBeLessThan(TOLERANCE)
    })
  })

  it('reports what the critics explain of the discounted returns, before and after they are fitted', () => {
    result.steps.forEach((step, k) => {
      const batch = batches[k]!
      const before = criticsOf(k)
      const [rewardFit, costFit] = recording.fits[1 + k]!
      const explained = (signal: Float32Array, critic: Float32Array, returns: Float64Array) =>
        explainedShare(estimate(shape, critic, batch, signal, gamma, 1).values, returns)
      const rewards = estimate(shape, before.reward, batch, batch.rewards, gamma, 1).returns
      const costs = estimate(shape, before.cost, batch, batch.costs, gamma, 1).returns
      expect(step.rewardExplainedVariance).toBeCloseTo(explained(batch.rewards, before.reward, rewards), 3)
      expect(step.costExplainedVariance).toBeCloseTo(explained(batch.costs, before.cost, costs), 3)
      const after = [rewardFit!.after.parameters, costFit!.after.parameters] as const
      expect(step.rewardExplainedVarianceAfter).toBeCloseTo(explained(batch.rewards, after[0], rewards), 3)
      expect(step.costExplainedVarianceAfter).toBeCloseTo(explained(batch.costs, after[1], costs), 3)
    })
  })

  it('gives g_p = E[grad log pi (A_R - lambda A_C)] at theta_p, with the meta multiplier (eq. 21)', () => {
    const [, , batch] = batches
    const last = recording.fits.at(-1)!.map(({ after }) => after.parameters)
    const { reward, cost } = advantages(batch!, last[0]!, last[1]!)
    const weights = reward.map((a, i) => a - job.lambda * cost[i]!)
    const { gradient } = surrogate(shape, recording.policies[2]!, batch!, weights)
    expect(relativeError(result.metaGradient, gradient)).toBeLessThan(TOLERANCE)
  })

  it('gives the safety gradient of D_p1 at theta, with the cost advantage of the inherited critic (eq. 14)', () => {
    const { advantages: raw } = estimate(
      shape,
      job.costCritic.parameters,
      batches[0]!,
      batches[0]!.costs,
      gamma,
      gaeCost,
    )
    const { gradient } = surrogate(shape, job.theta, batches[0]!, centred(raw))
    expect(relativeError(result.safetyGradient, gradient)).toBeLessThan(TOLERANCE)
  })

  it('hands on D_p1: observations, cost targets and returns, and the critic’s signal', () => {
    const [batch] = batches
    const { size } = batch!
    expect(result.rows).toBe(size)
    expect(result.observations).toEqual(batch!.observations.slice(0, size * shape.observationSize))
    const { values, returns } = estimate(shape, job.costCritic.parameters, batch!, batch!.costs, gamma, gaeCost)
    expect(relativeError(result.costTargets, returns)).toBeLessThan(TOLERANCE)
    const discounted = estimate(shape, job.costCritic.parameters, batch!, batch!.costs, gamma, 1).returns
    expect(relativeError(result.costReturns, discounted)).toBeLessThan(TOLERANCE)
    expect(result.initialCostValue).toBeCloseTo(meanOf(trajectoriesOf(batch!).map(({ rows }) => values[rows[0]!]!)), 4)
    expect(result.discountedCost).toBeCloseTo(episodeSum(batch!, batch!.costs, gamma), 4)
    expect(result.moments.count).toBe(0)
  })

  it('reports the adapted critic’s value of the adapted policy’s starts, the critic signal of lambda', () => {
    const batch = batches[2]!
    const { parameters } = recording.fits.at(-1)![1]!.after
    const { values } = estimate(shape, parameters, batch, batch.costs, gamma, gaeCost)
    const starts = trajectoriesOf(batch).map(({ rows }) => values[rows[0]!]!)
    expect(starts).toHaveLength(config.inner.episodes)
    expect(result.adaptedInitialCostValue).toBeCloseTo(meanOf(starts), 4)
    expect(result.adaptedInitialCostValue).not.toBeCloseTo(result.initialCostValue, 2)
  })
})

describe('adaptTask with a margin', () => {
  it('moves lambda_p by the violation of the share of the limit that training aims at', async () => {
    const config = costlyConfig('inner.multiplier.rate=0.02', 'meta.limitShare=0.25', 'costLimit=4')
    const { worker } = await recordingWorker(config)
    const job = jobOf(config)
    const { steps } = await adaptTask(worker, job)
    expect(steps[0]!.cost).toBeGreaterThan(1)
    expect(steps[0]!.multiplier).toBeCloseTo(job.lambda + 0.02 * (steps[0]!.cost - 1), 6)
  })
})

describe('adaptTask under the rule reptile', () => {
  it('gives the displacement of its policy', async () => {
    const config = costlyConfig('inner.steps=2', 'meta.outerRule=reptile')
    const { worker, recording } = await recordingWorker(config)
    const job = jobOf(config)
    const { metaGradient } = await adaptTask(worker, job)
    expect(metaGradient).toEqual(recording.policies[2]!.map((value, i) => value - job.theta[i]!))
    expect(Math.max(...metaGradient)).toBeGreaterThan(0)
  })
})

describe('adaptTask with the weights of eq. 14 as printed', () => {
  it('takes V_C(s_t) of the inherited critic', async () => {
    const config = costlyConfig('meta.eta.weight=literal')
    const shape = policyShapeOf(config)
    const job = jobOf(config)
    const { worker, recording } = await recordingWorker(config)
    const result = await adaptTask(worker, job)
    const { batch } = recording.bound[0]!
    const { gamma, gaeCost } = config.advantage
    const { values } = estimate(shape, job.costCritic.parameters, batch, batch.costs, gamma, gaeCost)
    const { gradient } = surrogate(shape, job.theta, batch, values)
    expect(relativeError(result.safetyGradient, gradient)).toBeLessThan(TOLERANCE)
  })
})

describe('adaptTask under running observation scaling', () => {
  it('reports the moments of D_p1 only', async () => {
    const config = costlyConfig('inner.steps=2', 'observationScaling=running')
    const { worker, recording } = await recordingWorker(config)
    const { moments } = await adaptTask(worker, jobOf(config))
    const { size, bootstrapSize } = recording.bound[0]!.batch
    expect(moments.count).toBe(size + bootstrapSize)
  })
})
