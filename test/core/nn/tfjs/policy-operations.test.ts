import { beforeAll, describe, expect, test } from 'vitest'
import type { BatchedLearner } from '../../../../src/core/nn/batched-learner.ts'
import { createTfjsEngine } from '../../../../src/core/nn/tfjs/engine.ts'
import type { TfjsBackend } from '../../../../src/core/nn/tfjs/backend.ts'
import { conjugateGradient } from '../../../../src/core/rl/conjugate-gradient.ts'
import { shapes } from '../engine.ts'
import { kl, klHessianProduct, relativeError, surrogate, surrogateHessianProduct } from '../reference.ts'
import { backends, startBackend } from './backends.ts'
import { requestsOf, taskProblems } from './problem.ts'

/** Largest relative error of a float32 result against float64. */
const TOLERANCE = 1e-5
/** The last so short that blocks lie beyond its end. */
const ROWS = [97, 60, 5]

describe.each(backends)('$backend, transposing explicitly: $transposeExplicitly', (chosen) => {
  let backend: TfjsBackend
  beforeAll(async () => {
    backend = await startBackend(chosen)
  })

  describe.each(Object.entries(shapes))('policy %s', (_name, policyShape) => {
    const tasks = taskProblems(policyShape, ROWS, 40)
    const [first] = tasks
    for (const { engine, batch, theta } of tasks) engine.bind(batch, theta, 1)
    /** In blocks of fewer rows than any but the last task has. */
    const create = (): BatchedLearner => {
      const perRow =
        (chosen.transposeExplicitly ? 1 : ROWS.length) * Math.max(...policyShape.hidden, policyShape.observationSize)
      return createTfjsEngine({ ...backend, policyShape, tasks: ROWS.length, maximumFloats: 40 * perRow })
    }
    const bound = async (stride = 1) => {
      const learner = create()
      await learner.bind(requestsOf(tasks, ({ batch, theta }) => [batch, theta, stride]))
      return learner
    }

    test('surrogate gradients at the old and at other policies', async () => {
      const learner = await bound()
      for (const at of ['theta', 'nearby'] as const) {
        const gradients = await learner.surrogateGradient(requestsOf(tasks, (task) => [task[at], task.weights]))
        tasks.forEach((task, i) => {
          const { gradient } = surrogate(policyShape, task[at], task.batch, task.weights)
          expect(relativeError(gradients[i]!, gradient)).toBeLessThan(TOLERANCE)
          expect(relativeError(gradients[i]!, task.engine.surrogateGradient(task[at], task.weights))).toBeLessThan(
            TOLERANCE,
          )
        })
      }
      learner.dispose()
    })

    test.each([1, 3])('Fisher products over every row of stride %i', async (stride) => {
      const learner = await bound(stride)
      const products = await learner.fisherProduct(requestsOf(tasks, ({ v }) => [v]))
      tasks.forEach(({ engine, batch, theta, v }, i) => {
        expect(relativeError(products[i]!, klHessianProduct(policyShape, theta, v, batch, stride))).toBeLessThan(
          TOLERANCE,
        )
        engine.bind(batch, theta, stride)
        expect(relativeError(products[i]!, engine.fisherProduct(v))).toBeLessThan(TOLERANCE)
        engine.bind(batch, theta, 1)
      })
      learner.dispose()
    })

    test('surrogate Hessian products at the old and at other policies', async () => {
      const learner = await bound()
      for (const at of ['theta', 'nearby'] as const) {
        const products = await learner.surrogateHessianProduct(
          requestsOf(tasks, (task) => [task[at], task.weights, task.v]),
        )
        tasks.forEach(({ engine, batch, weights, v, ...task }, i) => {
          const expected = surrogateHessianProduct(policyShape, task[at], batch, weights, v)
          expect(relativeError(products[i]!, expected)).toBeLessThan(TOLERANCE)
          expect(relativeError(products[i]!, engine.surrogateHessianProduct(task[at], weights, v))).toBeLessThan(
            TOLERANCE,
          )
        })
      }
      learner.dispose()
    })

    test('evaluation of candidates, with as many weights as each task asks for', async () => {
      const learner = await bound()
      const ones = (rows: number) => new Float32Array(rows).fill(1)
      const weightsOf = ({ place, weights, rows }: (typeof tasks)[number]) => [weights, ones(rows)].slice(0, place)
      const evaluations = await learner.evaluatePolicy(requestsOf(tasks, (task) => [task.nearby, weightsOf(task)]))
      tasks.forEach((task, i) => {
        const expected = [
          kl(policyShape, task.theta, task.nearby, task.batch).value,
          ...weightsOf(task).map((weights) => surrogate(policyShape, task.nearby, task.batch, weights).value),
        ]
        const { kl: distance, surrogates } = evaluations[i]!
        expect(surrogates).toHaveLength(task.place)
        expect(relativeError([distance, ...surrogates], expected)).toBeLessThan(TOLERANCE)
      })
      // The old policy is at distance 0 of itself, with no rounding at all.
      const same = await learner.evaluatePolicy(requestsOf(tasks, ({ theta }) => [theta, []]))
      expect(same.map((evaluation) => evaluation.kl)).toEqual([0, 0, 0])
      learner.dispose()
    })

    test('a conjugate-gradient step and the KL that it achieves', async () => {
      const learner = await bound()
      const { engine, theta, weights } = first!
      const gradient = engine.surrogateGradient(theta, weights)
      const stepOf = async (product: (v: Float32Array) => Promise<Float32Array> | Float32Array) => {
        const { x, quadratic } = await conjugateGradient(product, gradient, 10, 0.1)
        const length = Math.sqrt(0.02 / quadratic)
        return x.map((value) => length * value)
      }
      const step = await stepOf(async (v) => (await learner.fisherProduct([{ place: 0, arguments: [v] }]))[0]!)
      const expected = await stepOf((v) => engine.fisherProduct(v))
      expect(relativeError(step, expected)).toBeLessThan(1e-3)
      const reached = async (by: Float64Array) => {
        const candidate = theta.map((value, i) => value + by[i]!)
        return (await learner.evaluatePolicy([{ place: 0, arguments: [candidate, []] }]))[0]!.kl
      }
      const simd = engine.evaluatePolicy(
        theta.map((value, i) => value + expected[i]!),
        [],
      ).kl
      expect(Math.abs((await reached(step)) / simd - 1)).toBeLessThan(0.01)
      learner.dispose()
    })

    test('some of the places, in any order, agree with each place on its own', async () => {
      const together = await bound()
      const chosenTasks = [tasks[2]!, tasks[0]!]
      const alone = createTfjsEngine({ ...backend, policyShape, tasks: 1 })
      const operations = async (learner: BatchedLearner, some: typeof tasks) => [
        ...(await learner.surrogateGradient(requestsOf(some, ({ theta, weights }) => [theta, weights]))),
        ...(await learner.surrogateGradient(requestsOf(some, ({ nearby, weights }) => [nearby, weights]))),
        ...(await learner.fisherProduct(requestsOf(some, ({ v }) => [v]))),
        ...(await learner.surrogateHessianProduct(requestsOf(some, ({ nearby, weights, v }) => [nearby, weights, v]))),
        ...(await learner.evaluatePolicy(requestsOf(some, ({ nearby, weights }) => [nearby, [weights]]))).map(
          (evaluation) => [evaluation.kl, ...evaluation.surrogates],
        ),
      ]
      const results = await operations(together, chosenTasks)
      for (const [i, task] of chosenTasks.entries()) {
        const single = { ...task, place: 0 }
        await alone.bind([{ place: 0, arguments: [task.batch, task.theta, 1] }])
        const expected = await operations(alone, [single])
        expected.forEach((result, k) => {
          expect(relativeError(results[k * chosenTasks.length + i]!, result)).toBeLessThan(TOLERANCE)
        })
      }
      together.dispose()
      alone.dispose()
    })
  })
})

