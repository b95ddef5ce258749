import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { logStdOf, meanShape, type PolicyShape } from '../../../src/core/nn/policy.ts'
import { createSimdEngine } from '../../../src/core/nn/simd/engine.ts'
import type { Batch } from '../../../src/core/rl/batch.ts'
import { kernelModule, randomProblem, sampleBatch, shapes } from './engine.ts'
import { norm, outputsOf, relativeError, sameBits, surrogate, surrogateHessianProduct } from './reference.ts'

/** Largest relative error of a float32 result against float64. */
const TOLERANCE = 1e-5

const cases = Object.entries(shapes).flatMap(([name, shape]) =>
  [1, 3, 5, 257].map((rows) => ({ name, shape, rows, seed: rows })),
)

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, value, i) => sum + value * b[i]!, 0)

const moved = (from: ArrayLike<number>, step: number, v: ArrayLike<number>) =>
  Float64Array.from(from, (value, i) => value + step * v[i]!)

describe.each(Object.entries(shapes))('the float64 reference, %s', (_name, shape) => {
  const { batch, theta, nearby, weights, v } = randomProblem(shape, 4, 1)

  test('is the slope of the surrogate gradient by central differences', () => {
    const epsilon = 1e-5 / norm(v)
    for (const at of [theta, nearby]) {
      const ahead = surrogate(shape, moved(at, epsilon, v), batch, weights).gradient
      const behind = surrogate(shape, moved(at, -epsilon, v), batch, weights).gradient
      const slope = ahead.map((value, i) => (value - behind[i]!) / (2 * epsilon))
      expect(relativeError(surrogateHessianProduct(shape, at, batch, weights, v), slope)).toBeLessThan(1e-8)
    }
  })
})

describe.each(cases)('surrogate Hessian product, policy $name on $rows rows', ({ shape, rows, seed }) => {
  const { engine, batch, theta, nearby, weights, v } = randomProblem(shape, rows, seed)

  test('at the old and at another policy', () => {
    engine.bind(batch, theta, 1)
    for (const at of [theta, nearby]) {
      const expected = surrogateHessianProduct(shape, at, batch, weights, v)
      expect(relativeError(engine.surrogateHessianProduct(at, weights, v), expected)).toBeLessThan(TOLERANCE)
    }
  })

  test('has the same bits whether the policy is the bound one or not, and with any Fisher stride', () => {
    engine.bind(batch, theta, 3)
    const product = engine.surrogateHessianProduct(theta, weights, v)
    engine.bind(batch, nearby, 1)
    expect(sameBits(engine.surrogateHessianProduct(theta, weights, v), product)).toBe(true)
  })
})

test('surrogate Hessian product of any small network', () => {
  const width = fc.integer({ min: 1, max: 4 }).map((n) => 8 * n)
  const shape = fc.record({
    observationSize: fc.integer({ min: 1, max: 6 }).map((n) => 4 * n),
    hidden: fc.array(width, { minLength: 1, maxLength: 4 }),
    actionSize: fc.integer({ min: 1, max: 6 }),
  })
  const rows = fc.integer({ min: 1, max: 300 })
  const property = fc.property(shape, rows, fc.boolean(), fc.nat(), (policy, size, atOld, seed) => {
    const { engine, batch, theta, nearby, weights, v } = randomProblem(policy, size, seed)
    const at = atOld ? theta : nearby
    engine.bind(batch, theta, 1)
    const expected = surrogateHessianProduct(policy, at, batch, weights, v)
    expect(relativeError(engine.surrogateHessianProduct(at, weights, v), expected)).toBeLessThan(5 * TOLERANCE)
  })
  fc.assert(property, { numRuns: 30 })
})

test('the surrogate Hessian is symmetric and its product linear in v and in the weights', () => {
  const { engine, batch, theta, nearby, weights, v, normals } = randomProblem(shapes['44-64-64-2']!, 257, 7)
  engine.bind(batch, theta, 1)
  const u = normals(theta.length, 1)
  const otherWeights = normals(257, 1)
  const product = (w: Float32Array, direction: Float32Array) => engine.surrogateHessianProduct(nearby, w, direction)
  const hv = product(weights, v)
  const hu = product(weights, u)
  expect(Math.abs(dot(u, hv) - dot(v, hu))).toBeLessThan(TOLERANCE * norm(u) * norm(hv))
  const ofSum = product(
    weights,
    v.map((value, i) => value - 2 * u[i]!),
  )
  expect(relativeError(ofSum, moved(hv, -2, hu))).toBeLessThan(TOLERANCE)
  const ofWeights = product(
    weights.map((value, i) => value + 3 * otherWeights[i]!),
    v,
  )
  expect(relativeError(ofWeights, moved(hv, 3, product(otherWeights, v)))).toBeLessThan(TOLERANCE)
  const zero = product(weights, new Float32Array(theta.length))
  expect(zero.every((value) => value === 0)).toBe(true)
})

