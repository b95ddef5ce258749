import { beforeAll, describe, expect, it } from 'vitest'
import type { RunConfig } from '../../../src/core/config/settings.ts'
import type { AdaptTaskResult, OuterStepJob, OuterStepResult, PooledData } from '../../../src/core/training/jobs.ts'
import { outerKlBound, outerStep } from '../../../src/core/meta/outer-step.ts'
import { poolData } from '../../../src/core/training/pooled.ts'
import { runJob } from '../../../src/core/training/run-job.ts'
import { initialTrainingState, policyShapeOf } from '../../../src/core/training/state.ts'
import type { Batch } from '../../../src/core/rl/batch.ts'
import { zeroMoments, type AdamMoments } from '../../../src/core/nn/adam.ts'
import { stream } from '../../../src/core/random/stream.ts'
import { meanShape, logStdOf } from '../../../src/core/nn/policy.ts'
import { costlyConfig, drivingPolicy } from '../../support/costly.ts'
import { recordingWorker } from '../../support/recording.ts'
import { tinyConfig, tinyWorker } from '../../support/worker.ts'
import { outputsOf, surrogate } from '../nn/reference.ts'

describe('outerKlBound', () => {
  it('falls linearly from the bound to its share in the last iteration', () => {
    const { meta } = tinyConfig('meta.iterations=5', 'meta.kl=0.04', 'meta.finalKlShare=0.5')
    expect([1, 2, 3, 4, 5].map((iteration) => outerKlBound(meta, iteration))).toEqual([0.04, 0.035, 0.03, 0.025, 0.02])
  })

  it('stays where the share is 1, and is the bound where there is one iteration only', () => {
    const constant = tinyConfig('meta.iterations=9', 'meta.kl=0.04', 'meta.finalKlShare=1').meta
    expect(outerKlBound(constant, 9)).toBe(0.04)
    expect(outerKlBound({ ...constant, iterations: 1, finalKlShare: 0.1 }, 1)).toBe(0.04)
  })
})

const config = costlyConfig('meta.kl=0.05', 'meta.iterations=5', 'meta.finalKlShare=0.2')
const shape = policyShapeOf(config)
const theta = drivingPolicy(config)

/** KL(old || new) of two Gaussian policies, summed over actions, mean over the pooled states, in float64. */
function klOf(pooled: PooledData, updated: Float32Array): number {
  const means = [theta, updated].map((p) => outputsOf(meanShape(shape), p, pooled.observations, pooled.rows))
  const [before, after] = [theta, updated].map((p) => Array.from(logStdOf(shape, p), Math.exp))
  let sum = 0
  means[0]!.forEach((mean, i) => {
    const [s, t] = [before![i % shape.actionSize]!, after![i % shape.actionSize]!]
    sum += Math.log(t / s) + (s * s + (mean - means[1]![i]!) ** 2) / (2 * t * t) - 0.5
  })
  return sum / pooled.rows
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a, (x, i) => x * b[i]!).reduce((s, x) => s + x, 0)

let pooled: PooledData
let adapted: AdaptTaskResult[]
/** Cost surrogate of each task's D_p1: its batch and cost advantages. */
let costSurrogates: { readonly batch: Batch; readonly weights: Float32Array }[]

beforeAll(async () => {
  const { worker, recording } = await recordingWorker(config)
  const { costCritic, moments } = initialTrainingState(config)
  adapted = []
  costSurrogates = []
  for (const task of [7, 12]) {
    recording.bound.length = recording.gradients.length = 0
    const job = { kind: 'adapt-task', iteration: 1, task, theta, costCritic, lambda: 0.5, moments } as const
    adapted.push(await runJob(worker, job))
    // Of D_p1, the safety gradient comes first.
    costSurrogates.push({ batch: recording.bound[0]!.batch, weights: recording.gradients[0]!.weights })
  }
  pooled = poolData(adapted, (floats) => new Float32Array(floats))
})

/** Of `job` on a fresh worker; by default nothing moves. */
async function outerStepOf(settings: RunConfig, job: Partial<OuterStepJob>): Promise<OuterStepResult> {
  const nothing = new Float64Array(theta.length)
  return outerStep(await tinyWorker(settings), {
    kind: 'outer-step',
    iteration: 1,
    theta,
    metaGradient: nothing,
    safetyTerm: nothing,
    safetyWeight: 0,
    moments: null,
    pooled,
    ...job,
  })
}

/** Mean of the tasks' cost surrogates under a policy, in float64. */
const costOf = (policy: Float32Array) =>
  costSurrogates.reduce((sum, { batch, weights }) => sum + surrogate(shape, policy, batch, weights).value / 2, 0)

