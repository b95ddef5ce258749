import { describe, expect, it } from 'vitest'
import type { TrainingState } from '../../../src/core/training/state.ts'
import type { RunningMoments } from '../../../src/core/nn/observation-scaling.ts'
import { startMultiplier } from '../../../src/core/rl/multiplier.ts'
import type { StatedResult } from '../../support/adapted.ts'
import { configOf, NEW_CRITIC, OBSERVATIONS, outerLoop } from '../../support/outer-loop.ts'

// The stated results cost 9 per episode before adaptation and 4 after it (limit 5); discounted 3 before; mean V_C 2.

describe('lambda (eq. 22)', () => {
  it('follows the cost of the adapted policies: falls where they keep the limit', async () => {
    const { next } = await outerLoop(configOf())
    expect(next.lambda.value).toBeCloseTo(0.7 + 0.01 * (4 - 5), 12)
  })

  it('rises where they exceed it, from the state’s value', async () => {
    const { next } = await outerLoop(configOf('costLimit=1.5'), { from: { lambda: startMultiplier(0.2) } })
    expect(next.lambda.value).toBeCloseTo(0.2 + 0.01 * (4 - 1.5), 12)
  })

  it('follows kappa times mean V_C(s_0) of the adapted policies under the signal `critic`', async () => {
    const { next, metrics } = await outerLoop(configOf('meta.lambda.signal=critic'))
    const signal = (9 / 3) * ((0.5 + 1.25) / 2)
    expect(metrics.costSignalAdapted).toBeCloseTo(signal, 12)
    expect(next.lambda.value).toBeCloseTo(0.7 + 0.01 * (signal - 5), 12)
    // Eta has a signal of its own.
    expect(next.eta.value).toBeCloseTo(0.5 + 0.02 * (9 - 5), 12)
  })
})

describe('eta (eq. 31)', () => {
  it('follows the measured cost of the meta-policy by default', async () => {
    const { next } = await outerLoop(configOf())
    expect(next.eta.value).toBeCloseTo(0.5 + 0.02 * (9 - 5), 12)
    const below = await outerLoop(configOf('costLimit=11'))
    expect(below.next.eta.value).toBeCloseTo(0.5 + 0.02 * (9 - 11), 12)
  })

  it('follows kappa times mean V_C(s_0) under the signal `critic`', async () => {
    const { next, metrics } = await outerLoop(configOf('meta.eta.signal=critic'))
    const signal = (9 / 3) * 2
    expect(metrics.costSignalCritic).toBeCloseTo(signal, 12)
    expect(metrics.costSignalRollout).toBe(9)
    expect(next.eta.value).toBeCloseTo(0.5 + 0.02 * (signal - 5), 12)
  })

  it.each(['rollout', 'critic'])('stays where it is fixed, under the signal %s', async (signal) => {
    const { next } = await outerLoop(configOf('meta.eta.mode=fixed', `meta.eta.signal=${signal}`))
    expect(next.eta.value).toBe(0.5)
  })
})

describe('both multipliers', () => {
  /** Three iterations at a constant cost. */
  const followed = async (...assignments: string[]) => {
    const config = configOf(...assignments)
    const first = await outerLoop(config)
    const second = await outerLoop(config, { from: first.next })
    return [first, second, await outerLoop(config, { from: second.next })]
  }

  it('are zero for ever where they are off, in every job and step', async () => {
    for (const { state, next, jobs, outer, metrics } of await followed('meta.lambda.mode=off', 'meta.eta.mode=off')) {
      for (const { lambda, eta } of [state, next]) expect([lambda.value, eta.value]).toEqual([0, 0])
      for (const job of jobs) if (job.kind === 'adapt-task') expect(job.lambda).toBe(0)
      expect(outer.safetyWeight).toBe(0)
      expect(outer.safetyTerm.every((g) => g === 0)).toBe(true)
      expect([metrics.lambda, metrics.eta]).toEqual([0, 0])
    }
  })

  it('stay where they are fixed', async () => {
    const loops = await followed('meta.lambda.mode=fixed', 'meta.eta.mode=fixed')
    for (const { next } of loops) expect([next.lambda.value, next.eta.value]).toEqual([0.7, 0.5])
  })

  it('keep what their update rule needs from iteration to iteration', async () => {
    const pid = await followed('meta.eta.update=pid', 'meta.lambda.update=adam')
    // 0.02 is the rate as well as the default gain on the violation of 4.
    pid.forEach(({ next }, i) => expect(next.eta.value).toBeCloseTo(0.5 + (i + 1) * 0.02 * 4 + 0.02 * 4, 10))
    pid.forEach(({ next }, i) => expect(next.lambda.value).toBeCloseTo(0.7 - (i + 1) * 0.01, 6))
  })

  it('aim at the share of the limit that training is given', async () => {
    const { next } = await outerLoop(configOf('meta.limitShare=0.6'))
    expect(next.lambda.value).toBeCloseTo(0.7 + 0.01 * (4 - 3), 12)
    expect(next.eta.value).toBeCloseTo(0.5 + 0.02 * (9 - 3), 12)
    // The safety term's guard too; feasibility is reported against the limit itself: 12 and 6 before, 3 and 5 after.
    const guarded = ['meta.eta.onlyAboveLimit=true', 'costLimit=10']
    expect((await outerLoop(configOf(...guarded))).outer.safetyWeight).toBe(0)
    const strict = await outerLoop(configOf(...guarded, 'meta.limitShare=0.5'))
    expect(strict.outer.safetyWeight).toBe(0.5)
    expect([strict.metrics.feasibleBefore, strict.metrics.feasibleAfter]).toEqual([0.5, 1])
  })
})

