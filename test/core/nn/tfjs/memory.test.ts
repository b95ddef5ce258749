import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import type { BatchedLearner } from '../../../../src/core/nn/batched-learner.ts'
import { createCritic } from '../../../../src/core/nn/critic.ts'
import { createTfjsEngine } from '../../../../src/core/nn/tfjs/engine.ts'
import { EngineOutOfMemoryError, isOutOfMemory, MemoryBudget } from '../../../../src/core/nn/tfjs/memory.ts'
import type { TfjsBackend } from '../../../../src/core/nn/tfjs/backend.ts'
import { relativeError, sameBits } from '../reference.ts'
import { backends, startBackend } from './backends.ts'
import { requestsOf, taskProblems, type TaskProblem } from './problem.ts'

const policyShape = { observationSize: 4, hidden: [8], actionSize: 2 }
const settings = { minibatch: 4, learningRate: 1e-3, l2: 1e-3, maxGradientNorm: 1 }

/** One of everything that an update is made of. */
async function update(learner: BatchedLearner, tasks: readonly TaskProblem[]): Promise<Float32Array[]> {
  await learner.bind(requestsOf(tasks, ({ batch, theta }) => [batch, theta, 2]))
  const critics = tasks.map(({ random }) => createCritic(policyShape, random))
  const results = [
    await learner.surrogateGradient(requestsOf(tasks, ({ nearby, weights }) => [nearby, weights])),
    await learner.fisherProduct(requestsOf(tasks, ({ v }) => [v])),
    await learner.surrogateHessianProduct(requestsOf(tasks.slice(1), ({ theta, weights, v }) => [theta, weights, v])),
    await learner.values(
      requestsOf(tasks, ({ place, batch, rows }) => [critics[place]!.parameters, batch.observations, rows]),
    ),
  ]
  const evaluations = await learner.evaluatePolicy(requestsOf(tasks, ({ nearby, weights }) => [nearby, [weights]]))
  await learner.fitCritics(
    requestsOf(tasks, ({ place, batch, weights, rows }) => [
      batch,
      [{ critic: critics[place]!, targets: weights }],
      [Int32Array.from({ length: rows }, (_, i) => i)],
      settings,
    ]),
  )
  const distances = evaluations.map(({ kl, surrogates }) => Float32Array.of(kl, ...surrogates))
  return [...results.flat(), ...distances, ...critics.map((critic) => critic.parameters)]
}

describe.each(backends.slice(0, 2))('$backend', (chosen) => {
  let backend: TfjsBackend
  beforeAll(async () => {
    backend = await startBackend(chosen)
  })

  test('1,000 updates leave no tensor behind, and an engine none after its end', async () => {
    const before = tf.memory().numTensors
    const tasks = taskProblems(policyShape, [4, 3], 1)
    const learner = createTfjsEngine({ ...backend, policyShape, tasks: 2 })
    await update(learner, tasks)
    const { numTensors, numDataBuffers } = tf.memory()
    expect(numTensors).toBeGreaterThan(before)
    for (let i = 0; i < 1000; i++) await update(learner, tasks)
    expect(tf.memory().numTensors).toBe(numTensors)
    expect(tf.memory().numDataBuffers).toBe(numDataBuffers)
    learner.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })

  test('an operation reads back once, whatever it computes; a binding and the minibatches of a fit never', async () => {
    const tasks = taskProblems(policyShape, [9, 7], 3)
    // Blocks of a few rows: sums over them stay on the device.
    const learner = createTfjsEngine({ ...backend, policyShape, tasks: 2, maximumFloats: 32 })
    const reads = vi.spyOn(tf.backend(), 'read')
    const readsOf = async (work: () => unknown) => {
      reads.mockClear()
      await work()
      return reads.mock.calls.length
    }
    expect(await readsOf(() => learner.bind(requestsOf(tasks, ({ batch, theta }) => [batch, theta, 2])))).toBe(0)
    for (const of of [tasks, tasks.slice(1)]) {
      const each = [
        () => learner.surrogateGradient(requestsOf(of, ({ nearby, weights }) => [nearby, weights])),
        () => learner.fisherProduct(requestsOf(of, ({ v }) => [v])),
        () => learner.surrogateHessianProduct(requestsOf(of, ({ nearby, weights, v }) => [nearby, weights, v])),
        () => learner.evaluatePolicy(requestsOf(of, ({ nearby, weights }) => [nearby, [weights]])),
      ]
      for (const operation of each) expect(await readsOf(operation)).toBe(1)
    }
    const critics = tasks.map(({ random }) => createCritic(policyShape, random))
    const values = () =>
      learner.values(
        requestsOf(tasks, ({ place, batch, rows }) => [critics[place]!.parameters, batch.observations, rows]),
      )
    expect(await readsOf(values)).toBe(1)
    const epoch = (rows: number) => Int32Array.from({ length: rows }, (_, i) => i)
    const fits = () =>
      learner.fitCritics(
        requestsOf(tasks, ({ place, batch, weights, rows }) => [
          batch,
          [{ critic: critics[place]!, targets: weights }],
          [epoch(rows), epoch(rows).toReversed()],
          settings,
        ]),
      )
    expect(await readsOf(fits)).toBe(1)
    expect(critics.map(({ updates }) => updates)).toEqual([6, 4])
    vi.restoreAllMocks()
    learner.dispose()
  })
})

