/**
 * The TRPO update on TensorFlow.js's WebAssembly backend, one thread: the analytic formulas of the SIMD learner in
 * tfjs operations. Its matMul is slow on transposed operands, so transposes are explicit.
 */
import * as tf from '@tensorflow/tfjs'
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import { fileURLToPath } from 'node:url'
import { networkTensors, meanShape, parameterCount, type NetworkShape } from '../src/core/nn/policy.ts'
import { criticShape } from '../src/core/nn/critic.ts'
import type { UpdateProblem } from './trpo-update.ts'

type Matrix = tf.Tensor2D

export async function startTfjsWasm(): Promise<void> {
  setWasmPaths(fileURLToPath(new URL('../node_modules/@tensorflow/tfjs-backend-wasm/dist/', import.meta.url)))
  setThreadsCount(1)
  if (!(await tf.setBackend('wasm'))) throw new Error('The WebAssembly backend of tfjs does not start here.')
}

const transposed = (x: Matrix) => tf.transpose(x)
/** x (1 - h^2) */
const throughTanh = (x: tf.Tensor, h: Matrix) => tf.mul(x, tf.sub(1, tf.square(h))) as Matrix

/** Kernels and biases in the order of `networkTensors`. */
function unflatten(shape: NetworkShape, parameters: Float32Array): tf.Tensor[] {
  return networkTensors(shape).map(({ offset, size, shape: dims }) =>
    tf.tensor(parameters.subarray(offset, offset + size), [...dims]),
  )
}

interface Pass {
  /** Inputs, then the activations of each layer. */
  readonly layers: Matrix[]
  readonly outputs: Matrix
}

function forward(parameters: tf.Tensor[], inputs: Matrix): Pass {
  const layers = [inputs]
  const head = parameters.length - 2
  for (let i = 0; i < head; i += 2) {
    layers.push(tf.tanh(tf.add(tf.matMul(layers.at(-1)!, parameters[i] as Matrix), parameters[i + 1]!)))
  }
  const outputs = tf.add(tf.matMul(layers.at(-1)!, transposed(parameters[head] as Matrix)), parameters[head + 1]!)
  return { layers, outputs: outputs as Matrix }
}

function backward(parameters: tf.Tensor[], { layers }: Pass, errors: Matrix): tf.Tensor[] {
  const head = parameters.length - 2
  const gradients = new Array<tf.Tensor>(parameters.length)
  gradients[head] = tf.matMul(transposed(errors), layers.at(-1)!)
  gradients[head + 1] = tf.sum(errors, 0)
  let delta = throughTanh(tf.matMul(errors, parameters[head] as Matrix), layers.at(-1)!)
  for (let i = head - 2; i >= 0; i -= 2) {
    const below = layers[i / 2]!
    gradients[i] = tf.matMul(transposed(below), delta)
    gradients[i + 1] = tf.sum(delta, 0)
    if (i > 0) delta = throughTanh(tf.matMul(delta, transposed(parameters[i] as Matrix)), below)
  }
  return gradients
}

function tangent(parameters: tf.Tensor[], direction: tf.Tensor[], { layers }: Pass): Matrix {
  const head = parameters.length - 2
  let t: Matrix | undefined
  for (let i = 0; i < head; i += 2) {
    const straight = tf.add(tf.matMul(layers[i / 2]!, direction[i] as Matrix), direction[i + 1]!)
    const sum = t ? tf.add(straight, tf.matMul(t, parameters[i] as Matrix)) : straight
    t = throughTanh(sum, layers[i / 2 + 1]!)
  }
  const straight = tf.matMul(layers.at(-1)!, transposed(direction[head] as Matrix))
  const through = tf.matMul(t!, transposed(parameters[head] as Matrix))
  return tf.add(tf.add(straight, direction[head + 1]!), through)
}

function flatten(tensors: tf.Tensor[], length: number): Float32Array {
  const flat = new Float32Array(length)
  let offset = 0
  for (const tensor of tensors) {
    flat.set(tensor.dataSync(), offset)
    offset += tensor.size
  }
  return flat
}

