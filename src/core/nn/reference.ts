/** The learner's mathematics in plain float64, row by row: slow, obvious, and the yardstick of the engines. */
import type { Batch } from '../rl/batch.ts'
import { networkTensors, parameterCount, meanShape } from './policy.ts'
import type { NetworkShape, PolicyShape } from './policy.ts'

type Vector = Float64Array | Float32Array

interface Pass {
  /** Inputs, then the activations of each hidden layer. */
  readonly layers: Float64Array[]
  readonly outputs: Float64Array
}

function forward(shape: NetworkShape, parameters: Vector, inputs: Float64Array): Pass {
  const tensors = networkTensors(shape)
  const layers = [inputs]
  shape.hidden.forEach((width, l) => {
    const kernel = tensors[2 * l]!.offset
    const bias = tensors[2 * l + 1]!.offset
    const below = layers[l]!
    const activations = Float64Array.from(parameters.subarray(bias, bias + width))
    // Along the rows of the kernel, as it lies in memory.
    for (let i = 0; i < below.length; i++) {
      const row = kernel + i * width
      for (let j = 0; j < width; j++) activations[j]! += below[i]! * parameters[row + j]!
    }
    for (let j = 0; j < width; j++) activations[j] = Math.tanh(activations[j]!)
    layers.push(activations)
  })
  const top = layers.at(-1)!
  const [headKernel, headBias] = tensors.slice(-2)
  const outputs = Float64Array.from({ length: shape.outputs }, (_, o) =>
    top.reduce(
      (sum, h, i) => sum + h * parameters[headKernel!.offset + o * top.length + i]!,
      parameters[headBias!.offset + o]!,
    ),
  )
  return { layers, outputs }
}

/** Adds the derivative of sum_o errors_o outputs_o to `gradient`. */
function backward(shape: NetworkShape, parameters: Vector, pass: Pass, errors: Float64Array, gradient: Float64Array) {
  const tensors = networkTensors(shape)
  const depth = shape.hidden.length
  const top = pass.layers[depth]!
  const [headKernel, headBias] = tensors.slice(-2)
  let above = new Float64Array(top.length)
  errors.forEach((error, o) => {
    gradient[headBias!.offset + o]! += error
    for (let i = 0; i < top.length; i++) {
      gradient[headKernel!.offset + o * top.length + i]! += error * top[i]!
      above[i]! += error * parameters[headKernel!.offset + o * top.length + i]!
    }
  })
  for (let l = depth - 1; l >= 0; l--) {
    const below = pass.layers[l]!
    const width = shape.hidden[l]!
    const deltas = above.map((error, j) => error * (1 - pass.layers[l + 1]![j]! ** 2))
    above = new Float64Array(below.length)
    const bias = tensors[2 * l + 1]!.offset
    for (let j = 0; j < width; j++) gradient[bias + j]! += deltas[j]!
    for (let i = 0; i < below.length; i++) {
      const row = tensors[2 * l]!.offset + i * width
      let sum = 0
      for (let j = 0; j < width; j++) {
        gradient[row + j]! += deltas[j]! * below[i]!
        sum += deltas[j]! * parameters[row + j]!
      }
      above[i] = sum
    }
  }
}

/** Derivatives along `direction` of what `forward` returned. */
function tangentOf(shape: NetworkShape, parameters: Vector, direction: Vector, pass: Pass): Pass {
  const tensors = networkTensors(shape)
  const layers = [new Float64Array(shape.inputs)]
  shape.hidden.forEach((width, l) => {
    const kernel = tensors[2 * l]!.offset
    const below = pass.layers[l]!
    const tangents = Float64Array.from({ length: width }, (_, j) => {
      let sum = direction[tensors[2 * l + 1]!.offset + j]!
      for (let i = 0; i < below.length; i++) {
        const at = kernel + i * width + j
        sum += below[i]! * direction[at]! + layers[l]![i]! * parameters[at]!
      }
      return sum * (1 - pass.layers[l + 1]![j]! ** 2)
    })
    layers.push(tangents)
  })
  const top = pass.layers.at(-1)!
  const [headKernel, headBias] = tensors.slice(-2)
  const outputs = Float64Array.from({ length: shape.outputs }, (_, o) => {
    const at = headKernel!.offset + o * top.length
    return top.reduce(
      (sum, h, i) => sum + h * direction[at + i]! + layers.at(-1)![i]! * parameters[at + i]!,
      direction[headBias!.offset + o]!,
    )
  })
  return { layers, outputs }
}