/** The CPU backend with an upper limit for its tensors: beyond it an allocation fails as libtensorflow's does. */
class SmallBackend extends MathBackendCPU {
  limit = Infinity
  failures = 0
  override makeTensorInfo(...given: Parameters<MathBackendCPU['makeTensorInfo']>) {
    this.expectRoom(given[0])
    return super.makeTensorInfo(...given)
  }
  override write(...given: Parameters<MathBackendCPU['write']>) {
    this.expectRoom(given[1])
    return super.write(...given)
  }
  private expectRoom(shape: readonly number[]): void {
    if (shape.reduce((product, size) => product * size, 1) <= this.limit) return
    this.failures++
    throw new Error(`OOM when allocating tensor with shape [${shape.join(',')}]`)
  }
}

describe('a device with little memory', () => {
  const small = new SmallBackend()
  let backend: TfjsBackend
  const tasks = taskProblems(policyShape, [1500, 900], 2)
  const told: number[] = []
  const create = (maximumFloats?: number) => {
    const onSmallerBlocks = (floats: number) => void told.push(floats)
    return createTfjsEngine({
      ...{ ...backend, policyShape, tasks: 2, onSmallerBlocks },
      ...(maximumFloats ? { maximumFloats } : {}),
    })
  }
  beforeAll(async () => {
    await startBackend(backends[0])
    tf.copyRegisteredKernels('cpu', 'small')
    tf.registerBackend('small', () => small)
    await tf.setBackend('small')
    backend = { tf, backend: 'small', transposeExplicitly: false }
  })

  test('computes the same in smaller blocks, and goes on with them', async () => {
    small.limit = Infinity
    const whole = create()
    const expected = await update(whole, taskProblems(policyShape, [1500, 900], 2))
    whole.dispose()
    const before = tf.memory().numTensors
    small.limit = 12_000 // all rows of both tasks have 2 x 1500 x 8 activations
    small.failures = 0
    const learner = create(2 ** 15)
    const results = await update(learner, taskProblems(policyShape, [1500, 900], 2))
    expect(small.failures).toBeGreaterThan(0)
    results.forEach((result, i) => expect(relativeError(result, expected[i]!)).toBeLessThan(1e-5))
    expect(told.at(-1)).toBeLessThan(2 ** 15)
    small.failures = 0
    const again = await update(learner, taskProblems(policyShape, [1500, 900], 2))
    expect(small.failures).toBe(0)
    const from = create(told.at(-1))
    const bits = await update(from, taskProblems(policyShape, [1500, 900], 2))
    bits.forEach((result, i) => expect(sameBits(result, again[i]!)).toBe(true))
    from.dispose()
    learner.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })

  test('that shrinks in the middle of an update loses nothing', async () => {
    small.limit = Infinity
    const learner = create()
    await learner.bind(requestsOf(tasks, ({ batch, theta }) => [batch, theta, 1]))
    const product = () => learner.fisherProduct(requestsOf(tasks, ({ v }) => [v]))
    const expected = await product()
    small.limit = 10_000
    small.failures = 0
    const results = await product()
    expect(small.failures).toBeGreaterThan(0)
    results.forEach((result, i) => expect(relativeError(result, expected[i]!)).toBeLessThan(1e-5))
    learner.dispose()
  })

  test('too little for any block is an error with its name; nothing is left or changed', async () => {
    small.limit = Infinity
    told.length = 0
    const before = tf.memory().numTensors
    const learner = create()
    await learner.bind(requestsOf(tasks, ({ batch, theta }) => [batch, theta, 1]))
    small.limit = 10
    const products = learner.fisherProduct(requestsOf(tasks, ({ v }) => [v]))
    await expect(products).rejects.toThrow(EngineOutOfMemoryError)
    expect(told).toEqual([])
    await expect(products).rejects.toThrow('The device of tfjs/small ran out of memory')
    const [task] = tasks
    const critic = createCritic(policyShape, task!.random)
    const start = critic.parameters.slice()
    const fit = [task!.batch, [{ critic, targets: task!.weights }], [Int32Array.of(0, 1)], settings] as const
    await expect(learner.fitCritics([{ place: 0, arguments: [...fit] }])).rejects.toThrow(EngineOutOfMemoryError)
    expect(sameBits(critic.parameters, start)).toBe(true)
    expect(critic.updates).toBe(0)
    expect(tf.memory().numTensors).toBe(before)
    small.limit = Infinity
    learner.dispose()
  })

  test('other errors in the middle of a call pass through and leave no tensor', async () => {
    small.limit = Infinity
    const failing: typeof tf = { ...tf, sum: () => fail() }
    const fail = (): never => {
      throw new Error('The shader does not compile')
    }
    const learner = createTfjsEngine({ ...backend, tf: failing, policyShape, tasks: 2 })
    await learner.bind(requestsOf(tasks, ({ batch, theta }) => [batch, theta, 1]))
    const { numTensors } = tf.memory()
    await expect(learner.fisherProduct(requestsOf(tasks, ({ v }) => [v]))).rejects.toThrow('does not compile')
    expect(tf.memory().numTensors).toBe(numTensors)
    learner.dispose()
  })
})

test.each([
  'OOM when allocating tensor with shape [20,90,64]',
  'Binding size (335544320) of [Buffer] is larger than the maximum binding size (134217728).',
  'Out of memory',
])('%s: means a lack of memory', (message) => expect(isOutOfMemory(new Error(message))).toBe(true))

test('other words mean no lack of memory', () =>
  expect(isOutOfMemory(new Error('Binding 3 of the shader does not exist'))).toBe(false))

test('a budget halves down to a smallest size and refuses what is no size', () => {
  const budget = new MemoryBudget(2 ** 13 + 1)
  expect(budget.rowsOf(100)).toBe(81)
  expect(budget.halve()).toBe(true)
  expect(budget.maximumFloats).toBe(2 ** 12)
  expect(budget.halve()).toBe(false)
  expect(budget.rowsOf(1e6)).toBe(1)
  expect(() => new MemoryBudget(0)).toThrow('at least 1; got 0')
})
