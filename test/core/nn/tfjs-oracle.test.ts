/** An independent implementation of the derivatives: TensorFlow.js's automatic differentiation, on its CPU backend. */
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, test } from 'vitest'
import { createCritic, criticShape } from '../../../src/core/nn/critic.ts'
import { meanShape, networkTensors, parameterCount, type NetworkShape } from '../../../src/core/nn/policy.ts'
import { randomProblem, shapes } from './engine.ts'
import { relativeError } from './reference.ts'

/** Both sides compute in float32. */
const TOLERANCE = 2e-5

beforeAll(() => tf.setBackend('cpu'))

/** The MLP as a differentiable function of its flat parameters. */
function mlp(shape: NetworkShape, parameters: tf.Tensor1D, observations: tf.Tensor2D): tf.Tensor2D {
  const tensors = networkTensors(shape).map(({ offset, size, shape: dims }) =>
    tf.reshape(tf.slice(parameters, offset, size), [...dims]),
  )
  let h: tf.Tensor2D = observations
  shape.hidden.forEach((_, l) => {
    h = tf.tanh(tf.add(tf.matMul(h, tensors[2 * l] as tf.Tensor2D), tensors[2 * l + 1]!))
  })
  const [kernel, bias] = tensors.slice(-2)
  return tf.add(tf.matMul(h, kernel as tf.Tensor2D, false, true), bias!)
}

describe.each(Object.entries(shapes))('%s', (_name, shape) => {
  const rows = 65
  const { engine, batch, theta, nearby, weights, v, normals, random } = randomProblem(shape, rows, 11)
  const network = meanShape(shape)
  const count = parameterCount(network)
  const observations = tf.tensor2d(batch.observations, [rows, shape.observationSize])

  const surrogate = (flat: tf.Tensor) => {
    const logStd = tf.slice1d(flat as tf.Tensor1D, count, shape.actionSize)
    const actions = tf.tensor2d(batch.actions, [rows, shape.actionSize])
    const z = tf.div(tf.sub(actions, mlp(network, flat as tf.Tensor1D, observations)), tf.exp(logStd))
    const density = tf.neg(tf.add(tf.mul(0.5, tf.square(z)), tf.add(logStd, 0.5 * Math.log(2 * Math.PI))))
    const ratio = tf.exp(tf.sub(tf.sum(density, 1), batch.logProbs))
    return tf.mean(tf.mul(ratio, weights)) as tf.Scalar
  }
  // Never tf.grad(tf.grad()): it is wrong for tanh (tfjs issue 3252). In float32 the difference is good to 1e-3.
  const slopeOfGradient = (f: (flat: tf.Tensor) => tf.Scalar, at: Float32Array, epsilon: number) => {
    const gradientAt = (sign: number) =>
      tf
        .grad(f)(tf.tensor1d(at.map((value, i) => value + sign * epsilon * v[i]!)))
        .dataSync()
    const ahead = gradientAt(1)
    const behind = gradientAt(-1)
    return ahead.map((value, i) => (value - behind[i]!) / (2 * epsilon))
  }

  test('surrogate gradient', () => {
    engine.bind(batch, theta, 1)
    expect(
      relativeError(engine.surrogateGradient(nearby, weights), tf.grad(surrogate)(tf.tensor1d(nearby)).dataSync()),
    ).toBeLessThan(TOLERANCE)
  })

  test('surrogate Hessian product, as the slope of the gradient along v', () => {
    engine.bind(batch, theta, 1)
    expect(
      relativeError(engine.surrogateHessianProduct(nearby, weights, v), slopeOfGradient(surrogate, nearby, 2e-4)),
    ).toBeLessThan(2e-3)
  })

  test('Fisher product, as the slope of the KL gradient along v', () => {
    const before = mlp(network, tf.tensor1d(theta), observations)
    const oldVariance = tf.exp(tf.mul(2, tf.slice1d(tf.tensor1d(theta), count, shape.actionSize)))
    const divergence = (flat: tf.Tensor) => {
      const logStd = tf.slice1d(flat as tf.Tensor1D, count, shape.actionSize)
      const distance = tf.square(tf.sub(before, mlp(network, flat as tf.Tensor1D, observations)))
      const variance = tf.exp(tf.mul(2, logStd))
      const rowsKl = tf.add(logStd, tf.div(tf.add(oldVariance, distance), tf.mul(2, variance)))
      return tf.mean(tf.sum(rowsKl, 1)) as tf.Scalar
    }
    engine.bind(batch, theta, 1)
    expect(relativeError(engine.fisherProduct(v), slopeOfGradient(divergence, theta, 2e-3))).toBeLessThan(2e-3)
  })

  test('critic gradient, as the first step of Adam sees it', () => {
    const critic = createCritic(shape, random)
    const targets = normals(rows, 1)
    const start = critic.parameters.slice()
    const l2 = 0.01
    const loss = (flat: tf.Tensor) => {
      const values = tf.reshape(mlp(criticShape(shape), flat as tf.Tensor1D, observations), [rows])
      const penalty = tf.mul(l2, tf.sum(tf.square(flat)))
      return tf.add(tf.mean(tf.square(tf.sub(values, targets))), penalty) as tf.Scalar
    }
    const gradient = tf.grad(loss)(tf.tensor1d(start)).dataSync()
    const every = [Int32Array.from({ length: rows }, (_, i) => i)]
    const settings = { minibatch: rows, learningRate: 1e-3, l2, maxGradientNorm: 1e9 }
    engine.fitCritics(batch, [{ critic, targets }], every, settings)
    // After one step the first moment is (1 - beta1) g.
    expect(
      relativeError(
        critic.firstMoment.map((m) => 10 * m),
        gradient,
      ),
    ).toBeLessThan(TOLERANCE)
  })

  test('values', () => {
    const critic = createCritic(shape, random)
    const expected = mlp(criticShape(shape), tf.tensor1d(critic.parameters), observations).dataSync()
    expect(relativeError(engine.values(critic.parameters, batch.observations, rows), expected)).toBeLessThan(TOLERANCE)
  })
})