/**
 * With constant weights the surrogate is the integral of a density, 1 for every policy, so its Hessian vanishes: the
 * score's outer product cancels the Hessian of log pi. Three Gauss-Hermite nodes per action make the integral exact for
 * the polynomials of degree 4 that both are in z.
 */
test('the Hessian of constant weights vanishes in expectation over actions', () => {
  const shape: PolicyShape = shapes['44-64-64-2']!
  const nodes = [
    { z: -Math.sqrt(3), weight: 1 / 6 },
    { z: 0, weight: 2 / 3 },
    { z: Math.sqrt(3), weight: 1 / 6 },
  ]
  const states = 30
  const pairs = nodes.flatMap((a) => nodes.map((b) => ({ z: [a.z, b.z], weight: a.weight * b.weight })))
  const { engine, batch, theta, v } = randomProblem(shape, states * pairs.length, 3)
  const weights = new Float32Array(batch.size)
  const logStd = logStdOf(shape, theta)
  for (let row = 0; row < batch.size; row++) {
    const first = row - (row % pairs.length)
    batch.observations.copyWithin(row * 44, first * 44, (first + 1) * 44)
  }
  const means = outputsOf(meanShape(shape), theta, batch.observations, batch.size)
  for (let row = 0; row < batch.size; row++) {
    const { z, weight } = pairs[row % pairs.length]!
    weights[row] = weight * pairs.length
    batch.logProbs[row] = 0
    z.forEach((zk, k) => {
      batch.actions[2 * row + k] = means[2 * row + k]! + zk * Math.exp(logStd[k]!)
      batch.logProbs[row]! += -0.5 * zk * zk - logStd[k]! - 0.5 * Math.log(2 * Math.PI)
    })
  }
  engine.bind(batch, theta, 1)
  // Minus the expected Hessian of log pi is the Fisher matrix: the scale of the two parts.
  const scale = norm(engine.fisherProduct(v))
  expect(norm(engine.surrogateHessianProduct(theta, weights, v))).toBeLessThan(TOLERANCE * scale)
})

/** F(theta) = S_out(theta + alpha grad S_in(theta)) has gradient (I + alpha H_in) grad S_out (Finn et al., 2017). */
describe('the gradient through one adaptation step', () => {
  const shape: PolicyShape = { observationSize: 8, hidden: [8, 8], actionSize: 2 }
  const rows = 40
  const alpha = 0.3
  const { theta, weights: inner, random, normals } = randomProblem(shape, rows, 21)
  const outer = normals(rows, 1)
  const engine = createSimdEngine({ module: kernelModule(), policyShape: shape, capacity: 2 * rows, episodes: 2 })
  const before = engine.createBatch(rows, 1)
  const after = engine.createBatch(rows, 1)
  const gradientOf = (at: Float32Array, batch: Batch, weights: Float32Array) => {
    engine.bind(batch, at, 1)
    return engine.surrogateGradient(at, weights)
  }
  sampleBatch(before, shape, theta, random)
  const adapted = Float32Array.from(moved(theta, alpha, gradientOf(theta, before, inner)))
  sampleBatch(after, shape, adapted, random)

  const adapt = (from: Float64Array) => moved(from, alpha, surrogate(shape, from, before, inner).gradient)
  const objective = (from: Float64Array) => surrogate(shape, adapt(from), after, outer).value
  const differences = Float64Array.from(theta, (_, i) => {
    const epsilon = 1e-5
    const objectiveAt = (step: number) =>
      objective(Float64Array.from(theta, (value, j) => (i === j ? value + step : value)))
    return (objectiveAt(epsilon) - objectiveAt(-epsilon)) / (2 * epsilon)
  })

  test('is (I + alpha H) g in float64', () => {
    const g = surrogate(shape, adapt(Float64Array.from(theta)), after, outer).gradient
    const meta = moved(g, alpha, surrogateHessianProduct(shape, theta, before, inner, g))
    expect(relativeError(meta, differences)).toBeLessThan(1e-7)
    // The Hessian is no small correction here: g alone would be far off.
    expect(relativeError(g, differences)).toBeGreaterThan(0.1)
  })

  test('and so it is of the engine', () => {
    const g = gradientOf(adapted, after, outer)
    engine.bind(before, theta, 1)
    const meta = moved(g, alpha, engine.surrogateHessianProduct(theta, inner, g))
    expect(relativeError(meta, differences)).toBeLessThan(TOLERANCE)
  })
})