/** Adds the Hessian of sum_o errors_o outputs_o, with constant errors, times `direction` to `product`. */
function addHessianProduct(
  shape: NetworkShape,
  parameters: Vector,
  direction: Vector,
  pass: Pass,
  tangent: Pass,
  errors: Float64Array,
  product: Float64Array,
) {
  const tensors = networkTensors(shape)
  const depth = shape.hidden.length
  const headKernel = tensors.at(-2)!.offset
  let above = new Float64Array(shape.hidden[depth - 1]!)
  let aboveTangent = above.slice()
  errors.forEach((error, o) => {
    for (let i = 0; i < above.length; i++) {
      const at = headKernel + o * above.length + i
      product[at]! += error * tangent.layers[depth]![i]!
      above[i]! += error * parameters[at]!
      aboveTangent[i]! += error * direction[at]!
    }
  })
  for (let l = depth - 1; l >= 0; l--) {
    const [h, dh, x, dx] = [pass.layers[l + 1]!, tangent.layers[l + 1]!, pass.layers[l]!, tangent.layers[l]!]
    const delta = above.map((error, j) => error * (1 - h[j]! ** 2))
    const deltaTangent = aboveTangent.map((error, j) => error * (1 - h[j]! ** 2) - 2 * above[j]! * h[j]! * dh[j]!)
    above = new Float64Array(x.length)
    aboveTangent = new Float64Array(x.length)
    for (let j = 0; j < h.length; j++) {
      product[tensors[2 * l + 1]!.offset + j]! += deltaTangent[j]!
      for (let i = 0; i < x.length; i++) {
        const at = tensors[2 * l]!.offset + i * h.length + j
        product[at]! += deltaTangent[j]! * x[i]! + delta[j]! * dx[i]!
        above[i]! += delta[j]! * parameters[at]!
        aboveTangent[i]! += deltaTangent[j]! * parameters[at]! + delta[j]! * direction[at]!
      }
    }
  }
}

const rowOf = (matrix: Vector, row: number, width: number) =>
  Float64Array.from(matrix.subarray(row * width, (row + 1) * width))

export function outputsOf(shape: NetworkShape, parameters: Vector, observations: Vector, rows: number): Float64Array {
  const outputs = new Float64Array(rows * shape.outputs)
  for (let row = 0; row < rows; row++) {
    outputs.set(forward(shape, parameters, rowOf(observations, row, shape.inputs)).outputs, row * shape.outputs)
  }
  return outputs
}

const HALF_LOG_2_PI = 0.5 * Math.log(2 * Math.PI)

interface ValueAndGradient {
  readonly value: number
  readonly gradient: Float64Array
}

/** mean_t exp(log pi_theta(a_t|s_t) - logProbs_t) weights_t */
export function surrogate(policy: PolicyShape, theta: Vector, batch: Batch, weights: Vector): ValueAndGradient {
  const shape = meanShape(policy)
  const gradient = new Float64Array(theta.length)
  const logStd = theta.subarray(parameterCount(shape))
  let value = 0
  for (let row = 0; row < batch.size; row++) {
    const pass = forward(shape, theta, rowOf(batch.observations, row, shape.inputs))
    const z = pass.outputs.map((mean, k) => (batch.actions[row * policy.actionSize + k]! - mean) / Math.exp(logStd[k]!))
    const logProb = z.reduce((sum, zk, k) => sum - 0.5 * zk * zk - logStd[k]! - HALF_LOG_2_PI, 0)
    const share = (Math.exp(logProb - batch.logProbs[row]!) * weights[row]!) / batch.size
    value += share
    z.forEach((zk, k) => (gradient[parameterCount(shape) + k]! += share * (zk * zk - 1)))
    const errors = z.map((zk, k) => (share * zk) / Math.exp(logStd[k]!))
    backward(shape, theta, pass, errors, gradient)
  }
  return { value, gradient }
}

/**
 * Hessian of the surrogate times v, row by row as ratio (score score' + Hessian of log pi), of which the second is the
 * means' Gauss-Newton part, the network's own curvature and the log standard deviations' part.
 */