test('a place that is bound anew leaves those it was bound with as they were', async () => {
  const backend = await startBackend(backends[0])
  const policyShape = shapes['12-16-24-8-3']!
  const tasks = taskProblems(policyShape, [20, 33, 7], 5)
  const learner = createTfjsEngine({ ...backend, policyShape, tasks: 3 })
  await learner.bind(requestsOf(tasks, ({ batch, theta }) => [batch, theta, 1]))
  const [moved] = tasks.slice(1)
  await learner.bind([{ place: 1, arguments: [moved!.batch, moved!.nearby, 2] }])
  const products = await learner.fisherProduct(requestsOf(tasks, ({ v }) => [v]))
  tasks.forEach(({ place, batch, theta, nearby, v }, i) => {
    const expected =
      place === 1
        ? klHessianProduct(policyShape, nearby, v, batch, 2)
        : klHessianProduct(policyShape, theta, v, batch, 1)
    expect(relativeError(products[i]!, expected)).toBeLessThan(TOLERANCE)
  })
  learner.dispose()
})

test.each([1, 3])('where activations are not kept they are computed again, stride %i', async (stride) => {
  const backend = await startBackend(backends[0])
  const policyShape = shapes['12-16-24-8-3']!
  const tasks = taskProblems(policyShape, [20, 33, 7], 6)
  const some = [tasks[1]!, tasks[2]!]
  const ample = createTfjsEngine({ ...backend, policyShape, tasks: 3 })
  const scarce = createTfjsEngine({ ...backend, policyShape, tasks: 3, maximumFloats: 3 * 24 * 4 })
  const [expected, results] = await Promise.all(
    [ample, scarce].map(async (learner) => {
      await learner.bind(requestsOf(tasks, ({ batch, theta }) => [batch, theta, stride]))
      return [
        ...(await learner.fisherProduct(requestsOf(tasks, ({ v }) => [v]))),
        ...(await learner.fisherProduct(requestsOf(some, ({ v }) => [v]))),
        ...(await learner.surrogateGradient(requestsOf(some, ({ theta, weights }) => [theta, weights]))),
        ...(await learner.surrogateHessianProduct(requestsOf(tasks, ({ theta, weights, v }) => [theta, weights, v]))),
      ]
    }),
  )
  results!.forEach((result, i) => expect(relativeError(result, expected![i]!)).toBeLessThan(TOLERANCE))
  ample.dispose()
  scarce.dispose()
})
