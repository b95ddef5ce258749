// tfjs's WebAssembly module with a heap that is really full.
import { afterEach, expect, test } from 'vitest'
import { createTfjsEngine } from '../../../../src/core/nn/tfjs/engine.ts'
import { DEFAULT_MAXIMUM_FLOATS, EngineOutOfMemoryError } from '../../../../src/core/nn/tfjs/memory.ts'
import type { LoadedBackend, Tfjs } from '../../../../src/main/trainer/engines/backend.ts'
import { loadWasm } from '../../../../src/main/trainer/engines/wasm.ts'
import { relativeError } from '../../../core/nn/reference.ts'
import { requestsOf, taskProblems } from '../../../core/nn/tfjs/problem.ts'
import { smallWasm } from './small-wasm.ts'

const MIB = 2 ** 20
const policyShape = { observationSize: 8, hidden: [64, 64], actionSize: 2 }

let loaded: LoadedBackend
afterEach(() => loaded.dispose())

/** Tensors of so many MiB until the heap is full, with what happened then. */
function fill(tf: Tfjs, mebibytes: number) {
  const tensors: ReturnType<Tfjs['zeros']>[] = []
  try {
    for (;;) tensors.push(tf.fill([(mebibytes * MIB) / 4], 1.5))
  } catch (error) {
    return { tensors, error: error as Error }
  }
}

test('a full heap is an error, and does no harm: what is freed can be used again', async () => {
  loaded = await loadWasm(smallWasm(128 * MIB))
  const { tf } = loaded
  const { tensors, error } = fill(tf, 8)
  expect(tensors.length).toBeGreaterThan(4)
  expect(error.message).toBe('The heap of WebAssembly is out of memory: it has no room for 8388608 bytes')
  for (const tensor of tensors) {
    expect(tf.tidy(() => tf.min(tensor).dataSync()[0])).toBe(1.5)
    tensor.dispose()
  }
  const again = fill(tf, 8)
  expect(again.tensors.length).toBeGreaterThanOrEqual(tensors.length - 1)
  tf.dispose(again.tensors)
  expect(tf.tidy(() => tf.tanh(tf.tensor1d([0, 20])).dataSync())).toEqual(Float32Array.of(0, 1))
})

test('an engine goes on in smaller blocks where the heap has little room', async () => {
  loaded = await loadWasm(smallWasm(48 * MIB))
  const { tf, transposeExplicitly } = loaded
  const tasks = taskProblems(policyShape, [20_000, 18_000], 5)
  const told: number[] = []
  const create = () =>
    createTfjsEngine({
      ...{ tf, backend: 'wasm', transposeExplicitly, policyShape, tasks: 2 },
      onSmallerBlocks: (floats) => void told.push(floats),
    })
  const products = async (learner: ReturnType<typeof create>) => {
    await learner.bind(requestsOf(tasks, ({ batch, theta }) => [batch, theta, 1]))
    return learner.fisherProduct(requestsOf(tasks, ({ v }) => [v]))
  }
  const learner = create()
  const results = await products(learner)
  expect(told.at(-1)).toBeLessThan(DEFAULT_MAXIMUM_FLOATS)
  learner.dispose()
  loaded.dispose()
  loaded = await loadWasm()
  const whole = create()
  const expected = await products(whole)
  results.forEach((result, i) => expect(relativeError(result, expected[i]!)).toBeLessThan(1e-5))
  whole.dispose()
})

test('a module that has ended is left at once, and its engine can be disposed', async () => {
  loaded = await loadWasm(smallWasm(64 * MIB))
  const { tf, transposeExplicitly } = loaded
  const tasks = taskProblems(policyShape, [50, 40], 6)
  const told: number[] = []
  const learner = createTfjsEngine({
    ...{ tf: { ...tf, square: () => exhaust(tf) }, backend: 'wasm', transposeExplicitly, policyShape, tasks: 2 },
    onSmallerBlocks: (floats) => void told.push(floats),
  })
  await learner.bind(requestsOf(tasks, ({ batch, theta }) => [batch, theta, 1]))
  const product = () => learner.fisherProduct(requestsOf(tasks, ({ v }) => [v]))
  await expect(product()).rejects.toThrow('The device of tfjs/wasm ran out of memory: Aborted(). Build with')
  await expect(product()).rejects.toThrow(EngineOutOfMemoryError)
  expect(told).toEqual([])
  learner.dispose()
})

/** Takes all memory past the guard, as the module's own code does, until that code fails. */
function exhaust(tf: Tfjs): never {
  const { wasm } = tf.backend() as unknown as {
    wasm: {
      asm: { malloc(bytes: number): number }
      tfjs: { registerTensor(id: number, size: number, at: number): void }
    }
  }
  for (let bytes = MIB; bytes >= 16; bytes /= 2) while (wasm.asm.malloc(bytes) !== 0);
  for (let id = 1e6; ; id++) wasm.tfjs.registerTensor(id, 1, 16)
}
