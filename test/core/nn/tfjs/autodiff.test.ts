/** Automatic differentiation of tfjs, which the engine never uses, as the oracle of its gradients for several tasks. */
import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { meanShape, networkTensors, parameterCount } from '../../../../src/core/nn/policy.ts'
import { createTfjsEngine } from '../../../../src/core/nn/tfjs/engine.ts'
import { shapes } from '../engine.ts'
import { relativeError } from '../reference.ts'
import { backends, startBackend } from './backends.ts'
import { requestsOf, taskProblems, type TaskProblem } from './problem.ts'

/** Both sides compute in float32. */
const TOLERANCE = 2e-5
const policyShape = shapes['12-16-24-8-3']!

/** mean_t ratio_t weights_t as a function of the policy. */
function surrogateOf({ batch, rows, weights }: TaskProblem) {
  const network = meanShape(policyShape)
  const observations = tf.tensor2d(batch.observations, [rows, policyShape.observationSize])
  const actions = tf.tensor2d(batch.actions, [rows, policyShape.actionSize])
  return (theta: tf.Tensor): tf.Scalar => {
    const flat = theta as tf.Tensor1D
    const tensors = networkTensors(network).map(({ offset, size, shape }) =>
      tf.reshape<tf.Rank.R2>(tf.slice(flat, offset, size), [...shape] as [number, number]),
    )
    let h = observations
    for (let l = 0; l < network.hidden.length; l++) {
      h = tf.tanh(tf.add(tf.matMul(h, tensors[2 * l]!), tensors[2 * l + 1]!))
    }
    const means = tf.add(tf.matMul(h, tensors.at(-2)!, false, true), tensors.at(-1)!)
    const logStd = tf.slice1d(flat, parameterCount(network), policyShape.actionSize)
    const z = tf.div(tf.sub(actions, means), tf.exp(logStd))
    const density = tf.neg(tf.add(tf.mul(0.5, tf.square(z)), tf.add(logStd, 0.5 * Math.log(2 * Math.PI))))
    const ratios = tf.exp(tf.sub(tf.sum(density, 1), batch.logProbs))
    return tf.mean(tf.mul(ratios, weights))
  }
}

test.each(backends)('$backend, transposing explicitly: $transposeExplicitly', async (chosen) => {
  const tasks = taskProblems(policyShape, [65, 40], 9)
  const backend = await startBackend(chosen)
  const learner = createTfjsEngine({ ...backend, policyShape, tasks: 2 })
  await learner.bind(requestsOf(tasks, ({ batch, theta }) => [batch, theta, 1]))
  const gradients = await learner.surrogateGradient(requestsOf(tasks, ({ nearby, weights }) => [nearby, weights]))
  for (const task of tasks) {
    const expected = tf.tidy(() => tf.grad(surrogateOf(task))(tf.tensor1d(task.nearby)))
    expect(relativeError(gradients[task.place]!, await expected.data())).toBeLessThan(TOLERANCE)
    expected.dispose()
  }
  learner.dispose()
})
