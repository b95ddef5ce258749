import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createCritic } from '../../../src/core/nn/critic.ts'
import { createSimdEngine } from '../../../src/core/nn/simd/engine.ts'
import { kernelModule, randomProblem, shapes } from './engine.ts'
import { relativeError } from './reference.ts'

const policyShape = shapes['44-64-64-2']!
const module = kernelModule()

describe('batches', () => {
  test('lie side by side in kernel memory', () => {
    const engine = createSimdEngine({ module, policyShape, capacity: 30, episodes: 3 })
    const batches = [engine.createBatch(10, 1), engine.createBatch(20, 2)]
    batches.forEach((batch, i) => {
      batch.observations.fill(2 * i)
      batch.bootstrapObservations.fill(2 * i + 1)
      batch.means.fill(i)
    })
    batches.forEach((batch, i) => {
      expect(batch.observations.length).toBe(batch.capacity * 44)
      expect(batch.observations.every((value) => value === 2 * i)).toBe(true)
      expect(batch.bootstrapObservations.length).toBe((i + 1) * 44)
      expect(batch.bootstrapObservations.every((value) => value === 2 * i + 1)).toBe(true)
      expect(batch.means.every((value) => value === i)).toBe(true)
    })
  })

  test('beyond the capacity are refused with what is left, and fit again after a release', () => {
    const engine = createSimdEngine({ module, policyShape, capacity: 30, episodes: 3 })
    engine.createBatch(10, 1)
    expect(() => engine.createBatch(21, 1)).toThrow(
      'A batch of 21 rows does not fit: the SIMD engine has 20 rows left.',
    )
    expect(() => engine.createBatch(1, 3)).toThrow('has 2 episodes left')
    engine.releaseBatches()
    expect(engine.createBatch(30, 3).capacity).toBe(30)
  })

  test('of 40,000 rows take less than 64 MB in all', () => {
    const engine = createSimdEngine({ module, policyShape, capacity: 40_000, episodes: 200 })
    expect(engine.memoryBytes).toBeLessThan(64e6)
  })
})

describe('what cannot be computed is refused', () => {
  const { engine, batch, theta, weights, random } = randomProblem(policyShape, 20, 1)
  const foreign = createSimdEngine({ module, policyShape, capacity: 20, episodes: 1 }).createBatch(20, 1)
  foreign.size = 20

  test.each([
    [{ ...policyShape, observationSize: 42 }, 'observation sizes that are multiples of 4; got 42'],
    [{ ...policyShape, hidden: [64, 30] }, 'multiples of 8; got [64, 30]'],
    [{ ...policyShape, hidden: [] }, 'multiples of 8; got []'],
    [{ ...policyShape, actionSize: 0 }, 'action size'],
  ])('shape %#', (shape, message) => {
    expect(() => createSimdEngine({ module, policyShape: shape, capacity: 1, episodes: 1 })).toThrow(message)
  })

  test('a batch of another memory', () => {
    expect(() => engine.bind(foreign, theta, 1)).toThrow("create it with the engine's createBatch")
    expect(() => engine.forwardPolicy(foreign, 0, 1)).toThrow("create it with the engine's createBatch")
  })

  test('an update without a batch', () => {
    const fresh = createSimdEngine({ module, policyShape, capacity: 20, episodes: 1 })
    expect(() => fresh.fisherProduct(theta)).toThrow('call bind first')
    expect(() => fresh.surrogateGradient(theta, weights)).toThrow('call bind first')
    expect(() => fresh.surrogateHessianProduct(theta, weights, theta)).toThrow('call bind first')
    expect(() => fresh.evaluatePolicy(theta, [])).toThrow('call bind first')
  })

  test('vectors of a wrong length, strides and rows', () => {
    engine.bind(batch, theta, 1)
    expect(() => engine.bind(batch, theta.slice(1), 1)).toThrow(`theta has ${theta.length - 1} elements`)
    expect(() => engine.bind(batch, theta, 0)).toThrow('Fisher stride')
    expect(() => engine.bind({ ...batch, size: 0 }, theta, 1)).toThrow('no rows')
    expect(() => engine.bind({ ...batch, size: 21 }, theta, 1)).toThrow('beyond')
    expect(() => engine.fisherProduct(theta.slice(1))).toThrow('v has')
    expect(() => engine.surrogateGradient(theta, weights.slice(1))).toThrow('weights has 19 elements; 20 are needed')
    expect(() => engine.surrogateHessianProduct(theta, weights, theta.slice(1))).toThrow('v has')
    expect(() => engine.surrogateHessianProduct(theta, weights.slice(1), theta)).toThrow('weights has 19 elements')
    expect(() => engine.surrogateHessianProduct(theta.slice(1), weights, theta)).toThrow('theta has')
    expect(() => engine.forwardPolicy(batch, 15, 6)).toThrow('beyond')
  })

  test('fits of rows that the batch does not have', () => {
    const settings = { minibatch: 8, learningRate: 1e-3, l2: 0, maxGradientNorm: 1 }
    const fit = { critic: createCritic(policyShape, random), targets: weights }
    const run = (rows: number[], fits = [fit], change = {}) =>
      engine.fitCritics(batch, fits, [Int32Array.from(rows)], { ...settings, ...change })
    expect(() => run([0, 20])).toThrow("Row 20 is not among the batch's 20 rows")
    expect(() => run([-1])).toThrow('Row -1')
    expect(() => run([0], [fit], { minibatch: 0 })).toThrow('minibatch')
    expect(() => run([0], [{ ...fit, targets: weights.slice(1) }])).toThrow('19 targets for 20 rows')
    expect(() => run([0], Array(5).fill(fit))).toThrow('At most 4 critics')
  })
})