describe('kappa', () => {
  const scaled =
    (undiscounted: number, discounted: number) =>
    (result: StatedResult): StatedResult => ({
      ...result,
      discountedCost: discounted * result.discountedCost,
      episodes: result.episodes.map(({ cost, transitions }) => ({ cost: undiscounted * cost, transitions })),
    })
  const kappaAfter = async (from: Partial<TrainingState>, change: (result: StatedResult) => StatedResult) => {
    const { next, metrics } = await outerLoop(configOf(), { from, change })
    return { next, kappa: metrics.kappa }
  }

  it('begins with the first measured ratio and follows the next ones by a tenth', async () => {
    const first = await kappaAfter({}, scaled(1, 1))
    expect(first.kappa).toBeCloseTo(9 / 3, 12)
    const second = await kappaAfter(first.next, scaled(4, 2))
    expect(second.kappa).toBeCloseTo(0.9 * 3 + 0.1 * (36 / 6), 12)
  })

  it('stays where an iteration had no cost', async () => {
    const { next } = await kappaAfter({}, scaled(2, 1))
    const free = await kappaAfter(next, scaled(0, 0))
    expect(free.kappa).toBeCloseTo(6, 12)
    expect((await kappaAfter({}, scaled(0, 0))).kappa).toBe(0)
  })
})

describe('the state that an iteration hands on', () => {
  it('has the outer step’s theta, the fitted critic, and every transition counted', async () => {
    const { next, metrics, outer } = await outerLoop(configOf(), { from: { iteration: 6, envSteps: 9_000_000_000 } })
    expect(next.iteration).toBe(7)
    expect(next.theta).toEqual(outer.theta.map((value) => value + 1))
    expect(next.costCritic).toEqual(NEW_CRITIC)
    expect(next.envSteps).toBe(9_007_654_320)
    expect(metrics.totalCost).toBe(2 * (12 + 2 + 3 + 6 + 1 + 5))
    expect(metrics.metaCriticExplainedVarianceBefore).toBe(0.3)
    expect(metrics.metaCriticExplainedVarianceAfter).toBe(0.4)
  })

  it('merges the tasks’ moments into its own', async () => {
    const momentsOf = (values: readonly number[]): RunningMoments => {
      const mean = values.reduce((sum, v) => sum + v, 0) / values.length
      const squares = values.reduce((sum, v) => sum + (v - mean) ** 2, 0)
      const all = (value: number) => new Float64Array(OBSERVATIONS).fill(value)
      return { count: values.length, mean: all(mean), squares: all(squares) }
    }
    const ofTask: Record<number, number[]> = { 3: [4, 7], 5: [-1, 0, 2, 2] }
    const { next } = await outerLoop(configOf(), {
      from: { moments: momentsOf([1, 2, 9]) },
      change: (result) => ({ ...result, moments: momentsOf(ofTask[result.task]!) }),
    })
    const expected = momentsOf([1, 2, 9, 4, 7, -1, 0, 2, 2])
    expect(next.moments.count).toBe(9)
    expect(next.moments.mean[5]).toBeCloseTo(expected.mean[5]!, 10)
    expect(next.moments.squares[5]).toBeCloseTo(expected.squares[5]!, 10)
  })
})
