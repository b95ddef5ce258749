// What a task's numbers depend on: on its own data alone, to the bit, whichever tasks are computed with it.
import { beforeAll, describe, expect, test } from 'vitest'
import type { BatchedLearner } from '../../../../src/core/nn/batched-learner.ts'
import { createCritic } from '../../../../src/core/nn/critic.ts'
import type { TfjsBackend } from '../../../../src/core/nn/tfjs/backend.ts'
import { createTfjsEngine } from '../../../../src/core/nn/tfjs/engine.ts'
import { stream } from '../../../../src/core/random/stream.ts'
import { shapes } from '../engine.ts'
import { sameBits } from '../reference.ts'
import { backends, startBackend } from './backends.ts'
import { requestsOf, taskProblems, type TaskProblem } from './problem.ts'

const ROWS = [97, 60, 130, 5]
/** The last beside all that are shorter. */
const GROUPS = [[0], [1], [2], [3], [0, 1], [1, 2], [3, 1], [0, 2, 3], [0, 1, 2, 3]]
const settings = { minibatch: 16, learningRate: 1e-3, l2: 1e-3, maxGradientNorm: 1 }

// As they are run: stacks of matrices on wasm take another path than one matrix, and sum in another order.
describe.each(backends.slice(0, 2))('$backend', (chosen) => {
  let backend: TfjsBackend
  beforeAll(async () => {
    backend = await startBackend(chosen)
  })

  test.each([
    ['in one block', 2 ** 24],
    ['in blocks of few rows', ROWS.length * 24 * 20],
  ])('%s', async (_, maximumFloats) => {
    const policyShape = shapes['12-16-24-8-3']!
    const tasks = taskProblems(policyShape, ROWS, 60)
    const learner = createTfjsEngine({ ...backend, policyShape, tasks: ROWS.length, maximumFloats })
    const alone = new Map<number, Results>()
    const differing = new Set<string>()
    for (const group of GROUPS) {
      const results = await update(
        learner,
        group.map((place) => tasks[place]!),
      )
      group.forEach((place, i) => {
        if (!alone.has(place)) alone.set(place, results[i]!)
        for (const [operation, bits] of Object.entries(results[i]!))
          if (!sameBits(bits, alone.get(place)![operation]!))
            differing.add(`${operation} of task ${place} among ${group.join(', ')}`)
      })
    }
    expect([...differing]).toEqual([])
    learner.dispose()
  })
})

test('batches longer than those of tasks fill their blocks alone', async () => {
  const backend = await startBackend(backends[0])
  const policyShape = shapes['12-16-24-8-3']!
  const [long] = taskProblems(policyShape, [200], 8)
  const tensors: number[] = []
  const tf: typeof backend.tf = {
    ...backend.tf,
    tanh: ((x: { readonly shape: number[] }) => {
      tensors.push(x.shape[1]!)
      return backend.tf.tanh(x as never)
    }) as typeof backend.tf.tanh,
  }
  const learner = createTfjsEngine({ ...backend, tf, policyShape, tasks: 4, taskRows: 100, maximumFloats: 24 * 200 })
  await learner.bind(requestsOf([long!], ({ batch, theta }) => [batch, theta, 1]))
  expect(new Set(tensors)).toEqual(new Set([200]))
  learner.dispose()
})

/** By operation. */
type Results = Readonly<Record<string, Float32Array>>

/** All operations. @returns the results of each task */
async function update(learner: BatchedLearner, tasks: readonly TaskProblem[]): Promise<Results[]> {
  const critics = tasks.map(({ place }) => createCritic(learner.policyShape, stream(place, 'critic')))
  const criticOf = (task: TaskProblem) => critics[tasks.indexOf(task)]!
  await learner.bind(requestsOf(tasks, ({ batch, theta }) => [batch, theta, 3]))
  const old = await learner.surrogateGradient(requestsOf(tasks, ({ theta, weights }) => [theta, weights]))
  const gradients = await learner.surrogateGradient(requestsOf(tasks, ({ nearby, weights }) => [nearby, weights]))
  const products = await learner.fisherProduct(requestsOf(tasks, ({ v }) => [v]))
  const hessians = await learner.surrogateHessianProduct(
    requestsOf(tasks, ({ nearby, weights, v }) => [nearby, weights, v]),
  )
  const evaluations = await learner.evaluatePolicy(requestsOf(tasks, ({ nearby, weights }) => [nearby, [weights]]))
  const values = await learner.values(
    requestsOf(tasks, (task) => [criticOf(task).parameters, task.batch.observations, task.rows]),
  )
  await learner.fitCritics(
    requestsOf(tasks, (task) => {
      const order = stream(task.place, 'order').shuffle(Int32Array.from({ length: task.rows }, (_, i) => i))
      return [task.batch, [{ critic: criticOf(task), targets: task.weights }], [order, order], settings]
    }),
  )
  return tasks.map((_, i) => ({
    'gradient at the old policy': old[i]!,
    gradient: gradients[i]!,
    'Fisher product': products[i]!,
    'Hessian product': hessians[i]!,
    evaluation: Float32Array.of(evaluations[i]!.kl, ...evaluations[i]!.surrogates),
    values: values[i]!,
    'critic fit': critics[i]!.parameters,
  }))
}
