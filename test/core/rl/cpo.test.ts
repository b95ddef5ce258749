import { beforeAll, describe, expect, it } from 'vitest'
import { dot } from '../../../src/core/rl/conjugate-gradient.ts'
import { linearQuadraticModel } from '../../../src/core/rl/cpo-model.ts'
import {
  policyStep,
  type Feasibility,
  type PolicyStep,
  type PolicyStepInput,
} from '../../../src/core/rl/policy-step.ts'
import { brokenBeyond, measured, settings, stepProblem } from './step-problem.ts'

const variants = [
  ['cpo', settings],
  ['pcpo', settings],
  ['pcpo', { ...settings, pcpoProjection: 'l2' }],
] as const

let problem: ReturnType<typeof stepProblem>
beforeAll(() => {
  problem = stepProblem()
})

/** A violation of each kind for this problem: its trust region changes the cost by some hundredths per step. */
const violations: [number, Feasibility][] = [
  [-Infinity, 'feasible-inside'],
  [-1, 'feasible-inside'],
  [-0.003, 'feasible-boundary'],
  [0, 'feasible-boundary'],
  [0.003, 'feasible-outside'],
  [1, 'infeasible-recovery'],
  [100, 'infeasible-recovery'],
]

describe.each(variants)('%s, %o', (algorithm, given) => {
  const step = (changes: Partial<PolicyStepInput> = {}): Promise<PolicyStep> =>
    policyStep(algorithm, problem.input({ settings: given, ...changes }))

  it.each(violations)('violation %f is %s: KL and cost keep their bounds', async (violation, feasibility) => {
    const result = await step({ violation })
    expect(result.feasibility).toBe(feasibility)
    expect(result.accepted).toBe(true)
    const { kl, improvement, costChange } = measured(problem.input(), result.theta)
    expect(result).toMatchObject({ kl, improvement, costChange })
    expect(kl).toBeGreaterThan(0)
    expect(kl).toBeLessThanOrEqual(settings.kl)
    expect(costChange).toBeLessThanOrEqual(Math.max(0, -violation))
    if (violation <= 0) expect(improvement).toBeGreaterThanOrEqual(0)
    if (violation > 0) expect(costChange).toBeLessThan(0)
  })

  it('is TRPO on the reward where the constraint is far away', async () => {
    const unconstrained = await policyStep('trpo', problem.input())
    const result = await step({ violation: -Infinity })
    expect(result.candidates).toBe(unconstrained.candidates)
    result.theta.forEach((value, i) => expect(value).toBeCloseTo(unconstrained.theta[i]!, 6))
  })

  it('gives up less reward than recovery where both lower the cost', async () => {
    const outside = await step({ violation: 0.003 })
    const recovery = await step({ violation: 1 })
    expect(outside.improvement).toBeGreaterThan(recovery.improvement)
    expect(recovery.costChange).toBeLessThan(outside.costChange)
  })

  it('lowers the cost of an infeasible policy step by step to the limit', async () => {
    const { engine, batch, input, costAdvantages } = stepProblem()
    const cost = (policy: Float32Array) => engine.evaluatePolicy(policy, [costAdvantages]).surrogates[0]!
    const limit = cost(input().theta) - 0.03
    let theta = input().theta
    const seen: Feasibility[] = []
    for (let k = 0; k < 5; k++) {
      engine.bind(batch, theta, 2)
      const violation = cost(theta) - limit
      const result = await policyStep(algorithm, input({ theta, violation, settings: given }))
      if (violation > 0) expect(cost(result.theta)).toBeLessThanOrEqual(cost(theta))
      theta = result.theta
      seen.push(result.feasibility)
    }
    expect(seen[0]).toBe('infeasible-recovery')
    expect(seen.at(-1)).not.toBe('infeasible-recovery')
    expect(cost(theta) - limit).toBeLessThan(0.001)
  })

  it('takes the reward step without cost gradient, violating or not', async () => {
    const costAdvantages = new Float32Array(problem.costAdvantages.length)
    const unconstrained = await policyStep('trpo', problem.input())
    for (const violation of [-0.1, 0.1]) {
      const result = await step({ violation, costAdvantages })
      expect(result).toMatchObject({ feasibility: 'no-cost-gradient', accepted: true, costChange: 0 })
      expect(result.improvement).toBeCloseTo(unconstrained.improvement, 5)
    }
  })

  it('stays where there is nothing to gain, and recovers without reward gradient', async () => {
    const rewardAdvantages = new Float32Array(problem.rewardAdvantages.length)
    const stays = await step({ rewardAdvantages, violation: -0.003 })
    expect(stays).toMatchObject({ accepted: false, candidates: 0, kl: 0, improvement: 0, costChange: 0 })
    expect(stays.theta).toBe(problem.theta)
    const recovers = await step({ rewardAdvantages, violation: 0.003 })
    expect(recovers.accepted).toBe(true)
    expect(recovers.costChange).toBeLessThan(0)
  })

  it.each([-1, -0.003, 0.003, 1])('violation %f: shrinks past candidates that are not finite', async (violation) => {
    const plain = await step({ violation })
    const reach = Math.hypot(...plain.theta.map((value, i) => value - problem.theta[i]!))
    for (const broken of [
      { kl: NaN, surrogates: [NaN, NaN] },
      { kl: 0, surrogates: [Infinity, -Infinity] },
      { kl: Infinity, surrogates: [1, -1] },
      { kl: 0, surrogates: [1, NaN] },
      { kl: 0, surrogates: [NaN, -1] },
    ]) {
      const learner = brokenBeyond(problem.engine, problem.theta, reach / 2, () => broken)
      const result = await step({ violation, learner })
      expect(result.accepted).toBe(true)
      expect(result.candidates).toBeGreaterThan(plain.candidates)
      expect(learner.distances.at(-1)).toBeLessThanOrEqual(reach / 2)
      learner.distances.slice(1).forEach((distance, k) => expect(distance).toBeLessThan(learner.distances[k]!))
      for (const value of [result.kl, result.improvement, result.costChange]) expect(value).toSatisfy(Number.isFinite)
    }
  })

  it.each([-1, 0.003, 1])('violation %f: the old policy stays if nothing is acceptable', async (violation) => {
    const learner = brokenBeyond(problem.engine, problem.theta, 0, (evaluation) => ({ ...evaluation, kl: NaN }))
    const result = await step({ violation, learner })
    const nothing = { accepted: false, candidates: settings.backtracks, kl: 0, improvement: 0, costChange: 0 }
    expect(result).toMatchObject(nothing)
    expect(result.theta).toBe(problem.theta)
    expect(new Set(learner.distances).size).toBe(settings.backtracks)
  })

  it('refuses candidates that cost more than the constraint leaves', async () => {
    const learner = brokenBeyond(problem.engine, problem.theta, 0, ({ kl, surrogates }) => ({
      kl,
      surrogates: [surrogates[0]!, surrogates[1]! + 10],
    }))
    expect((await step({ violation: 1, learner })).accepted).toBe(false)
    expect((await step({ violation: -1, learner })).accepted).toBe(false)
    expect((await step({ violation: -Infinity, learner })).accepted).toBe(true)
  })

  it('asks for reward only where the old policy is feasible', async () => {
    const learner = brokenBeyond(problem.engine, problem.theta, 0, ({ kl, surrogates }) => ({
      kl,
      surrogates: [surrogates[0]! - 10, surrogates[1]!],
    }))
    for (const violation of [-1, -0.003, 0]) expect((await step({ violation, learner })).accepted).toBe(false)
    for (const violation of [0.003, 1]) expect((await step({ violation, learner })).accepted).toBe(true)
  })

  it('keeps the log standard deviations within their bounds', async () => {
    const [minLogStd, maxLogStd] = [...problem.theta.slice(-2)].sort((a, b) => a - b) as [number, number]
    const free = await step({ violation: 0.003 })
    const outside = (value: number) => value < minLogStd || value > maxLogStd
    expect([...free.theta.slice(-2)].some(outside)).toBe(true)
    const result = await step({ violation: 0.003, bounds: { minLogStd, maxLogStd } })
    expect(result.accepted).toBe(true)
    expect([...result.theta.slice(-2)].some(outside)).toBe(false)
  })

  it('names a violation, gradient or Fisher product that is not finite', async () => {
    const where = 'iteration 7, task 42'
    for (const violation of [NaN, Infinity])
      await expect(step({ violation, where })).rejects.toThrow(/constraint violation.*iteration 7, task 42/)
    const costAdvantages = problem.costAdvantages.slice()
    costAdvantages[5] = NaN
    await expect(step({ costAdvantages, where })).rejects.toThrow(/policy gradient.*iteration 7, task 42/)
    const learner = { ...problem.engine, fisherProduct: (v: Float32Array) => v.map(() => NaN) }
    await expect(step({ learner, where })).rejects.toThrow(/Fisher product.*iteration 7, task 42/)
  })
})

