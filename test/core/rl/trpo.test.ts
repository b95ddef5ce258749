import { beforeAll, describe, expect, it } from 'vitest'
import { logStdOf } from '../../../src/core/nn/policy.ts'
import type { PolicyStepInput } from '../../../src/core/rl/policy-step.ts'
import { lagrangianAdvantages, trpoLagrangianStep } from '../../../src/core/rl/trpo-lagrangian.ts'
import { trpoStep } from '../../../src/core/rl/trpo.ts'
import { brokenBeyond, measured, settings, stepProblem } from './step-problem.ts'

let problem: ReturnType<typeof stepProblem>
beforeAll(() => {
  problem = stepProblem()
})

const step = (weights: Float32Array, changes: Partial<PolicyStepInput> = {}) =>
  trpoStep(problem.input(changes), weights)

describe('trpoStep', () => {
  it('improves the measured surrogate within the measured KL bound', async () => {
    const { theta, ...result } = await step(problem.rewardAdvantages)
    expect(result).toMatchObject({ accepted: true, feasibility: 'unconstrained' })
    expect(result.kl).toBeGreaterThan(settings.kl / 10)
    expect(result.kl).toBeLessThanOrEqual(settings.kl)
    expect(result.improvement).toBeGreaterThan(0)
    const { kl, improvement, costChange } = measured(problem.input(), theta)
    expect(result).toMatchObject({ kl, improvement, costChange })
  })

  it('finds the closed form where only the log standard deviation matters', async () => {
    // Weights z_a^2 - 1 reward spread alone. On the log-std block F = 2 I exactly, so the natural step there is
    // gradient / (2 + damping) on the same scale as everything else.
    const { batch, engine, theta } = problem
    const std = logStdOf(engine.policyShape, theta).map(Math.exp)
    engine.loadPolicy(theta)
    engine.forwardPolicy(batch, 0, batch.size)
    const z = (row: number, a: number) => (batch.actions[2 * row + a]! - batch.means[2 * row + a]!) / std[a]!
    const weights = Float32Array.from({ length: batch.size }, (_, row) =>
      [0, 1].reduce((sum, a) => sum + z(row, a) ** 2 - 1, 0),
    )
    const gradient = logStdOf(engine.policyShape, engine.surrogateGradient(theta, weights))
    // d/d logStd of mean(w log pi) = mean(w (z^2 - 1))
    for (let a = 0; a < 2; a++) {
      let expected = 0
      for (let row = 0; row < batch.size; row++) expected += (weights[row]! * (z(row, a) ** 2 - 1)) / batch.size
      expect(gradient[a]).toBeCloseTo(expected, 4)
    }
    const result = await step(weights, { settings: { ...settings, kl: 0.001 } })
    const moved = logStdOf(engine.policyShape, result.theta).map(
      (value, a) => value - logStdOf(engine.policyShape, theta)[a]!,
    )
    expect(moved[0]! / moved[1]!).toBeCloseTo(gradient[0]! / gradient[1]!, 2)
  })

  it('keeps the log standard deviation within its bounds', async () => {
    const { engine, rewardAdvantages, theta } = problem
    const [minLogStd, maxLogStd] = [...logStdOf(engine.policyShape, theta)].sort((a, b) => a - b) as [number, number]
    const outside = (value: number) => value < minLogStd || value > maxLogStd
    const wide = { ...settings, kl: 0.05 }
    const free = await step(rewardAdvantages, { settings: wide })
    expect([...logStdOf(engine.policyShape, free.theta)].some(outside)).toBe(true)
    const result = await step(rewardAdvantages, { settings: wide, bounds: { minLogStd, maxLogStd } })
    expect(result.accepted).toBe(true)
    expect([...logStdOf(engine.policyShape, result.theta)].some(outside)).toBe(false)
  })

  it('names what is not finite instead of keeping quiet', async () => {
    const { engine, rewardAdvantages } = problem
    const where = 'iteration 7, task 42'
    const weights = rewardAdvantages.slice()
    weights[3] = NaN
    await expect(step(weights, { where })).rejects.toThrow(/policy gradient.*iteration 7, task 42/)
    const learner = { ...engine, fisherProduct: (v: Float32Array) => v.map(() => NaN) }
    await expect(step(rewardAdvantages, { where, learner })).rejects.toThrow(/Fisher product.*iteration 7, task 42/)
  })

  it('keeps the old policy where every candidate is unacceptable or not finite', async () => {
    const { engine, theta, rewardAdvantages } = problem
    const learner = brokenBeyond(engine, theta, 0, () => ({ kl: NaN, surrogates: [NaN, NaN] }))
    const result = await step(rewardAdvantages, { learner })
    expect(result).toMatchObject({ accepted: false, candidates: settings.backtracks, kl: 0, improvement: 0 })
    expect(result.theta).toBe(theta)
    expect((await step(new Float32Array(rewardAdvantages.length))).accepted).toBe(false)
  })
})

describe('trpoLagrangianStep', () => {
  it('is TRPO on (A_R - lambda A_C) / (1 + lambda), eq. 7', async () => {
    const { rewardAdvantages, costAdvantages, input } = problem
    const mixed = lagrangianAdvantages(rewardAdvantages, costAdvantages, 0.5)
    mixed.forEach((value, i) => expect(value).toBeCloseTo((rewardAdvantages[i]! - 0.5 * costAdvantages[i]!) / 1.5, 5))
    expect(await trpoLagrangianStep(input({ lambda: 0.5 }))).toEqual(await step(mixed))
  })

  it('lowers the cost surrogate where lambda is large', async () => {
    const { costChange, theta } = await trpoLagrangianStep(problem.input({ lambda: 1000 }))
    expect(costChange).toBeLessThan(0)
    expect(measured(problem.input(), theta).costChange).toBe(costChange)
  })
})
