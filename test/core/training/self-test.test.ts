import { describe, expect, it } from 'vitest'
import type { BatchedLearner } from '../../../src/core/nn/batched-learner.ts'
import { batchedFrom } from '../../../src/core/nn/lock-step.ts'
import { createSimdEngine } from '../../../src/core/nn/simd/engine.ts'
import { EngineSelfTestError, SELF_TEST_ROWS, selfTest } from '../../../src/core/training/self-test.ts'
import { kernelModule, shapes } from '../nn/engine.ts'

const policyShape = shapes['44-64-64-2']!
const simd = () => createSimdEngine({ module: kernelModule(), policyShape, capacity: SELF_TEST_ROWS, episodes: 1 })
/** The reference itself behind the interface of a batched engine. */
function tested(change: (honest: BatchedLearner) => Partial<BatchedLearner> = () => ({})) {
  const reference = simd()
  const honest = batchedFrom([reference, reference])
  return selfTest({ ...honest, name: 'tfjs/broken', ...change(honest) }, reference)
}
const scaled = (vectors: readonly Float32Array[], factor: number) =>
  vectors.map((vector) => vector.map((value) => factor * value))

describe('the self-test of an engine', () => {
  it('is passed by an engine that computes as the SIMD engine does, up to rounding', async () => {
    await tested()
    await tested((honest) => ({
      surrogateGradient: async (requests) => scaled(await honest.surrogateGradient(requests), 1 + 1e-5),
    }))
  })

  it.each<[string, (honest: BatchedLearner) => Partial<BatchedLearner>]>([
    [
      'gradient',
      (honest) => ({
        surrogateGradient: async (requests) => scaled(await honest.surrogateGradient(requests), 1.001),
      }),
    ],
    [
      // What tfjs's nested gradients do: part of the product silently missing.
      'Fisher product',
      (honest) => ({
        fisherProduct: async (requests) =>
          (await honest.fisherProduct(requests)).map((product) => product.map((value, i) => (i < 100 ? 0 : value))),
      }),
    ],
    [
      'KL and surrogate',
      (honest) => ({
        evaluatePolicy: async (requests) =>
          (await honest.evaluatePolicy(requests)).map((evaluation) => ({ ...evaluation, kl: NaN })),
      }),
    ],
    ['values', () => ({ values: (requests) => requests.map(() => new Float32Array(SELF_TEST_ROWS)) })],
    ['values', () => ({ values: (requests) => requests.map(() => new Float32Array(0)) })],
  ])('refuses an engine whose %s is wrong, by name', async (operation, change) => {
    const verdict = tested(change)
    await expect(verdict).rejects.toThrow(EngineSelfTestError)
    await expect(verdict).rejects.toThrow(
      `tfjs/broken computes wrongly on this machine and is not used: its ${operation} differs`,
    )
  })
})
