/** Engines with random policies and batches for the tests of this folder. */
import { readFileSync } from 'node:fs'
import { initialisePolicy } from '../../../src/core/nn/initialise.ts'
import { logStdOf, meanShape, type PolicyShape } from '../../../src/core/nn/policy.ts'
import { createSimdEngine } from '../../../src/core/nn/simd/engine.ts'
import type { KernelVariant } from '../../../src/core/nn/simd/kernels.ts'
import { stream, type Stream } from '../../../src/core/random/stream.ts'
import type { Batch } from '../../../src/core/rl/batch.ts'
import { outputsOf } from './reference.ts'

export const shapes: Record<string, PolicyShape> = {
  '44-64-64-2': { observationSize: 44, hidden: [64, 64], actionSize: 2 },
  '60-32-2': { observationSize: 60, hidden: [32], actionSize: 2 },
  '12-16-24-8-3': { observationSize: 12, hidden: [16, 24, 8], actionSize: 3 },
}

export function kernelModule(variant: KernelVariant = 'relaxed'): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(`resources/kernels/${variant}.wasm`))
}

/** Fills the whole batch with random observations and with actions of the policy `theta`. */
export function sampleBatch(batch: Batch, policyShape: PolicyShape, theta: Float32Array, random: Stream): void {
  const { observationSize, actionSize } = policyShape
  batch.size = batch.capacity
  for (let i = 0; i < batch.size * observationSize; i++) batch.observations[i] = 0.7 * random.normal()
  const means = outputsOf(meanShape(policyShape), theta, batch.observations, batch.size)
  const logStd = logStdOf(policyShape, theta)
  for (let row = 0; row < batch.size; row++) {
    for (let k = 0; k < actionSize; k++) {
      const z = random.normal()
      batch.actions[row * actionSize + k] = means[row * actionSize + k]! + z * Math.exp(logStd[k]!)
      batch.logProbs[row]! += -0.5 * z * z - logStd[k]! - 0.5 * Math.log(2 * Math.PI)
    }
  }
}

/** An engine with a batch of `rows` transitions of a random policy, and random vectors to feed it. */
export function randomProblem(policyShape: PolicyShape, rows: number, seed: number, variant?: KernelVariant) {
  const random = stream(seed, 'problem')
  const normals = (length: number, scale: number) => new Float32Array(length).map(() => scale * random.normal())
  const engine = createSimdEngine({ module: kernelModule(variant), policyShape, capacity: rows, episodes: 2 })
  const theta = initialisePolicy(policyShape, 0.5, -0.4, random).map((value) => value + 0.05 * random.normal())
  const batch = engine.createBatch(rows, 2)
  sampleBatch(batch, policyShape, theta, random)
  const nearby = theta.map((value) => value + 0.02 * random.normal())
  return { engine, batch, theta, nearby, weights: normals(rows, 1), v: normals(theta.length, 1), random, normals }
}