test('NaN in any parameter shows in the means and gradients', () => {
  const { engine, batch, theta, weights, v } = randomProblem(policyShape, 5, 2)
  const broken = theta.slice()
  broken[0] = NaN
  engine.loadPolicy(broken)
  engine.forwardPolicy(batch, 0, 5)
  expect(batch.means.every(Number.isNaN)).toBe(true)
  engine.bind(batch, broken, 1)
  expect(engine.surrogateGradient(broken, weights).some(Number.isNaN)).toBe(true)
  expect(engine.surrogateHessianProduct(broken, weights, v).some(Number.isNaN)).toBe(true)
  expect(engine.fisherProduct(v).some(Number.isNaN)).toBe(true)
  expect(engine.evaluatePolicy(broken, []).kl).toBeNaN()
})

test.each(Object.keys(shapes))('%s: a row does not depend on its neighbours or its place', (name) => {
  const shape = shapes[name]!
  const { engine, batch, theta } = randomProblem(shape, 300, 4)
  engine.loadPolicy(theta)
  engine.forwardPolicy(batch, 0, 300)
  const all = batch.means.slice()
  for (const [from, count] of [
    [0, 1],
    [3, 5],
    [127, 2],
    [130, 170],
  ] as const) {
    batch.means.fill(0)
    engine.forwardPolicy(batch, from, count)
    const expected = new Float32Array(all.length)
    expected.set(all.subarray(from * shape.actionSize, (from + count) * shape.actionSize), from * shape.actionSize)
    expect(batch.means).toEqual(expected)
  }
})

test.each(Object.keys(shapes))('%s: results are functions of their inputs, whatever was computed before', (name) => {
  const shape = shapes[name]!
  const results = [false, true].map((dirty) => {
    const { engine, batch, theta, nearby, weights, v, random } = randomProblem(shape, 257, 9)
    const critic = createCritic(shape, random)
    if (dirty) {
      engine.bind(batch, nearby, 2)
      engine.fisherProduct(nearby)
      engine.surrogateHessianProduct(nearby, weights, theta)
      engine.values(critic.parameters, batch.observations, 200)
      engine.loadPolicy(nearby)
      engine.forwardPolicy(batch, 7, 100)
    }
    engine.bind(batch, theta, 1)
    return [
      engine.surrogateGradient(theta, weights),
      engine.fisherProduct(v),
      engine.surrogateGradient(nearby, weights),
      engine.fisherProduct(v),
      engine.surrogateHessianProduct(theta, weights, v),
      engine.surrogateHessianProduct(nearby, weights, v),
      engine.evaluatePolicy(nearby, [weights]),
      engine.values(critic.parameters, batch.observations, 257),
    ]
  })
  expect(results[1]).toEqual(results[0])
  expect(results[0]![3]).toEqual(results[0]![1])
})

test.each(Object.keys(shapes))('%s: portable and relaxed kernels agree', (name) => {
  const [a, b] = (['portable', 'relaxed'] as const).map((variant) => {
    const { engine, batch, theta, weights, v } = randomProblem(shapes[name]!, 257, 13, variant)
    expect(engine.name).toBe(`simd/${variant}`)
    engine.bind(batch, theta, 1)
    return [
      engine.surrogateGradient(theta, weights),
      engine.fisherProduct(v),
      engine.surrogateHessianProduct(theta, weights, v),
    ]
  })
  a!.forEach((result, i) => expect(relativeError(result, b![i]!)).toBeLessThan(1e-5))
})

test('portable kernels give these bits on every machine', () => {
  const { engine, batch, theta, nearby, weights, v, random } = randomProblem(policyShape, 257, 17, 'portable')
  const critic = createCritic(policyShape, random)
  engine.bind(batch, theta, 1)
  const order = [random.shuffle(Int32Array.from({ length: 257 }, (_, i) => i))]
  const settings = { minibatch: 64, learningRate: 1e-3, l2: 1e-3, maxGradientNorm: 1 }
  engine.fitCritics(batch, [{ critic, targets: weights }], order, settings)
  const hash = createHash('sha256')
  for (const result of [engine.surrogateGradient(nearby, weights), engine.fisherProduct(v), critic.parameters]) {
    hash.update(new Uint8Array(result.buffer))
  }
  expect(hash.digest('hex')).toBe('430862f2c6c0f9fce5316ddda73ecb26f5dfda7a99ae1f316affd9d6955c5982')
})
