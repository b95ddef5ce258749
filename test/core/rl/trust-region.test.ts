import { describe, expect, it } from 'vitest'
import { dot } from '../../../src/core/rl/conjugate-gradient.ts'
import { naturalDirection, projectLogStd, scaleIntoRegion } from '../../../src/core/rl/trust-region.ts'
import { solveDense } from './dense.ts'
import { settings, stepProblem } from './step-problem.ts'

const F = [
  [2, 0.5],
  [0.5, 1],
]
const learner = {
  ...stepProblem(16).engine,
  fisherProduct: (v: Float32Array) => Float32Array.from(F, (row) => dot(row, v)),
}

describe('naturalDirection', () => {
  it('solves (F + damping I) x = b and scales it to the trust region', async () => {
    const given = { ...settings, damping: 0.25, kl: 0.02 }
    const { x, fullScale, quadratic, gain } = await naturalDirection(learner, [1, -3], given, 'test')
    const damped = F.map((row, i) => row.map((value, j) => value + (i === j ? 0.25 : 0)))
    const expected = solveDense(damped, [1, -3])
    x.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 6))
    expect(quadratic).toBeCloseTo(dot([1, -3], expected), 6)
    expect(gain).toBeCloseTo(quadratic, 6)
    expect((fullScale ** 2 * quadratic) / 2).toBeCloseTo(0.02, 8)
  })

  it('is zero where there is no direction', async () => {
    const nothing = { x: new Float64Array(2), fullScale: 0, quadratic: 0, gain: 0 }
    expect(await naturalDirection(learner, [0, 0], settings, 'test')).toEqual(nothing)
    // The square of the gradient overflows.
    expect(await naturalDirection(learner, [1e200, 1e200], settings, 'test')).toEqual(nothing)
  })
})

describe('scaleIntoRegion', () => {
  it('shortens only steps that leave the trust region', async () => {
    const x = Float64Array.of(1, 1) // x'Fx = 4
    expect(await scaleIntoRegion(learner, x, 0.5, 'test')).toBeCloseTo(0.5, 12)
    expect(await scaleIntoRegion(learner, x, 2, 'test')).toBe(1)
    expect(await scaleIntoRegion(learner, x, 3, 'test')).toBe(1)
    expect(await scaleIntoRegion(learner, Float64Array.of(0, 0), 0.5, 'test')).toBe(1)
  })
})

describe('projectLogStd', () => {
  const shape = { observationSize: 1, hidden: [], actionSize: 2 }
  const policy = (first: number, second: number) => Float32Array.of(9, 9, 9, 9, first, second)
  const project = (to: Float32Array, from: Float32Array) => {
    projectLogStd(shape, to, from, { minLogStd: -1, maxLogStd: 0.5 })
    return [...to]
  }

  it('keeps log standard deviations within their bounds and nothing else', () => {
    expect(project(policy(-2, 0.75), policy(0, 0))).toEqual([9, 9, 9, 9, -1, 0.5])
  })

  it('lets a policy that lies outside stay or come back, but go no further', () => {
    expect(project(policy(-2.5, 0.75), policy(-2, 0.625))).toEqual([9, 9, 9, 9, -2, 0.625])
    expect(project(policy(-1.5, 0.5625), policy(-2, 0.625))).toEqual([9, 9, 9, 9, -1.5, 0.5625])
  })
})
