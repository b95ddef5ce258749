import '@tensorflow/tfjs-backend-cpu'
import * as tfjs from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { BatchedLearner } from '../../../src/core/nn/batched-learner.ts'
import { batchedFrom } from '../../../src/core/nn/lock-step.ts'
import type { Learner } from '../../../src/core/nn/learner.ts'
import { createSimdEngine, type SimdEngine } from '../../../src/core/nn/simd/engine.ts'
import type { Tensor, Tf } from '../../../src/core/nn/tfjs/backend.ts'
import { createTfjsEngine } from '../../../src/core/nn/tfjs/engine.ts'
import { EngineSelfTestError, SELF_TEST_ROWS, selfTest } from '../../../src/core/training/self-test.ts'
import { kernelModule, shapes } from '../nn/engine.ts'

const policyShape = shapes['44-64-64-2']!
const simd = () => createSimdEngine({ module: kernelModule(), policyShape, capacity: SELF_TEST_ROWS, episodes: 1 })
/** The reference itself behind the interface of a batched engine. */
function tested(change: (honest: BatchedLearner) => Partial<BatchedLearner> = () => ({})) {
  const reference = simd()
  const honest = batchedFrom([bindingAnew(reference), bindingAnew(reference)])
  return selfTest({ ...honest, name: 'tfjs/broken', ...change(honest) }, reference)
}
/** The reference with a batch of its own. */
function bindingAnew(reference: SimdEngine): Learner {
  let bound: Parameters<SimdEngine['bind']>
  const anew =
    <A extends unknown[], R>(operation: (...given: A) => R) =>
    (...given: A): R => {
      reference.bind(...bound)
      return operation(...given)
    }
  return {
    ...reference,
    bind: (...given) => void (bound = given),
    surrogateGradient: anew(reference.surrogateGradient),
    surrogateHessianProduct: anew(reference.surrogateHessianProduct),
    fisherProduct: anew(reference.fisherProduct),
    evaluatePolicy: anew(reference.evaluatePolicy),
  }
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
      'Hessian product',
      (honest) => ({
        surrogateHessianProduct: async (requests) => scaled(await honest.surrogateHessianProduct(requests), 1.001),
      }),
    ],
    ['fit of critics', () => ({ fitCritics: () => {} })],
    [
      'KL',
      (honest) => ({
        evaluatePolicy: async (requests) =>
          (await honest.evaluatePolicy(requests)).map((evaluation) => ({ ...evaluation, kl: NaN })),
      }),
    ],
    [
      'KL',
      (honest) => ({
        evaluatePolicy: async (requests) =>
          (await honest.evaluatePolicy(requests)).map((evaluation) => ({ ...evaluation, kl: 1.01 * evaluation.kl })),
      }),
    ],
    [
      'surrogates',
      (honest) => ({
        evaluatePolicy: async (requests) =>
          (await honest.evaluatePolicy(requests)).map(({ kl, surrogates }) => ({
            kl,
            surrogates: surrogates.toReversed(),
          })),
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

/** The TensorFlow.js engine on its plainest backend, with one operation of it broken. */
type Fault = (tf: Tf) => object
const broken: readonly (readonly [fault: string, breakIt: Fault])[] = [
  [
    'products of matrices are zero for every task but the first',
    (tf) => ({
      matMul: (...given: Parameters<Tf['matMul']>) => {
        const product = tf.matMul(...given)
        const isFirst = Array.from({ length: product.shape[0]! }, (_, task) => Number(task === 0))
        return tf.mul(product, tf.tensor(isFirst, [isFirst.length, 1, 1]))
      },
    }),
  ],
  [
    'gather returns the first row, whichever is asked for',
    (tf) => ({
      gather: (x: Tensor, indices: Tensor, ...rest: []) => tf.gather(x, tf.zerosLike(indices), ...rest),
    }),
  ],
  ['gradients are not clipped', (tf) => ({ minimum: () => tf.scalar(1) })],
  ['square roots are off by 1 %', (tf) => ({ sqrt: (x: Tensor) => tf.mul(tf.sqrt(x), 1.01) })],
  ['what rests goes on', (tf) => ({ where: (_: Tensor, a: Tensor) => tf.clone(a) })],
  ['tanh is off by 0.1 %', (tf) => ({ tanh: (x: Tensor) => tf.mul(tf.tanh(x), 1.001) })],
]

describe('the self-test of the TensorFlow.js engine', () => {
  const engineOn = (change: Fault) => {
    const tf = { ...tfjs, ...change(tfjs) } as Tf
    return createTfjsEngine({ tf, backend: 'broken', transposeExplicitly: false, policyShape, tasks: 3 })
  }
  beforeAll(() => tfjs.setBackend('cpu'))

  it('is passed by the honest one, with one place too', async () => {
    await selfTest(
      engineOn(() => ({})),
      simd(),
    )
    const tf = tfjs
    await selfTest(createTfjsEngine({ tf, backend: 'cpu', transposeExplicitly: true, policyShape, tasks: 1 }), simd())
  })

  it.each(broken)('refuses it where %s', async (_, change) => {
    await expect(selfTest(engineOn(change), simd())).rejects.toThrow(EngineSelfTestError)
  })
})
