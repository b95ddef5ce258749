import { beforeAll, expect, test } from 'vitest'
import type { BatchedLearner } from '../../../../src/core/nn/batched-learner.ts'
import { createCritic } from '../../../../src/core/nn/critic.ts'
import { createTfjsEngine } from '../../../../src/core/nn/tfjs/engine.ts'
import type { TfjsBackend } from '../../../../src/core/nn/tfjs/backend.ts'
import { randomProblem } from '../engine.ts'
import { backends, startBackend } from './backends.ts'

const policyShape = { observationSize: 4, hidden: [8], actionSize: 2 }
const { batch, theta, weights, random } = randomProblem(policyShape, 20, 1)
let backend: TfjsBackend
let learner: BatchedLearner

beforeAll(async () => {
  backend = await startBackend(backends[0])
  learner = createTfjsEngine({ ...backend, policyShape, tasks: 2 })
  await learner.bind([{ place: 0, arguments: [batch, theta, 1] }])
})

test('the engine says what it is', () => {
  expect(learner.name).toBe('tfjs/cpu')
  expect(learner.tasks).toBe(2)
})

test.each([
  [{ policyShape: { ...policyShape, observationSize: 0 } }, 'observation size is a positive whole number; got 0'],
  [{ policyShape: { ...policyShape, hidden: [] } }, 'positive whole widths; got []'],
  [{ policyShape: { ...policyShape, hidden: [8, 2.5] } }, 'positive whole widths; got [8, 2.5]'],
  [{ policyShape: { ...policyShape, actionSize: -1 } }, 'action size'],
  [{ tasks: 0 }, 'at least 1; got 0'],
  [{ maximumFloats: 0.5 }, 'at least 1; got 0.5'],
])('options %#', (change, message) => {
  expect(() => createTfjsEngine({ ...backend, policyShape, tasks: 2, ...change })).toThrow(message)
})

test('any sizes will do, not only multiples of what SIMD takes', async () => {
  const odd = { observationSize: 3, hidden: [5], actionSize: 1 }
  const small = createTfjsEngine({ ...backend, policyShape: odd, tasks: 1 })
  const critic = createCritic(odd, random)
  const [values] = await small.values([{ place: 0, arguments: [critic.parameters, new Float32Array(6), 2] }])
  expect(values).toEqual(new Float32Array(2))
})

test('places that are not there, twice named or without a batch', async () => {
  const product = (...places: number[]) => learner.fisherProduct(places.map((place) => ({ place, arguments: [theta] })))
  await expect(product(2)).rejects.toThrow("Place 2 is not among the engine's 2 places")
  await expect(product(-1)).rejects.toThrow('Place -1')
  await expect(product(0.5)).rejects.toThrow('Place 0.5')
  await expect(product(0, 0)).rejects.toThrow('names place 0 twice')
  await expect(product(0, 1)).rejects.toThrow('no batch at place 1: call bind first')
  expect(await product()).toEqual([])
})

test('vectors of a wrong length, strides and rows', async () => {
  const at = <A extends readonly unknown[]>(...given: A) => [{ place: 0, arguments: given }]
  const { v, nearby } = { v: theta, nearby: theta }
  await expect(learner.bind(at(batch, theta.slice(1), 1))).rejects.toThrow(`theta has ${theta.length - 1} elements`)
  await expect(learner.bind(at(batch, theta, 0))).rejects.toThrow('Fisher stride')
  await expect(learner.bind(at({ ...batch, size: 0 }, theta, 1))).rejects.toThrow('no rows')
  await expect(learner.bind(at({ ...batch, size: 21 }, theta, 1))).rejects.toThrow('beyond')
  await expect(learner.fisherProduct(at(v.slice(1)))).rejects.toThrow('v has')
  await expect(learner.surrogateGradient(at(theta.slice(1), weights))).rejects.toThrow('theta has')
  await expect(learner.surrogateGradient(at(theta, weights.slice(1)))).rejects.toThrow('weights has 19 elements; 20')
  await expect(learner.surrogateHessianProduct(at(theta, weights, v.slice(1)))).rejects.toThrow('v has')
  await expect(learner.evaluatePolicy(at(nearby, [weights, weights.slice(1)]))).rejects.toThrow('weights has 19')
  await expect(learner.values(at(theta, batch.observations, 1))).rejects.toThrow('critic has')
})

test('fits of rows that the batch does not have', async () => {
  const critic = createCritic(policyShape, random)
  const settings = { minibatch: 8, learningRate: 1e-3, l2: 0, maxGradientNorm: 1 }
  const run = (rows: number[], change = {}) =>
    learner.fitCritics([
      {
        place: 1,
        arguments: [batch, [{ critic, targets: weights }], [Int32Array.from(rows)], { ...settings, ...change }],
      },
    ])
  await expect(run([0, 20])).rejects.toThrow("Row 20 is not among the batch's 20 rows")
  await expect(run([0], { minibatch: 0 })).rejects.toThrow('minibatch')
  expect(critic.updates).toBe(0)
})

test('NaN in any parameter shows in the results, as with SIMD', async () => {
  const broken = theta.slice()
  broken[0] = NaN
  const own = createTfjsEngine({ ...backend, policyShape, tasks: 1 })
  await own.bind([{ place: 0, arguments: [batch, broken, 1] }])
  const [gradient] = await own.surrogateGradient([{ place: 0, arguments: [broken, weights] }])
  const [product] = await own.fisherProduct([{ place: 0, arguments: [theta] }])
  const [evaluation] = await own.evaluatePolicy([{ place: 0, arguments: [broken, []] }])
  expect(gradient!.some(Number.isNaN)).toBe(true)
  expect(product!.some(Number.isNaN)).toBe(true)
  expect(evaluation!.kl).toBeNaN()
  own.dispose()
})

test('a disposed engine computes no more', async () => {
  const own = createTfjsEngine({ ...backend, policyShape, tasks: 1 })
  await own.bind([{ place: 0, arguments: [batch, theta, 1] }])
  own.dispose()
  own.dispose()
  await expect(own.fisherProduct([{ place: 0, arguments: [theta] }])).rejects.toThrow('is disposed')
})