describe('outerStep by natural gradient', () => {
  const step = async (direction: Float32Array, iteration = 1, settings: RunConfig = config) => {
    // Any split into a meta-gradient and a safety term is the same direction.
    const safetyTerm = Float64Array.from(direction, (g) => -0.25 * g)
    const metaGradient = Float64Array.from(direction, (g) => 0.75 * g)
    return outerStepOf(settings, { iteration, metaGradient, safetyTerm, safetyWeight: 0.5 })
  }

  it('climbs: it moves along the direction, for a direction and for its opposite', async () => {
    const up = adapted[0]!.metaGradient
    for (const direction of [up, up.map((g) => -g), adapted[1]!.safetyGradient]) {
      const { theta: updated } = await step(direction)
      const moved = updated.map((value, i) => value - theta[i]!)
      const cosine = dot(moved, direction) / Math.sqrt(dot(moved, moved) * dot(direction, direction))
      expect(cosine).toBeGreaterThan(0.05)
    }
  })

  it('fills its KL bound and never exceeds it, as measured in float64', async () => {
    for (const iteration of [1, 3, 5]) {
      const bound = outerKlBound(config.meta, iteration)
      const { theta: updated, kl } = await step(adapted[0]!.metaGradient, iteration)
      const measured = klOf(pooled, updated)
      expect(measured).toBeCloseTo(kl, 5)
      expect(measured).toBeLessThanOrEqual(bound * 1.001)
      expect(measured).toBeGreaterThan(0.9 * bound)
    }
  })

  it('takes a step of the given length under kl-max, in proportion to it until the bound', async () => {
    const direction = adapted[0]!.metaGradient
    const length = async (rate: number) => {
      const short = costlyConfig('meta.step=kl-max', `meta.rate=${rate}`, 'meta.kl=0.05')
      const { theta: updated, kl } = await step(direction, 1, short)
      expect(kl).toBeLessThanOrEqual(0.05)
      const moved = updated.map((value, i) => value - theta[i]!)
      return Math.sqrt(dot(moved, moved))
    }
    const [one, two] = [await length(0.001), await length(0.002)]
    expect(two / one).toBeCloseTo(2, 1)
    expect(await length(100)).toBeGreaterThan(5 * two)
  })

  it('stays where there is no direction', async () => {
    const { theta: updated, kl } = await step(new Float32Array(theta.length))
    expect(updated).toEqual(theta)
    expect(kl).toBe(0)
  })
})

/** A direction that leaves the log standard deviations well within their bounds. */
function directionOf(seed: string): Float64Array {
  const random = stream('direction', seed)
  const direction = Float64Array.from(theta, () => random.normal())
  return direction.map((value, i) => (i < theta.length - shape.actionSize ? value : 0.01 * value))
}

/** theta + scale * direction as float32 holds it. */
const along = (direction: ArrayLike<number>, scale: number) => theta.map((value, i) => value + scale * direction[i]!)

describe('outerStep by the rule reptile', () => {
  const reptile = (...assignments: string[]) =>
    costlyConfig('meta.outerRule=reptile', 'meta.kl=0.05', 'meta.finalKlShare=1', ...assignments)

  /** The displacement in a direction whose KL, measured in float64, is `kl`. */
  const displacementOf = (kl: number) => {
    const direction = directionOf('reptile').map((value) => 1e-3 * value)
    let scale = 1
    for (let i = 0; i < 30; i++) scale *= Math.sqrt(kl / klOf(pooled, along(direction, scale)))
    return direction.map((value) => scale * value)
  }

  it('moves by beta times the mean displacement, exactly, within the bound', async () => {
    const metaGradient = displacementOf(0.02)
    for (const rate of [1, 0.5, 1.25]) {
      const result = await outerStepOf(reptile(`meta.rate=${rate}`), { metaGradient })
      expect(result.theta).toEqual(along(metaGradient, rate))
      expect(result.kl).toBeCloseTo(klOf(pooled, result.theta), 6)
      expect(result).toMatchObject({ candidates: 1, moments: null })
    }
  })

  it('halves the displacement until its measured KL is within the bound', async () => {
    const metaGradient = displacementOf(0.1)
    expect(klOf(pooled, along(metaGradient, 0.5))).toBeLessThan(0.05)
    const half = await outerStepOf(reptile(), { metaGradient })
    expect(half.theta).toEqual(along(metaGradient, 0.5))
    expect(half.candidates).toBe(2)
    const eighth = await outerStepOf(reptile('meta.kl=0.003'), { metaGradient })
    expect(eighth.theta).toEqual(along(metaGradient, 0.125))
    expect(klOf(pooled, along(metaGradient, 0.25))).toBeGreaterThan(0.003)
  })

  it('stays where no candidate is within the bound', async () => {
    const result = await outerStepOf(reptile('meta.kl=1e-9'), { metaGradient: displacementOf(0.1) })
    expect(result.theta).toEqual(theta)
    expect(result.kl).toBe(0)
  })

  it('has a safety term that pulls the cost down, in proportion to its weight', async () => {
    const [a, b] = adapted.map(({ safetyGradient }) => safetyGradient)
    const pull = async (safetyWeight: number) => {
      const safetyTerm = Float64Array.from(a!, (g, i) => (safetyWeight * (g + b![i]!)) / 2)
      const settings = reptile('meta.kl=1', 'inner.kl=0.005')
      const { theta: moved } = await outerStepOf(settings, { safetyTerm, safetyWeight })
      return { fall: costOf(theta) - costOf(moved), kl: klOf(pooled, moved), moved }
    }
    const [one, two] = [await pull(0.5), await pull(1)]
    expect(one.fall).toBeGreaterThan(0)
    expect(two.fall).toBeGreaterThan(1.5 * one.fall)
    const length = (moved: Float32Array) => Math.hypot(...moved.map((value, i) => value - theta[i]!))
    expect(length(two.moved) / length(one.moved)).toBeCloseTo(2, 3)
    // Of full weight it is a step of the inner trust region, whatever the size of the gradient.
    expect(two.kl).toBeGreaterThan(0.0025)
    expect(two.kl).toBeLessThan(0.01)
  })
})

