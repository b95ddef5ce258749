import { beforeAll, describe, expect, it } from 'vitest'
import { policyStep, type PolicyStepInput } from '../../../src/core/rl/policy-step.ts'
import { lagrangianAdvantages } from '../../../src/core/rl/trpo-lagrangian.ts'
import { brokenBeyond, measured, settings, stepProblem } from './step-problem.ts'

let problem: ReturnType<typeof stepProblem>
beforeAll(() => {
  problem = stepProblem()
})

const step = (changes: Partial<PolicyStepInput> = {}) => policyStep('gradient', problem.input(changes))

describe('gradientStep', () => {
  it('is theta + gradientRate times the gradient of the Lagrangian surrogate', async () => {
    const { engine, theta, rewardAdvantages, costAdvantages } = problem
    const weights = lagrangianAdvantages(rewardAdvantages, costAdvantages, 0.5)
    const gradient = engine.surrogateGradient(theta, weights)
    const result = await step({ lambda: 0.5, settings: { ...settings, gradientRate: 0.05 } })
    expect(result).toMatchObject({ accepted: true, candidates: 1, feasibility: 'unconstrained' })
    expect(result.theta).toEqual(theta.map((value, i) => value + 0.05 * gradient[i]!))
    const { kl, costChange } = measured(problem.input(), result.theta)
    expect(result).toMatchObject({ kl, costChange })
    expect(result.improvement).toBeGreaterThan(0)
  })

  it('knows no trust region, but the bounds of the log standard deviation', async () => {
    const result = await step({
      settings: { ...settings, gradientRate: 10 },
      bounds: { minLogStd: -0.6, maxLogStd: -0.2 },
    })
    expect(result.accepted).toBe(true)
    expect(result.kl).toBeGreaterThan(settings.kl)
    for (const value of result.theta.slice(-2)) expect(Math.abs(value + 0.4)).toBeLessThanOrEqual(0.2001)
  })

  it('halves a step that is not finite', async () => {
    const { engine, theta, input } = problem
    const whole = Math.hypot(...(await step()).theta.map((value, i) => value - theta[i]!))
    const learner = brokenBeyond(engine, theta, whole / 3, ({ surrogates }) => ({ kl: NaN, surrogates }))
    const result = await step({ learner })
    expect(result).toMatchObject({ accepted: true, candidates: 3 })
    const moved = Math.hypot(...result.theta.map((value, i) => value - theta[i]!))
    expect(moved / whole).toBeCloseTo(0.25, 4)
    expect(result.kl).toBe(measured(input(), result.theta).kl)
  })

  it('keeps the old policy where no step is finite', async () => {
    const { engine, theta } = problem
    const learner = brokenBeyond(engine, theta, 0, ({ kl }) => ({ kl, surrogates: [Infinity, 0] }))
    const result = await step({ learner })
    const nothing = { accepted: false, candidates: settings.backtracks, kl: 0, improvement: 0, costChange: 0 }
    expect(result).toMatchObject(nothing)
    expect(result.theta).toBe(theta)
  })

  it('survives an absurd step size', async () => {
    const result = await step({ settings: { ...settings, gradientRate: 1e38, backtracks: 50 } })
    for (const value of [...result.theta, result.kl, result.improvement, result.costChange])
      expect(value).toSatisfy(Number.isFinite)
  })

  it('names a gradient that is not finite', async () => {
    const rewardAdvantages = problem.rewardAdvantages.map(() => Infinity)
    await expect(step({ rewardAdvantages, where: 'iteration 7, task 42' })).rejects.toThrow(
      /policy gradient.*iteration 7, task 42/,
    )
  })
})
