import { beforeAll, describe, expect, it } from 'vitest'
import type { FineTuneResult, Initialisation } from '../../../src/core/training/jobs.ts'
import { initialTrainingState, policyShapeOf } from '../../../src/core/training/state.ts'
import { createCritic, withFreshOptimiser } from '../../../src/core/nn/critic.ts'
import { emptyMoments } from '../../../src/core/nn/observation-scaling.ts'
import { logStdOf } from '../../../src/core/nn/policy.ts'
import { stream } from '../../../src/core/random/stream.ts'
import { fineTune } from '../../../src/core/study/fine-tune.ts'
import { costlyConfig, drivingPolicy } from '../../support/costly.ts'
import { recordingWorker, type BoundBatch, type Recording } from '../../support/recording.ts'
import { episodeSum, estimate, relativeError, standardised, trajectoriesOf } from '../../support/trajectories.ts'

const TASK = 303
const SETTINGS = ['inner.multiplier.rate=0.02', 'meta.lambda.initial=0.9', 'fineTune.initialMultiplier=0.35']
const config = costlyConfig(...SETTINGS)
const shape = policyShapeOf(config)
const { gamma, gaeReward, gaeCost } = config.advantage

const inherited = createCritic(shape, stream('inherited critic'))
inherited.parameters[inherited.parameters.length - 1] = 3
const moments = emptyMoments(shape.observationSize)
const WITH_CRITIC: Initialisation = { theta: drivingPolicy(config, 1), costCritic: inherited, lambda: 0.9, moments }
const WITHOUT_CRITIC: Initialisation = { theta: drivingPolicy(config, 2), costCritic: null, lambda: null, moments }
const RANDOM: Initialisation = { theta: null, costCritic: null, lambda: null, moments }

interface FineTuning {
  readonly result: FineTuneResult
  readonly recording: Recording
}

async function fineTuned(initialisation: Initialisation, task = TASK, settings = config): Promise<FineTuning> {
  const { worker, recording } = await recordingWorker(settings)
  return { result: await fineTune(worker, { kind: 'fine-tune', task, initialisation }), recording }
}

/** The standard normals behind a batch's actions: (action - mean) / std. */
function noiseOf({ batch, theta }: BoundBatch): number[] {
  const std = Array.from(logStdOf(shape, theta), Math.exp)
  const entries = batch.size * shape.actionSize
  return Array.from({ length: entries }, (_, i) => (batch.actions[i]! - batch.means[i]!) / std[i % std.length]!)
}