describe('outerStep by plain ascent', () => {
  const sgd = (...assignments: string[]) => costlyConfig('meta.optimiser=sgd', 'meta.rate=0.03', ...assignments)

  it('moves by its rate along the meta-gradient minus the safety term, under no bound but the log-std’s', async () => {
    const [metaGradient, safetyTerm] = [directionOf('meta'), directionOf('safety')]
    const direction = Float32Array.from(metaGradient, (g, i) => g - safetyTerm[i]!)
    const result = await outerStepOf(sgd(), { metaGradient, safetyTerm, safetyWeight: 0.5 })
    expect(result.theta).toEqual(along(direction, 0.03))
    expect(result.moments).toBeNull()
    expect(result.kl).toBeCloseTo(klOf(pooled, result.theta), 5)
    const further = await outerStepOf(sgd('meta.rate=0.3'), { metaGradient })
    expect(further.kl).toBeGreaterThan(sgd().meta.kl)
  })

  it('keeps the log standard deviations within their bounds', async () => {
    const metaGradient = directionOf('meta').map((value, i) => (i < theta.length - shape.actionSize ? value : 1000))
    const { theta: moved } = await outerStepOf(sgd(), { metaGradient })
    for (const value of logStdOf(shape, moved)) expect(value).toBeCloseTo(config.policy.maxLogStd, 6)
  })

  it('stops with the quantity’s name where the policy has no KL any more', async () => {
    const metaGradient = directionOf('meta').map((value) => 5e37 * value)
    await expect(outerStepOf(sgd('meta.rate=1'), { metaGradient })).rejects.toThrow(
      /outer KL became .* in iteration 1, outer step/,
    )
  })
})

describe('outerStep by Adam', () => {
  const settings = costlyConfig('meta.optimiser=adam', 'meta.adamRate=0.01')

  it('follows the bias-corrected moments of its directions (Kingma & Ba, 2015, algorithm 1)', async () => {
    const directions = ['first', 'second', 'third'].map(directionOf)
    let from = theta
    let moments: AdamMoments | null = zeroMoments(theta.length)
    const before = structuredClone(moments)
    for (const [t, direction] of directions.entries()) {
      const result: OuterStepResult = await outerStepOf(settings, { theta: from, metaGradient: direction, moments })
      const [m, v] = [theta.slice().fill(0), theta.slice().fill(0)]
      directions.slice(0, t + 1).forEach((g, i) =>
        g.forEach((value, k) => {
          m[k]! += 0.1 * 0.9 ** (t - i) * value
          v[k]! += 0.001 * 0.999 ** (t - i) * value ** 2
        }),
      )
      const expected = from.map(
        (value, k) =>
          value + (0.01 * m[k]!) / (1 - 0.9 ** (t + 1)) / (Math.sqrt(v[k]! / (1 - 0.999 ** (t + 1))) + 1e-8),
      )
      expect(Math.max(...result.theta.map((value, k) => Math.abs(value - expected[k]!)))).toBeLessThan(1e-6)
      expect(Math.max(...result.moments!.firstMoment.map((value, k) => Math.abs(value - m[k]!)))).toBeLessThan(1e-6)
      expect(Math.max(...result.moments!.secondMoment.map((value, k) => Math.abs(value - v[k]!)))).toBeLessThan(1e-6)
      expect(result.moments!.updates).toBe(t + 1)
      if (t === 0) expect(moments).toEqual(before)
      from = result.theta
      moments = result.moments
    }
  })

  it('takes the meta-gradient minus the safety term for its gradient', async () => {
    const [metaGradient, safetyTerm] = [directionOf('meta'), directionOf('safety')]
    const difference = metaGradient.map((g, i) => g - safetyTerm[i]!)
    const moments = zeroMoments(theta.length)
    const result = await outerStepOf(settings, { metaGradient, safetyTerm, safetyWeight: 0.5, moments })
    const whole = await outerStepOf(settings, { metaGradient: difference, moments })
    expect(result.theta).toEqual(whole.theta)
    expect(result.theta).not.toEqual((await outerStepOf(settings, { metaGradient, moments })).theta)
  })
})