describe('cpo', () => {
  it('comes back into the trust region where an inaccurate solver leads out of it', async () => {
    // Two conjugate-gradient steps on nearly parallel gradients: what they say about the part of g across b is wrong, and
    // the step built on it more than twice too long.
    const rewardAdvantages = problem.costAdvantages.map((cost, row) => 10 * cost + 0.1 * problem.rewardAdvantages[row]!)
    const given = { ...settings, conjugateGradientSteps: 2, damping: 0.001 }
    const result = await policyStep('cpo', problem.input({ rewardAdvantages, settings: given, violation: 0.003 }))
    expect(result.accepted).toBe(true)
    expect(result.candidates).toBeLessThanOrEqual(3)
  })
})

describe('cpo and pcpo', () => {
  it('gain less reward when the constraint cuts the trust region than without it', async () => {
    const free = await policyStep('trpo', problem.input())
    for (const [algorithm, given] of variants) {
      const bound = await policyStep(algorithm, problem.input({ settings: given, violation: -0.003 }))
      expect(bound.improvement).toBeLessThan(free.improvement)
      expect(bound.costChange).toBeLessThan(free.costChange)
    }
  })

  it.each([1, 1.5, 2, 4, 100])(
    'recover alike where the violation is %f times what the region changes',
    async (times) => {
      // Solved accurately, so that what is measured in the metric H is the algorithm's and not the solver's.
      const given = { ...settings, conjugateGradientSteps: 60 }
      const { costGradient, model } = await linearQuadraticModel(problem.input({ settings: given }))
      const { q, r, s, delta } = model
      const violation = times * Math.sqrt(2 * delta * s)
      /** Cosine, in the metric H, between a step and the steepest descent of the cost, -H^-1 b. */
      const descent = async (algorithm: 'cpo' | 'pcpo') => {
        const result = await policyStep(algorithm, problem.input({ settings: given, violation: violation * 1.0001 }))
        expect(result).toMatchObject({ feasibility: 'infeasible-recovery', accepted: true })
        const x = result.theta.map((value, i) => value - problem.theta[i]!)
        const squared = dot(x, problem.engine.fisherProduct(x)) + given.damping * dot(x, x)
        return -dot(costGradient, x) / Math.sqrt(squared * s)
      }
      expect(await descent('cpo')).toBeCloseTo(1, 3)
      // Before it is shortened, PCPO's step is violation / sqrt(s) long along H^-1 b. Across it is the reward step's part,
      // at most the radius: never more than the way down the cost, and nothing beside it where the limit is far.
      const along = violation / Math.sqrt(s)
      const across = Math.sqrt(2 * delta * (1 - r ** 2 / (q * s)))
      const expected = along / Math.hypot(along, across)
      expect(expected).toBeGreaterThan(Math.SQRT1_2 - 1e-6)
      expect(await descent('pcpo')).toBeCloseTo(expected, 3)
    },
  )
})
