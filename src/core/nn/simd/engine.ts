import type { Batch } from '../../rl/batch.ts'
import { expectAtLeast, expectBindable, expectFits, expectLength, expectRows } from '../checks.ts'
import { criticShape } from '../critic.ts'
import { spreadOf, type Spread } from '../gaussian.ts'
import type { CriticFit, CriticFitSettings, Learner, PolicyEvaluation, PolicyForward } from '../learner.ts'
import { logStdOf, meanShape, parameterCount, policyParameterCount, type PolicyShape } from '../policy.ts'
import { BatchAllocator } from './batches.ts'
import { expectShape } from './checks.ts'
import { fitCritics } from './critics.ts'
import { createHessianPass } from './hessian.ts'
import { instantiateKernels, kernelVariant, multiplyAddMode } from './kernels.ts'
import { createKernelMemory, storePadded } from './memory.ts'
import { BLOCK_ROWS, createNetworkPasses, type Block } from './network.ts'
import { allocateEngine } from './regions.ts'
import { addSurrogateErrors, addSurrogateErrorTangents, addSurrogates, sumKl } from './surrogate.ts'

export interface SimdEngineOptions {
  /** resources/kernels/relaxed.wasm or portable.wasm, compiled. */
  readonly module: WebAssembly.Module
  readonly policyShape: PolicyShape
  /** Rows of all batches together. */
  readonly capacity: number
  /** Episodes, and so bootstrap observations, of all batches together. */
  readonly episodes: number
}

/** The SIMD learner: synchronous, in one memory of fixed size. A worker needs one. */
export interface SimdEngine extends PolicyForward, Learner {
  /** Whether this processor rounds the kernels' multiply-add once or twice. */
  readonly multiplyAdd: 'fused' | 'unfused'
  /** Bytes of kernel memory. */
  readonly memoryBytes: number
  /** Takes back the rows of all batches made so far; they must not be used any more. */
  releaseBatches(): void
  bind(batch: Batch, theta: Float32Array, fisherStride: number): void
  surrogateGradient(theta: Float32Array, weights: Float32Array): Float32Array
  surrogateHessianProduct(theta: Float32Array, weights: Float32Array, v: Float32Array): Float32Array
  fisherProduct(v: Float32Array): Float32Array
  evaluatePolicy(theta: Float32Array, weights: readonly Float32Array[]): PolicyEvaluation
  values(critic: Float32Array, observations: Float32Array, count: number): Float32Array
  fitCritics(batch: Batch, fits: readonly CriticFit[], epochs: readonly Int32Array[], settings: CriticFitSettings): void
}

/** The batch and old policy of the update in progress. */
interface Binding {
  readonly batch: Batch
  readonly rows: number
  readonly theta: Float32Array
  readonly old: Spread
  readonly fisherRows: number
  /** Addresses of the Fisher product's observations and activations. */
  readonly fisherInputs: number
  readonly fisherActivations: readonly number[]
}

