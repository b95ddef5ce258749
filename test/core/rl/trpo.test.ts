import { beforeAll, describe, expect, it } from 'vitest'
import type { WorkerContext } from '../../../src/core/meta/worker-context.ts'
import { randomPolicy, scalingOf } from '../../../src/core/meta/state.ts'
import { emptyMoments } from '../../../src/core/nn/observation-scaling.ts'
import { logStdOf } from '../../../src/core/nn/policy.ts'
import type { Learner } from '../../../src/core/nn/learner.ts'
import { stream } from '../../../src/core/random/stream.ts'
import { rollout } from '../../../src/core/rl/rollout.ts'
import { lagrangianAdvantages, trpoLagrangianStep } from '../../../src/core/rl/trpo-lagrangian.ts'
import { trpoStep } from '../../../src/core/rl/trpo.ts'
import { tinyConfig, tinyWorker } from '../../support/worker.ts'

const config = tinyConfig()
const settings = { ...config.inner, fisherStride: 1 }
let worker: WorkerContext
let theta: Float32Array

beforeAll(async () => {
  worker = await tinyWorker(config)
  theta = randomPolicy(config, [3, 'theta'])
  const { engine, batch } = worker
  const scaling = scalingOf(config, emptyMoments(44))
  rollout(engine, engine.policyShape, theta, worker.environments(1, 3), scaling, batch, stream(3))
  await engine.bind(batch, theta, 1)
})

const randomWeights = (name: string) => {
  const random = stream(4, name)
  return Float32Array.from({ length: worker.batch.size }, () => random.normal())
}

describe('trpoStep', () => {
  it('improves the measured surrogate within the measured KL bound', async () => {
    const weights = randomWeights('advantages')
    const step = await trpoStep(worker.engine, theta, weights, settings, config.policy, 'test')
    expect(step.accepted).toBe(true)
    expect(step.kl).toBeGreaterThan(settings.kl / 10)
    expect(step.kl).toBeLessThanOrEqual(settings.kl)
    expect(step.improvement).toBeGreaterThan(0)
    const { kl, surrogates } = await worker.engine.evaluatePolicy(step.theta, [weights])
    const old = await worker.engine.evaluatePolicy(theta, [weights])
    expect(kl).toBe(step.kl)
    expect(surrogates[0]! - old.surrogates[0]!).toBe(step.improvement)
  })

  it('finds the closed form where only the log standard deviation matters', async () => {
    // Weights z_a^2 - 1 reward spread alone. On the log-std block F = 2 I exactly, so the natural step there is
    // gradient / (2 + damping) on the same scale as everything else.
    const { batch, engine } = worker
    const std = Math.exp(config.policy.initialLogStd)
    const weights = Float32Array.from({ length: batch.size }, (_, row) =>
      [0, 1].reduce((sum, a) => sum + ((batch.actions[2 * row + a]! - batch.means[2 * row + a]!) / std) ** 2 - 1, 0),
    )
    const gradient = logStdOf(engine.policyShape, await engine.surrogateGradient(theta, weights))
    // d/d logStd of mean(w log pi) = mean(w (z^2 - 1))
    for (let a = 0; a < 2; a++) {
      let expected = 0
      for (let row = 0; row < batch.size; row++) {
        const z = (batch.actions[2 * row + a]! - batch.means[2 * row + a]!) / std
        expected += (weights[row]! * (z * z - 1)) / batch.size
      }
      expect(gradient[a]).toBeCloseTo(expected, 4)
    }
    const step = await trpoStep(engine, theta, weights, { ...settings, kl: 0.001 }, config.policy, 'test')
    const moved = logStdOf(engine.policyShape, step.theta).map(
      (value, a) => value - logStdOf(engine.policyShape, theta)[a]!,
    )
    expect(moved[0]! / moved[1]!).toBeCloseTo(gradient[0]! / gradient[1]!, 2)
  })

  it('keeps the log standard deviation within its bounds', async () => {
    const weights = randomWeights('spread')
    const bounds = { minLogStd: config.policy.initialLogStd, maxLogStd: config.policy.initialLogStd }
    const step = await trpoStep(worker.engine, theta, weights, settings, bounds, 'test')
    for (const value of logStdOf(worker.engine.policyShape, step.theta))
      expect(value).toBe(Math.fround(config.policy.initialLogStd))
  })

  it('names what is not finite instead of keeping quiet', async () => {
    const { engine } = worker
    const weights = randomWeights('advantages')
    weights[3] = NaN
    const step = (learner: Learner, given: Float32Array) =>
      trpoStep(learner, theta, given, settings, config.policy, 'iteration 7, task 42')
    await expect(step(engine, weights)).rejects.toThrow(/policy gradient.*iteration 7, task 42/)
    const broken: Learner = { ...engine, fisherProduct: (v) => v.map(() => NaN) }
    await expect(step(broken, randomWeights('advantages'))).rejects.toThrow(/Fisher product.*iteration 7, task 42/)
  })

  it('keeps the old policy where every candidate is unacceptable or not finite', async () => {
    const { engine } = worker
    const broken: Learner = {
      ...engine,
      evaluatePolicy: (candidate, weights) => {
        const { surrogates, kl } = engine.evaluatePolicy(candidate, weights) as { kl: number; surrogates: number[] }
        return candidate === theta ? { kl, surrogates } : { kl: NaN, surrogates: [NaN] }
      },
    }
    const step = await trpoStep(broken, theta, randomWeights('advantages'), settings, config.policy, 'test')
    expect(step).toMatchObject({ accepted: false, candidates: settings.backtracks, kl: 0, improvement: 0 })
    expect(step.theta).toEqual(theta)
    const noGradient = new Float32Array(worker.batch.size)
    expect((await trpoStep(engine, theta, noGradient, settings, config.policy, 'test')).accepted).toBe(false)
  })
})

describe('trpoLagrangianStep', () => {
  it('is TRPO on (A_R - lambda A_C) / (1 + lambda), eq. 7', async () => {
    const rewards = randomWeights('rewards')
    const costs = randomWeights('costs')
    const mixed = lagrangianAdvantages(rewards, costs, 0.5)
    mixed.forEach((value, i) => expect(value).toBeCloseTo((rewards[i]! - 0.5 * costs[i]!) / 1.5, 5))
    const step = await trpoLagrangianStep(worker.engine, theta, rewards, costs, 0.5, settings, config.policy, 'test')
    expect(step).toEqual(await trpoStep(worker.engine, theta, mixed, settings, config.policy, 'test'))
  })

  it('lowers the cost surrogate where lambda is large', async () => {
    const costs = randomWeights('costs')
    const step = await trpoLagrangianStep(
      worker.engine,
      theta,
      randomWeights('rewards'),
      costs,
      1000,
      settings,
      config.policy,
      'test',
    )
    const [before] = (await worker.engine.evaluatePolicy(theta, [costs])).surrogates
    const [after] = (await worker.engine.evaluatePolicy(step.theta, [costs])).surrogates
    expect(after!).toBeLessThan(before!)
  })
})