export function createTfjsUpdate(problem: UpdateProblem) {
  const { policy, rows, theta, batch, weights, targets, critics } = problem
  const shape = meanShape(policy)
  const count = parameterCount(shape)
  const logStd = tf.tensor1d(theta.subarray(count))
  const inverseVariance = tf.exp(tf.mul(-2, logStd))
  const parameters = unflatten(shape, theta)
  const inputs = tf.tensor2d(batch.observations.slice(0, rows * policy.observationSize), [rows, policy.observationSize])
  const actions = tf.tensor2d(batch.actions, [rows, policy.actionSize])
  const logProbs = tf.tensor1d(batch.logProbs)
  const weightsTensor = tf.tensor1d(weights)
  const targetTensors = targets.map((values) => tf.tensor1d(values))
  const old = forward(parameters, inputs)

  const ratiosOf = (means: Matrix) => {
    const z = tf.mul(tf.sub(actions, means), tf.exp(tf.neg(logStd)))
    const density = tf.neg(tf.add(tf.mul(0.5, tf.square(z)), tf.add(logStd, 0.5 * Math.log(2 * Math.PI))))
    return { z, ratios: tf.exp(tf.sub(tf.sum(density, 1), logProbs)) }
  }

  return {
    surrogateGradient(): Float32Array {
      return tf.tidy(() => {
        const pass = forward(parameters, inputs)
        const { z, ratios } = ratiosOf(pass.outputs)
        const share = tf.reshape(tf.div(tf.mul(ratios, weightsTensor), rows), [rows, 1])
        const errors = tf.mul(tf.mul(share, z), tf.exp(tf.neg(logStd))) as Matrix
        const logStdGradient = tf.sum(tf.mul(share, tf.sub(tf.square(z), 1)), 0)
        return flatten([...backward(parameters, pass, errors), logStdGradient], theta.length)
      })
    },

    fisherProduct(v: Float32Array): Float32Array {
      return tf.tidy(() => {
        const outputs = tangent(parameters, unflatten(shape, v), old)
        const errors = tf.mul(outputs, tf.div(inverseVariance, rows)) as Matrix
        const logStdProduct = tf.tensor1d(v.slice(count).map((value) => 2 * value))
        return flatten([...backward(parameters, old, errors), logStdProduct], theta.length)
      })
    },

    /** The log standard deviations stay: their part costs nothing. */
    evaluatePolicy(candidate: Float32Array): { kl: number; surrogate: number } {
      return tf.tidy(() => {
        const { outputs } = forward(unflatten(shape, candidate), inputs)
        const distance = tf.mul(tf.square(tf.sub(old.outputs, outputs)), tf.mul(0.5, inverseVariance))
        const kl = tf.mean(tf.sum(distance, 1)).dataSync()[0]!
        return { kl, surrogate: tf.mean(tf.mul(ratiosOf(outputs).ratios, weightsTensor)).dataSync()[0]! }
      })
    },

    fitCritics(order: Int32Array): void {
      const { minibatch, learningRate, l2, maxGradientNorm } = problem.criticSettings
      const optimisers = critics.map((critic) => ({
        adam: tf.train.adam(learningRate),
        variables: unflatten(criticShape(policy), critic.parameters).map((tensor) => tf.variable(tensor)),
      }))
      for (let from = 0; from < rows; from += minibatch) {
        tf.tidy(() => {
          const indices = tf.tensor1d(order.subarray(from, from + minibatch), 'int32')
          const sample = tf.gather(inputs, indices)
          optimisers.forEach(({ adam, variables }, i) => {
            const pass = forward(variables, sample)
            const wanted = tf.reshape(tf.gather(targetTensors[i]!, indices), [indices.size, 1])
            const errors = tf.mul(tf.sub(pass.outputs, wanted), 2 / indices.size) as Matrix
            const gradients = backward(variables, pass, errors).map((gradient, k) =>
              tf.add(gradient, tf.mul(2 * l2, variables[k]!)),
            )
            const norm = tf.sqrt(tf.addN(gradients.map((gradient) => tf.sum(tf.square(gradient)))))
            const scale = tf.minimum(1, tf.div(maxGradientNorm, tf.add(norm, 1e-6)))
            adam.applyGradients(
              Object.fromEntries(variables.map(({ name }, k) => [name, tf.mul(gradients[k]!, scale)])),
            )
          })
        })
      }
      for (const { adam, variables } of optimisers) {
        adam.dispose()
        tf.dispose(variables)
      }
    },
  }
}
