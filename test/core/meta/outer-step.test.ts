import { beforeAll, describe, expect, it } from 'vitest'
import type { RunConfig } from '../../../src/core/config/settings.ts'
import type { AdaptTaskResult, PooledData } from '../../../src/core/meta/jobs.ts'
import { outerKlBound, outerStep } from '../../../src/core/meta/outer-step.ts'
import { poolData } from '../../../src/core/meta/pooled.ts'
import { runJob } from '../../../src/core/meta/run-job.ts'
import { initialMetaState, policyShapeOf } from '../../../src/core/meta/state.ts'
import { meanShape, logStdOf } from '../../../src/core/nn/policy.ts'
import { costlyConfig, drivingPolicy } from '../../support/costly.ts'
import { tinyConfig, tinyWorker } from '../../support/worker.ts'
import { outputsOf } from '../nn/reference.ts'

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

describe('outerStep', () => {
  let pooled: PooledData
  let adapted: AdaptTaskResult[]
  const step = async (direction: Float32Array, iteration = 1, settings: RunConfig = config) =>
    outerStep(await tinyWorker(settings), { kind: 'outer-step', iteration, theta, direction, pooled })

  beforeAll(async () => {
    const worker = await tinyWorker(config)
    const { costCritic, moments } = initialMetaState(config)
    adapted = []
    for (const task of [7, 12]) {
      const job = { kind: 'adapt-task', iteration: 1, task, theta, costCritic, lambda: 0.5, moments } as const
      adapted.push(await runJob(worker, job))
    }
    pooled = poolData(adapted, (floats) => new Float32Array(floats))
  })

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
