/**
 * A program of its own, `check FOLDER KIND`: loads an installed engine and computes with it, so that native code that
 * crashes takes nothing with it. Sends a `CheckOutcome` to who started it.
 */
import { loadBackend } from './backends.ts'
import type { CheckOutcome } from './check-engine.ts'
import { engineOf, hostsFrom, type EngineKind } from './parts.ts'

const [folder, kind] = process.argv.slice(2) as [string, EngineKind]

try {
  const loaded = await loadBackend(engineOf(kind, hostsFrom({})).backend, folder)
  const { tf, device, versions } = loaded
  if (kind === 'gpu' && !(tf.backend() as { isUsingGpuDevice?: boolean }).isUsingGpuDevice) {
    throw new Error('libtensorflow loads, but finds no GPU that it can use')
  }
  const size = 64
  const ramp = Float32Array.from({ length: size * size }, (_, i) => ((i * 7) % 11) / 11 - 0.5)
  const matrix = tf.tensor2d(ramp, [size, size])
  const product = await tf.tanh(tf.matMul(matrix, matrix)).data()
  const error = Math.max(...product.map((value, i) => Math.abs(value - Math.tanh(entry(ramp, size, i)))))
  if (!(error < 1e-4)) throw new Error(`a product of matrices is wrong by ${error}`)
  send({ device, versions })
} catch (error) {
  send({ error: (error as Error).message })
}

function send(outcome: CheckOutcome): void {
  const utility = (process as { parentPort?: { postMessage(outcome: CheckOutcome): void } }).parentPort
  if (utility) utility.postMessage(outcome)
  else process.send!(outcome)
}

/** Entry `i` of the square of a matrix of `size` rows. */
function entry(matrix: Float32Array, size: number, i: number): number {
  let sum = 0
  const row = Math.floor(i / size) * size
  for (let k = 0; k < size; k++) sum += matrix[row + k]! * matrix[k * size + (i % size)]!
  return sum
}