describe('fine-tuning from different initialisations', () => {
  let withCritic: FineTuning
  let withoutCritic: FineTuning
  let random: FineTuning

  beforeAll(async () => {
    withCritic = await fineTuned(WITH_CRITIC)
    withoutCritic = await fineTuned(WITHOUT_CRITIC)
    random = await fineTuned(RANDOM)
  })

  it('starts lambda_p at the same value for all and moves it by the violation of each batch', () => {
    for (const { result, recording } of [withCritic, withoutCritic, random]) {
      let expected = config.fineTune.initialMultiplier
      result.steps.forEach(({ multiplier, cost }, k) => {
        const { batch } = recording.bound[k]!
        expect(cost).toBeCloseTo(episodeSum(batch, batch.costs, 1), 6)
        expected = Math.max(0, expected + config.inner.multiplier.rate * (cost - config.costLimit))
        expect(multiplier).toBeCloseTo(expected, 6)
      })
    }
    expect(withCritic.result.steps[0]!.cost).toBeGreaterThan(config.costLimit)
    expect(withoutCritic.result.steps[0]!.cost).toBeGreaterThan(config.costLimit)
  })

  it('inherits the cost critic where there is one, with a fresh optimiser', () => {
    const [, cost] = withCritic.recording.fits[1]!
    expect(cost!.before).toEqual(withFreshOptimiser(inherited.parameters))
  })

  it('draws the same fresh critics for every initialisation of a task', () => {
    const path = [config.seed, 'fine-tune', TASK] as const
    const reward = createCritic(shape, stream(...path, 'reward critic'))
    for (const { recording } of [withCritic, withoutCritic, random])
      expect(recording.fits[0]![0]!.before).toEqual(reward)
    const cost = createCritic(shape, stream(...path, 'cost critic'))
    for (const { recording } of [withoutCritic, random]) expect(recording.fits[0]![1]!.before).toEqual(cost)
  })

  it('warms up what is fresh on the first batch, once: the reward critic, and the cost critic where none came', () => {
    for (const { recording } of [withCritic, withoutCritic, random]) {
      expect(recording.fits).toHaveLength(1 + config.fineTune.steps)
      expect(recording.fits.map((fits) => fits[0]!.epochs)).toEqual([
        config.critics.warmUpEpochs,
        ...Array<number>(config.fineTune.steps).fill(config.critics.epochs),
      ])
    }
    expect(withCritic.recording.fits[0]).toHaveLength(1)
    expect(withoutCritic.recording.fits[0]).toHaveLength(2)
    const [reward, cost] = withoutCritic.recording.fits[0]!
    const { batch } = withoutCritic.recording.bound[0]!
    const rewards = estimate(shape, reward!.before.parameters, batch, batch.rewards, gamma, gaeReward).returns
    const costs = estimate(shape, cost!.before.parameters, batch, batch.costs, gamma, gaeCost).returns
    expect(relativeError(reward!.targets, rewards)).toBeLessThan(1e-3)
    expect(relativeError(cost!.targets, costs)).toBeLessThan(1e-3)
    expect(withoutCritic.recording.fits[1]!.map(({ before }) => before)).toEqual([reward!.after, cost!.after])
  })

  it('evaluates the initialisation itself and every step after it', () => {
    for (const { result, recording } of [withCritic, withoutCritic, random]) {
      expect(recording.policies).toHaveLength(config.fineTune.steps + 1)
      expect(result.evaluations).toHaveLength(config.fineTune.steps + 1)
      result.steps.forEach(({ cost }, k) => expect(result.evaluations[k]!.cost).toBe(cost))
    }
    expect(withCritic.recording.policies[0]).toEqual(WITH_CRITIC.theta)
    expect(withoutCritic.recording.policies[0]).toEqual(WITHOUT_CRITIC.theta)
  })

  it('is paired: all meet the same layout, from the same start, with the same action noise', () => {
    const first = withCritic.recording.bound[0]!
    const starts = config.fineTune.episodes * shape.observationSize
    for (const other of [withoutCritic, random]) {
      expect(other.recording.tasks).toEqual([TASK])
      const bound = other.recording.bound[0]!
      expect(bound.batch.observations.slice(0, starts)).toEqual(first.batch.observations.slice(0, starts))
      expect(bound.batch.size).toBe(first.batch.size)
      const [noise, same] = [noiseOf(bound), noiseOf(first)]
      expect(Math.max(...noise.map((z, i) => Math.abs(z - same[i]!)))).toBeLessThan(1e-4)
    }
  })

  it('is independent between tasks and between steps: other noise, other random networks', async () => {
    const other = await fineTuned(RANDOM, 302)
    expect(other.recording.policies[0]).not.toEqual(random.recording.policies[0])
    const [first, second] = random.recording.bound.map(noiseOf)
    const elsewhere = noiseOf(other.recording.bound[0]!)
    for (const noise of [second!, elsewhere]) expect(Math.abs(noise[0]! - first![0]!)).toBeGreaterThan(1e-3)
  })
})

