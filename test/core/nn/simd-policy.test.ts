import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { meanShape } from '../../../src/core/nn/policy.ts'
import { randomProblem, shapes } from './engine.ts'
import { kl, klHessianProduct, norm, outputsOf, relativeError, surrogate } from './reference.ts'

/** Largest relative error of a float32 result against float64. */
const TOLERANCE = 1e-5

const cases = Object.entries(shapes).flatMap(([name, shape]) =>
  [1, 3, 5, 257].map((rows) => ({ name, shape, rows, seed: rows })),
)

describe('the float64 reference', () => {
  test.each(Object.entries(shapes))('%s: gradients match central differences of the values', (_name, shape) => {
    const { batch, theta, nearby, weights, v } = randomProblem(shape, 4, 1)
    const epsilon = 1e-5 / norm(v)
    const moved = (sign: number) => Float64Array.from(nearby, (value, i) => value + sign * epsilon * v[i]!)
    const functions = [
      (at: Float64Array) => surrogate(shape, at, batch, weights),
      (at: Float64Array) => kl(shape, theta, at, batch, 2),
    ]
    for (const f of functions) {
      const slope = f(moved(0)).gradient.reduce((sum, g, i) => sum + g * v[i]!, 0)
      const difference = (f(moved(1)).value - f(moved(-1)).value) / (2 * epsilon)
      expect(difference).toBeCloseTo(slope, 6)
    }
  })
})

describe.each(cases)('policy $name on $rows rows', ({ shape, rows, seed }) => {
  const { engine, batch, theta, nearby, weights, v } = randomProblem(shape, rows, seed)

  test('forward', () => {
    engine.loadPolicy(theta)
    engine.forwardPolicy(batch, 0, rows)
    expect(relativeError(batch.means, outputsOf(meanShape(shape), theta, batch.observations, rows))).toBeLessThan(
      TOLERANCE,
    )
  })

  test('surrogate gradient at the old and at another policy', () => {
    engine.bind(batch, theta, 1)
    for (const at of [theta, nearby]) {
      const { gradient } = surrogate(shape, at, batch, weights)
      expect(relativeError(engine.surrogateGradient(at, weights), gradient)).toBeLessThan(TOLERANCE)
    }
  })

  test.each([1, 2, 3])('Fisher product over every row of stride %i is the Hessian of the KL', (stride) => {
    engine.bind(batch, theta, stride)
    const expected = klHessianProduct(shape, theta, v, batch, stride)
    expect(relativeError(engine.fisherProduct(v), expected)).toBeLessThan(TOLERANCE)
  })

  test('evaluation of a candidate', () => {
    engine.bind(batch, theta, 1)
    const { kl: distance, surrogates } = engine.evaluatePolicy(nearby, [weights, new Float32Array(rows).fill(1)])
    const expected = [
      kl(shape, theta, nearby, batch).value,
      surrogate(shape, nearby, batch, weights).value,
      surrogate(shape, nearby, batch, new Float32Array(rows).fill(1)).value,
    ]
    expect(relativeError([distance, ...surrogates], expected)).toBeLessThan(TOLERANCE)
    // The old policy is at distance 0 of itself, with no rounding at all.
    expect(engine.evaluatePolicy(theta, []).kl).toBe(0)
  })
})

test('gradient and Fisher product of any small network', () => {
  const width = fc.integer({ min: 1, max: 4 }).map((n) => 8 * n)
  const shape = fc.record({
    observationSize: fc.integer({ min: 1, max: 6 }).map((n) => 4 * n),
    hidden: fc.array(width, { minLength: 1, maxLength: 4 }),
    actionSize: fc.integer({ min: 1, max: 6 }),
  })
  const rows = fc.integer({ min: 1, max: 300 })
  const property = fc.property(shape, rows, fc.integer({ min: 1, max: 5 }), fc.nat(), (policy, size, stride, seed) => {
    const { engine, batch, theta, nearby, weights, v } = randomProblem(policy, size, seed)
    engine.bind(batch, theta, stride)
    const { gradient } = surrogate(policy, nearby, batch, weights)
    expect(relativeError(engine.surrogateGradient(nearby, weights), gradient)).toBeLessThan(5 * TOLERANCE)
    const product = engine.fisherProduct(v)
    expect(relativeError(product, klHessianProduct(policy, theta, v, batch, stride))).toBeLessThan(5 * TOLERANCE)
  })
  fc.assert(property, { numRuns: 30 })
})

test('the Fisher product is linear and symmetric', () => {
  const { engine, batch, theta, v, normals } = randomProblem(shapes['44-64-64-2']!, 257, 7)
  engine.bind(batch, theta, 1)
  const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0)
  const w = normals(theta.length, 1)
  const fv = engine.fisherProduct(v)
  const fw = engine.fisherProduct(w)
  expect(dot(v, fw)).toBeCloseTo(dot(w, fv), 2)
  expect(dot(v, fv)).toBeGreaterThan(0)
  const sum = engine.fisherProduct(v.map((value, i) => value + 2 * w[i]!))
  expect(
    relativeError(
      sum,
      fv.map((value, i) => value + 2 * fw[i]!),
    ),
  ).toBeLessThan(TOLERANCE)
  expect(engine.fisherProduct(new Float32Array(theta.length))).toEqual(new Float32Array(theta.length))
})
