import { beforeAll, describe, expect, it } from 'vitest'
import { policyParameterCount } from '../../../src/core/nn/policy.ts'
import { dot } from '../../../src/core/rl/conjugate-gradient.ts'
import { parameterRates } from '../../../src/core/rl/parameter-rates.ts'
import { policyStep, type Algorithm, type PolicyStepSettings } from '../../../src/core/rl/policy-step.ts'
import { naturalDirection } from '../../../src/core/rl/trust-region.ts'
import { solveDense } from './dense.ts'
import { largestChanges, settings, stepProblem } from './step-problem.ts'

let problem: ReturnType<typeof stepProblem>
beforeAll(() => {
  problem = stepProblem()
})

const steps: [Algorithm, Partial<PolicyStepSettings>][] = [
  ['trpo', {}],
  ['trpo-lag', {}],
  ['cpo', {}],
  ['pcpo', {}],
  ['pcpo', { pcpoProjection: 'l2' }],
  ['gradient', {}],
]

describe('parameterRates', () => {
  it('gives every tensor its rate', () => {
    const shape = { observationSize: 3, hidden: [8, 8], actionSize: 2 }
    const rates = parameterRates(shape, { trunkRate: 0.25, headRate: 0.5 })!
    expect(rates).toHaveLength(policyParameterCount(shape))
    const trunk = 3 * 8 + 8 + 8 * 8 + 8
    expect(new Set(rates.slice(0, trunk))).toEqual(new Set([0.25]))
    expect(new Set(rates.slice(trunk))).toEqual(new Set([0.5]))
    expect(parameterRates(shape, { trunkRate: 1, headRate: 1 })).toBeUndefined()
  })
})

describe('naturalDirection with rates', () => {
  it('solves the damped system in z and returns D z', async () => {
    // A learner of three parameters whose Fisher matrix is given.
    const F = [
      [2, 0.5, 0.1],
      [0.5, 1, 0],
      [0.1, 0, 3],
    ]
    const rates = Float64Array.of(0.5, 1, 0)
    const fisherProduct = (v: Float32Array) => Float32Array.from(F, (row) => dot(row, v))
    const learner = { ...problem.engine, fisherProduct }
    const b = Float32Array.of(1, -2, 4)
    const given = { ...settings, damping: 0.1, kl: 0.02 }
    const { x, fullScale, quadratic } = await naturalDirection(learner, b, given, 'test', rates)
    const DFD = F.map((row, i) => row.map((value, j) => rates[i]! * value * rates[j]! + (i === j ? 0.1 : 0)))
    const z = solveDense(
      DFD,
      b.map((value, i) => rates[i]! * value),
    )
    x.forEach((value, i) => expect(value).toBeCloseTo(rates[i]! * z[i]!, 5))
    expect(x[2]).toBe(0)
    expect(quadratic).toBeCloseTo(dot(b, x), 5)
    expect(fullScale).toBeCloseTo(Math.sqrt(0.04 / quadratic), 8)
  })
})

describe.each(steps)('%s %o with rates', (algorithm, given) => {
  const step = (rates: Partial<PolicyStepSettings>, violation = 0.003) =>
    policyStep(algorithm, problem.input({ violation, settings: { ...settings, ...given, ...rates } }))

  it('leaves what has rate 0 exactly as it is', async () => {
    const { engine, theta } = problem
    const head = await step({ trunkRate: 0 })
    expect(head.accepted).toBe(true)
    const [trunkStill, headMoves, stdMoves] = largestChanges(engine, theta, head.theta)
    expect(trunkStill).toBe(0)
    expect(headMoves).toBeGreaterThan(0)
    expect(stdMoves).toBeGreaterThan(0)
    const trunk = await step({ headRate: 0 })
    expect(trunk.accepted).toBe(true)
    const [trunkMoves, headStill, stdStill] = largestChanges(engine, theta, trunk.theta)
    expect(trunkMoves).toBeGreaterThan(0)
    expect([headStill, stdStill]).toEqual([0, 0])
  })

  it('moves the trunk less at a lower rate', async () => {
    const share = async (trunkRate: number) => {
      const [trunk, head] = largestChanges(problem.engine, problem.theta, (await step({ trunkRate })).theta)
      return trunk! / head!
    }
    expect(await share(0.1)).toBeLessThan(0.5 * (await share(1)))
  })

  it('does not move at all with all rates 0', async () => {
    const { theta } = await step({ trunkRate: 0, headRate: 0 })
    expect(theta).toEqual(problem.theta)
  })
})