export function surrogateHessianProduct(
  policy: PolicyShape,
  theta: Vector,
  batch: Batch,
  weights: Vector,
  v: Vector,
): Float64Array {
  const shape = meanShape(policy)
  const at = parameterCount(shape)
  const product = new Float64Array(theta.length)
  const std = Float64Array.from(theta.subarray(at), Math.exp)
  for (let row = 0; row < batch.size; row++) {
    const pass = forward(shape, theta, rowOf(batch.observations, row, shape.inputs))
    const tangent = tangentOf(shape, theta, v, pass)
    const z = pass.outputs.map((mean, k) => (batch.actions[row * policy.actionSize + k]! - mean) / std[k]!)
    const logProb = z.reduce((sum, zk, k) => sum - 0.5 * zk * zk - Math.log(std[k]!) - HALF_LOG_2_PI, 0)
    const share = (Math.exp(logProb - batch.logProbs[row]!) * weights[row]!) / batch.size

    const score = new Float64Array(theta.length)
    const meanScore = z.map((zk, k) => zk / std[k]!)
    backward(shape, theta, pass, meanScore, score)
    z.forEach((zk, k) => (score[at + k] = zk * zk - 1))
    const along = score.reduce((sum, s, i) => sum + s * v[i]!, 0)

    const curvature = new Float64Array(theta.length)
    const meanScoreTangent = z.map((zk, k) => -(tangent.outputs[k]! / std[k]! + 2 * zk * v[at + k]!) / std[k]!)
    backward(shape, theta, pass, meanScoreTangent, curvature)
    addHessianProduct(shape, theta, v, pass, tangent, meanScore, curvature)
    z.forEach((zk, k) => (curvature[at + k] = -2 * zk * (tangent.outputs[k]! / std[k]! + zk * v[at + k]!)))

    for (let i = 0; i < product.length; i++) product[i]! += share * (along * score[i]! + curvature[i]!)
  }
  return product
}

/** mean over rows 0, stride, ... of KL(old || theta) */
export function kl(policy: PolicyShape, old: Vector, theta: Vector, batch: Batch, stride = 1): ValueAndGradient {
  const shape = meanShape(policy)
  const at = parameterCount(shape)
  const gradient = new Float64Array(theta.length)
  const rows = Math.ceil(batch.size / stride)
  let value = 0
  for (let row = 0; row < batch.size; row += stride) {
    const observation = rowOf(batch.observations, row, shape.inputs)
    const before = forward(shape, old, observation).outputs
    const pass = forward(shape, theta, observation)
    const errors = pass.outputs.map((mean, k) => {
      const variance = Math.exp(2 * theta[at + k]!)
      const second = Math.exp(2 * old[at + k]!) + (before[k]! - mean) ** 2
      value += (theta[at + k]! - old[at + k]! + (0.5 * second) / variance - 0.5) / rows
      gradient[at + k]! += (1 - second / variance) / rows
      return (mean - before[k]!) / variance / rows
    })
    backward(shape, theta, pass, errors, gradient)
  }
  return { value, gradient }
}

/** Hessian of the mean KL at the old policy times v, by central differences of its gradient. */
export function klHessianProduct(policy: PolicyShape, old: Float32Array, v: Vector, batch: Batch, stride: number) {
  const epsilon = 1e-5 / norm(v)
  const moved = (sign: number) => Float64Array.from(old, (value, i) => value + sign * epsilon * v[i]!)
  const ahead = kl(policy, old, moved(1), batch, stride).gradient
  const behind = kl(policy, old, moved(-1), batch, stride).gradient
  return ahead.map((value, i) => (value - behind[i]!) / (2 * epsilon))
}

/** Mean squared error over some rows plus l2 |parameters|^2 */
export function criticLoss(
  shape: NetworkShape,
  parameters: Vector,
  batch: Batch,
  targets: Vector,
  rows: ArrayLike<number>,
  l2: number,
): ValueAndGradient {
  const gradient = Float64Array.from(parameters, (value) => 2 * l2 * value)
  let value = l2 * norm(parameters) ** 2
  for (const row of Array.from(rows)) {
    const pass = forward(shape, parameters, rowOf(batch.observations, row, shape.inputs))
    const error = pass.outputs[0]! - targets[row]!
    value += (error * error) / rows.length
    backward(shape, parameters, pass, Float64Array.of((2 * error) / rows.length), gradient)
  }
  return { value, gradient }
}

export function norm(v: ArrayLike<number>): number {
  return Math.sqrt(Array.from(v).reduce((sum, x) => sum + x * x, 0))
}

/** |actual - expected| / |expected| */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  return norm(Array.from(expected, (value, i) => value - actual[i]!)) / norm(expected)
}