export function createSimdEngine(options: SimdEngineOptions): SimdEngine {
  const { policyShape, capacity, episodes } = options
  const { observationSize, hidden, actionSize } = policyShape
  expectShape(policyShape)
  const { memory, regions } = createKernelMemory((allocate) =>
    allocateEngine(policyShape, capacity, episodes, allocate),
  )
  const kernels = instantiateKernels(options.module, memory)
  const meanNetwork = createNetworkPasses(kernels, meanShape(policyShape), regions.scratch)
  const meanHessian = createHessianPass(kernels, meanShape(policyShape), regions.scratch, regions.hessian)
  const valueShape = criticShape(policyShape)
  const valueNetwork = createNetworkPasses(kernels, valueShape, regions.scratch)
  const batches = new BatchAllocator(policyShape, capacity, episodes, regions.batches)

  const meanCount = parameterCount(meanShape(policyShape))
  const thetaCount = policyParameterCount(policyShape)
  const blockActivations = regions.block.activations.map((region) => region.pointer)
  const cachedActivations = regions.cached.activations.map((region) => region.pointer)
  const blockMeans = regions.block.means
  const blockErrors = regions.block.errors
  let bound: Binding | undefined

  const expectBound = (): Binding => {
    if (!bound) throw new Error('The SIMD engine has no batch: call bind first.')
    return bound
  }
  const addressOf = (floats: Float32Array): number => {
    if (floats.buffer === memory.buffer) return floats.byteOffset
    throw new Error("The batch is not in this SIMD engine's memory: create it with the engine's createBatch.")
  }
  /** Rows [from, ...) of observations at `inputs`, with the buffers of one block for the activations. */
  const transientBlock = (inputs: number, from: number, rows: number): Block => ({
    rows,
    inputs: inputs + 4 * from * observationSize,
    activations: blockActivations,
  })
  /** The same with activations that were kept for all rows. */
  const keptBlock = (inputs: number, activations: readonly number[], from: number, rows: number): Block => ({
    rows,
    inputs: inputs + 4 * from * observationSize,
    activations: activations.map((pointer, l) => pointer + 4 * from * hidden[l]!),
  })
  /** Readies the passes of policy `theta` over the bound rows; those of the old policy are forward already. */
  const preparePolicy = ({ batch, theta: oldTheta }: Binding, theta: Float32Array) => {
    const inputs = addressOf(batch.observations)
    const atOld = theta.every((value, i) => value === oldTheta[i])
    const { pointer: parameters } = atOld ? regions.old : regions.candidate
    if (!atOld) storePadded(theta, regions.candidate)
    meanNetwork.prepareBackward(parameters)
    const forward = (from: number, count: number): { block: Block; means: Float32Array } => {
      if (atOld) {
        const means = regions.cached.means.floats.subarray(from * actionSize)
        return { block: keptBlock(inputs, cachedActivations, from, count), means }
      }
      const block = transientBlock(inputs, from, count)
      meanNetwork.forward(parameters, block, blockMeans.pointer)
      return { block, means: blockMeans.floats }
    }
    return { parameters, forward }
  }

  return {
    policyShape,
    name: `simd/${kernelVariant(kernels)}`,
    multiplyAdd: multiplyAddMode(kernels),
    memoryBytes: memory.buffer.byteLength,

    createBatch: (rows, ofEpisodes) => batches.create(rows, ofEpisodes),

    releaseBatches() {
      batches.release()
      bound = undefined
    },

    loadPolicy(theta) {
      expectLength('theta', theta, thetaCount)
      storePadded(theta, regions.behaviour)
    },

    forwardPolicy(batch, from, count) {
      const inputs = addressOf(batch.observations)
      const means = addressOf(batch.means)
      expectRows(from + count, batch.capacity)
      forEachBlock(count, (at, rows) => {
        const block = transientBlock(inputs, from + at, rows)
        meanNetwork.forward(regions.behaviour.pointer, block, means + 4 * (from + at) * actionSize)
      })
    },

    bind(batch, theta, fisherStride) {
      expectLength('theta', theta, thetaCount)
      expectBindable(batch, fisherStride)
      const inputs = addressOf(batch.observations)
      const rows = batch.size
      storePadded(theta, regions.old)
      forEachBlock(rows, (from, count) => {
        const block = keptBlock(inputs, cachedActivations, from, count)
        meanNetwork.forward(regions.old.pointer, block, regions.cached.means.pointer + 4 * from * actionSize)
      })
      const common = { batch, rows, theta: theta.slice(), old: spreadOf(logStdOf(policyShape, theta)) }
      if (fisherStride === 1) {
        bound = { ...common, fisherRows: rows, fisherInputs: inputs, fisherActivations: cachedActivations }
        return
      }
      const fisherRows = Math.ceil(rows / fisherStride)
      const { observations, activations } = regions.fisher
      kernels.strideRows(fisherRows, observationSize, fisherStride, inputs, observations.pointer)
      activations.forEach(({ pointer }, l) => {
        kernels.strideRows(fisherRows, hidden[l]!, fisherStride, cachedActivations[l]!, pointer)
      })
      const fisherActivations = activations.map((region) => region.pointer)
      bound = { ...common, fisherRows, fisherInputs: observations.pointer, fisherActivations }
    },

    surrogateGradient(theta, weights) {
      const binding = expectBound()
      const { batch, rows } = binding
      expectLength('theta', theta, thetaCount)
      expectAtLeast('weights', weights, rows)
      const spread = spreadOf(logStdOf(policyShape, theta))
      const logStdGradient = new Float64Array(actionSize)
      const gradient = regions.product
      gradient.floats.fill(0)
      const { parameters, forward } = preparePolicy(binding, theta)
      forEachBlock(rows, (from, count) => {
        const { block, means } = forward(from, count)
        const range = { from, count, rows }
        addSurrogateErrors(batch, range, spread, means, weights, blockErrors.floats, logStdGradient)
        meanNetwork.backward(parameters, block, blockErrors.pointer, gradient.pointer)
      })
      const result = gradient.floats.slice(0, thetaCount)
      logStdOf(policyShape, result).set(logStdGradient)
      return result
    },

    surrogateHessianProduct(theta, weights, v) {
      const binding = expectBound()
      const { batch, rows } = binding
      expectLength('theta', theta, thetaCount)
      expectAtLeast('weights', weights, rows)
      expectLength('v', v, thetaCount)
      const { direction, product } = regions
      const { meanTangents, errorTangents } = regions.block
      const spread = spreadOf(logStdOf(policyShape, theta))
      const tangent = { means: meanTangents.floats, logStd: logStdOf(policyShape, v) }
      const logStdProduct = new Float64Array(actionSize)
      storePadded(v, direction)
      product.floats.fill(0)
      const { parameters, forward } = preparePolicy(binding, theta)
      meanHessian.prepare(direction.pointer)
      forEachBlock(rows, (from, count) => {
        const { block, means } = forward(from, count)
        meanNetwork.tangent(parameters, direction.pointer, block, meanTangents.pointer)
        const range = { from, count, rows }
        const values = { errors: blockErrors.floats, tangents: errorTangents.floats }
        addSurrogateErrorTangents(batch, range, spread, means, weights, tangent, values, logStdProduct)
        const addresses = { errors: blockErrors.pointer, tangents: errorTangents.pointer }
        meanHessian.backward(parameters, direction.pointer, block, addresses, product.pointer)
      })
      const result = product.floats.slice(0, thetaCount)
      logStdOf(policyShape, result).set(logStdProduct)
      return result
    },

    fisherProduct(v) {
      const { fisherRows, fisherInputs, fisherActivations, old } = expectBound()
      expectLength('v', v, thetaCount)
      const product = regions.product
      storePadded(v, regions.direction)
      product.floats.fill(0)
      meanNetwork.prepareBackward(regions.old.pointer)
      const precision = old.inverseStd.map((inverse) => (inverse * inverse) / fisherRows)
      forEachBlock(fisherRows, (from, count) => {
        const block = keptBlock(fisherInputs, fisherActivations, from, count)
        meanNetwork.tangent(regions.old.pointer, regions.direction.pointer, block, blockErrors.pointer)
        scaleColumns(blockErrors.floats, count, precision)
        meanNetwork.backward(regions.old.pointer, block, blockErrors.pointer, product.pointer)
      })
      const result = product.floats.slice(0, thetaCount)
      // The second derivative of log s + s0^2 / (2 s^2) in log s at s = s0.
      for (let k = meanCount; k < thetaCount; k++) result[k] = 2 * v[k]!
      return result
    },

    evaluatePolicy(theta, weights) {
      const { batch, rows, old } = expectBound()
      expectLength('theta', theta, thetaCount)
      for (const vector of weights) expectAtLeast('weights', vector, rows)
      const inputs = addressOf(batch.observations)
      const spread = spreadOf(logStdOf(policyShape, theta))
      const surrogates = weights.map(() => 0)
      let kl = 0
      storePadded(theta, regions.candidate)
      forEachBlock(rows, (from, count) => {
        meanNetwork.forward(regions.candidate.pointer, transientBlock(inputs, from, count), blockMeans.pointer)
        addSurrogates(batch, { from, count, rows }, spread, blockMeans.floats, weights, surrogates)
        const oldMeans = regions.cached.means.floats.subarray(from * actionSize)
        kl += sumKl(count, old, oldMeans, spread, blockMeans.floats)
      })
      return { kl: kl / rows, surrogates }
    },

    values(critic, observations, count) {
      expectLength('critic', critic, parameterCount(valueShape))
      expectAtLeast('observations', observations, count * observationSize)
      const { slots, inputs, values } = regions.critics
      const parameters = slots[0]!.parameters
      const result = new Float32Array(count)
      const inMemory = observations.buffer === memory.buffer
      storePadded(critic, parameters)
      forEachBlock(count, (from, rows) => {
        if (!inMemory) {
          inputs.floats.set(observations.subarray(from * observationSize, (from + rows) * observationSize))
        }
        const block = inMemory
          ? transientBlock(observations.byteOffset, from, rows)
          : transientBlock(inputs.pointer, 0, rows)
        valueNetwork.forward(parameters.pointer, block, values.pointer)
        result.set(values.floats.subarray(0, rows), from)
      })
      return result
    },

    fitCritics(batch, fits, epochs, settings) {
      expectFits(batch, fits, epochs, settings, parameterCount(valueShape))
      const observations = addressOf(batch.observations)
      const network = valueNetwork
      const context = { kernels, shape: valueShape, network, regions: regions.critics, observations }
      fitCritics({ ...context, activations: blockActivations }, fits, epochs, settings)
    },
  }
}

function forEachBlock(rows: number, visit: (from: number, count: number) => void): void {
  for (let from = 0; from < rows; from += BLOCK_ROWS) visit(from, Math.min(BLOCK_ROWS, rows - from))
}

function scaleColumns(matrix: Float32Array, rows: number, factors: Float64Array): void {
  const columns = factors.length
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < columns; k++) matrix[i * columns + k]! *= factors[k]!
  }
}