describe('the settings of fine-tuning', () => {
  it('aim at the limit itself, whatever share of it training aimed at', async () => {
    const settings = costlyConfig(...SETTINGS, 'meta.limitShare=0.1')
    const { result } = await fineTuned(WITH_CRITIC, TASK, settings)
    expect(result).toEqual((await fineTuned(WITH_CRITIC)).result)
  })

  it('carry over the multiplier of an initialisation that has one, if asked to', async () => {
    const settings = costlyConfig(...SETTINGS, 'fineTune.carryMultiplier=true')
    for (const [initialisation, from] of [
      [WITH_CRITIC, 0.9],
      [WITHOUT_CRITIC, 0.35],
    ] as const) {
      const [first] = (await fineTuned(initialisation, TASK, settings)).result.steps
      const { rate } = settings.inner.multiplier
      expect(first!.multiplier).toBeCloseTo(from + rate * (first!.cost - settings.costLimit), 6)
    }
  })

  it('take the policy step of their own algorithm, or that of the inner loop', async () => {
    const unconstrained = await fineTuned(WITH_CRITIC, TASK, costlyConfig(...SETTINGS, 'fineTune.algorithm=trpo'))
    const { weights } = unconstrained.recording.gradients[0]!
    const { batch } = unconstrained.recording.bound[0]!
    const critic = unconstrained.recording.fits[1]![0]!.before.parameters
    const { advantages } = estimate(shape, critic, batch, batch.rewards, gamma, gaeReward)
    expect(relativeError(weights, standardised(advantages))).toBeLessThan(1e-3)
    const constrained = await fineTuned(WITH_CRITIC)
    expect(relativeError(constrained.recording.gradients[0]!.weights, standardised(advantages))).toBeGreaterThan(0.05)
    const inner = costlyConfig(...SETTINGS, 'inner.algorithm=trpo')
    expect((await fineTuned(WITH_CRITIC, TASK, inner)).result).toEqual(unconstrained.result)
    const overridden = costlyConfig(...SETTINGS, 'inner.algorithm=trpo', 'fineTune.algorithm=trpo-lag')
    expect((await fineTuned(WITH_CRITIC, TASK, overridden)).result).toEqual(constrained.result)
  })

  it('may ask for no step at all: the initialisation alone is evaluated', async () => {
    const { result, recording } = await fineTuned(WITH_CRITIC, TASK, costlyConfig(...SETTINGS, 'fineTune.steps=0'))
    expect(result.steps).toEqual([])
    expect(result.evaluations).toHaveLength(1)
    expect(recording.policies).toEqual([WITH_CRITIC.theta])
  })
})

describe('an evaluation', () => {
  it('reports the longest run of steps with a cost, mean over episodes', async () => {
    const long = costlyConfig(...SETTINGS, 'environment.horizon=400')
    let interrupted = 0
    const circling = { ...WITH_CRITIC, theta: drivingPolicy(long, 1, 0.4) }
    for (const task of [303, 305]) {
      const { result, recording } = await fineTuned(circling, task, long)
      result.steps.forEach(({ longestCostRun, cost }, k) => {
        const { batch } = recording.bound[k]!
        const longest = trajectoriesOf(batch).map(({ rows }) => {
          const runs = rows.map((row) => (batch.costs[row]! > 0 ? 'c' : '.')).join('')
          return Math.max(...runs.split('.').map((run) => run.length))
        })
        expect(longestCostRun).toBeCloseTo(longest.reduce((sum, length) => sum + length, 0) / longest.length, 10)
        if (longestCostRun < cost) interrupted++
      })
    }
    // Not all costs came in one run: a sum would not do.
    expect(interrupted).toBeGreaterThan(0)
  })
})

describe('a fine-tuning job', () => {
  it('depends on nothing but itself, not on what the worker did before', async () => {
    const job = { kind: 'fine-tune', task: TASK, initialisation: WITHOUT_CRITIC } as const
    const { worker } = await recordingWorker(config)
    const result = await fineTune(worker, job)
    await fineTune(worker, { ...job, task: 306, initialisation: RANDOM })
    expect(await fineTune(worker, job)).toEqual(result)
  })
})

describe('a random initialisation', () => {
  it('is that of its task, whatever the others are', async () => {
    const again = await fineTuned({ ...RANDOM, costCritic: inherited })
    const { recording } = await fineTuned(RANDOM)
    expect(again.recording.policies[0]).toEqual(recording.policies[0])
    expect(recording.policies[0]).not.toEqual(initialTrainingState(config).theta)
  })
})
