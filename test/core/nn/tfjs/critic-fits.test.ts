import { beforeAll, describe, expect, test } from 'vitest'
import { copyCritic, createCritic, criticShape, type CriticState } from '../../../../src/core/nn/critic.ts'
import type { CriticFitSettings } from '../../../../src/core/nn/learner.ts'
import { groupFits } from '../../../../src/core/nn/tfjs/critic-fits.ts'
import { createTfjsEngine } from '../../../../src/core/nn/tfjs/engine.ts'
import type { TfjsBackend } from '../../../../src/core/nn/tfjs/backend.ts'
import { shapes } from '../engine.ts'
import { criticLoss, norm, outputsOf, relativeError, sameBits } from '../reference.ts'
import { backends, startBackend } from './backends.ts'
import { requestsOf, taskProblems } from './problem.ts'

const policyShape = shapes['12-16-24-8-3']!
const shape = criticShape(policyShape)
const settings: CriticFitSettings = { minibatch: 20, learningRate: 1e-2, l2: 1e-3, maxGradientNorm: 0.3 }
/** The last task has fewer minibatches than the first, and its last minibatch a single row. */
const ROWS = [63, 50, 21]

const oneToN = (n: number) => Int32Array.from({ length: n }, (_, i) => i)

function fitProblems(seed: number) {
  return taskProblems(policyShape, ROWS, seed).map((task) => ({
    ...task,
    critics: [createCritic(policyShape, task.random), createCritic(policyShape, task.random)],
    targets: [task.normals(task.rows, 2), task.normals(task.rows, 1)],
    epochs: [task.random.shuffle(oneToN(task.rows)), task.random.shuffle(oneToN(task.rows))],
  }))
}

const fitsOf = ({ critics, targets }: ReturnType<typeof fitProblems>[number]) =>
  critics.map((critic, i) => ({ critic: copyCritic(critic), targets: targets[i]! }))

describe.each(backends)('$backend, transposing explicitly: $transposeExplicitly', (chosen) => {
  let backend: TfjsBackend
  beforeAll(async () => {
    backend = await startBackend(chosen)
  })
  const create = (maximumFloats = 2 ** 20) =>
    createTfjsEngine({ ...backend, policyShape, tasks: ROWS.length, maximumFloats })

  test('values, in blocks, and of no rows at all', async () => {
    const tasks = fitProblems(1)
    const learner = create(24 * 3 * 20)
    const values = await learner.values(
      requestsOf(tasks, (task) => [
        createCritic(policyShape, task.random).parameters,
        task.batch.observations,
        task.rows,
      ]),
    )
    values.forEach((value, i) => expect(value).toHaveLength(ROWS[i]!))
    const [first, second] = tasks
    const critic = first!.critics[0]!.parameters
    const some = await learner.values([
      { place: 2, arguments: [critic, second!.batch.observations, 3] },
      { place: 0, arguments: [critic, new Float32Array(0), 0] },
      { place: 1, arguments: [critic, first!.batch.observations, 63] },
    ])
    expect(some[0]).toHaveLength(3)
    expect(some[1]).toHaveLength(0)
    expect(relativeError(some[0]!, outputsOf(shape, critic, second!.batch.observations, 3))).toBeLessThan(1e-5)
    expect(relativeError(some[2]!, outputsOf(shape, critic, first!.batch.observations, 63))).toBeLessThan(1e-5)
    expect((await learner.values([{ place: 0, arguments: [critic, new Float32Array(0), 0] }]))[0]).toHaveLength(0)
  })

  test('all tasks and critics at once are fitted as the SIMD engine fits them one by one', async () => {
    const tasks = fitProblems(2)
    const learner = create()
    const fitted = tasks.map(fitsOf)
    await learner.fitCritics(
      requestsOf(tasks, ({ place, batch }) => [batch, fitted[place]!, tasks[place]!.epochs, settings]),
    )
    for (const task of tasks) {
      const expected = fitsOf(task)
      task.engine.fitCritics(task.batch, expected, task.epochs, settings)
      expected.forEach(({ critic, targets }, i) => {
        const actual = fitted[task.place]![i]!.critic
        expectClose(actual, critic)
        expect(actual.updates).toBe(2 * Math.ceil(task.rows / settings.minibatch))
        const lossOf = (of: CriticState) =>
          criticLoss(shape, of.parameters, task.batch, targets, oneToN(task.rows), 0).value
        expect(Math.abs(lossOf(actual) / lossOf(critic) - 1)).toBeLessThan(0.01)
      })
    }
    learner.dispose()
  })

  test('fits continue where they ended, with optimisers of different ages and settings by task', async () => {
    const tasks = fitProblems(3)
    const learner = create()
    const fitted = tasks.map(fitsOf)
    const own = (place: number) => ({ ...settings, learningRate: 1e-3 * (place + 1), minibatch: 10 + 11 * place })
    for (const some of [tasks.slice(0, 2), tasks]) {
      await learner.fitCritics(
        requestsOf(some, ({ place, batch }) => [batch, fitted[place]!, tasks[place]!.epochs, own(place)]),
      )
    }
    for (const task of tasks) {
      const expected = fitsOf(task)
      for (let i = task.place < 2 ? 0 : 1; i < 2; i++)
        task.engine.fitCritics(task.batch, expected, task.epochs, own(task.place))
      expected.forEach(({ critic }, i) => expectClose(fitted[task.place]![i]!.critic, critic))
    }
    learner.dispose()
  })

  test('small memory makes groups of tasks, not other results', async () => {
    const tasks = fitProblems(4)
    const [large, small] = [create(), create(12 * 70)]
    const [inOne, inGroups] = [tasks.map(fitsOf), tasks.map(fitsOf)]
    await large.fitCritics(
      requestsOf(tasks, ({ place, batch }) => [batch, inOne[place]!, tasks[place]!.epochs, settings]),
    )
    await small.fitCritics(
      requestsOf(tasks, ({ place, batch }) => [batch, inGroups[place]!, tasks[place]!.epochs, settings]),
    )
    inOne.forEach((fits, t) => fits.forEach(({ critic }, i) => expectClose(inGroups[t]![i]!.critic, critic)))
  })

  test('no minibatches or no critics change nothing', async () => {
    const [task] = fitProblems(5)
    const learner = create()
    const fits = fitsOf(task!)
    await learner.fitCritics([
      { place: 0, arguments: [task!.batch, fits, [], settings] },
      { place: 1, arguments: [task!.batch, [], task!.epochs, settings] },
    ])
    fits.forEach(({ critic }, i) => {
      expect(critic.updates).toBe(0)
      expect(sameBits(critic.parameters, task!.critics[i]!.parameters)).toBe(true)
    })
  })
})

test('a minibatch is one clipped step of Adam in float64', async () => {
  const backend = await startBackend(backends[0])
  const [task] = fitProblems(6)
  const learner = createTfjsEngine({ ...backend, policyShape, tasks: 1 })
  const [fit] = fitsOf(task!)
  const start = Float64Array.from(fit!.critic.parameters)
  const rows = oneToN(63)
  const maxGradientNorm = 0.1
  await learner.fitCritics([
    { place: 0, arguments: [task!.batch, [fit!], [rows], { ...settings, minibatch: 63, maxGradientNorm }] },
  ])
  const raw = criticLoss(shape, start, task!.batch, fit!.targets, rows, settings.l2).gradient
  expect(norm(raw)).toBeGreaterThan(maxGradientNorm)
  const gradient = raw.map((g) => (g * maxGradientNorm) / (norm(raw) + 1e-6))
  expect(
    relativeError(
      fit!.critic.firstMoment,
      gradient.map((g) => 0.1 * g),
    ),
  ).toBeLessThan(1e-5)
  // float32 has 1 - 0.999 with a relative error of 1.3e-5, in both engines.
  expect(
    relativeError(
      fit!.critic.secondMoment,
      gradient.map((g) => 0.001 * g * g),
    ),
  ).toBeLessThan(3e-5)
  const moved = start.map(
    (value, i) => value - (settings.learningRate * gradient[i]!) / (Math.abs(gradient[i]!) + 1e-8),
  )
  expect(relativeError(fit!.critic.parameters, moved)).toBeLessThan(1e-5)
})

function expectClose(actual: CriticState, expected: CriticState): void {
  expect(actual.updates).toBe(expected.updates)
  expect(relativeError(actual.parameters, expected.parameters)).toBeLessThan(1e-4)
  expect(relativeError(actual.firstMoment, expected.firstMoment)).toBeLessThan(1e-3)
  expect(relativeError(actual.secondMoment, expected.secondMoment)).toBeLessThan(1e-3)
}

test('critics are fitted together within the memory of their rows and of their minibatches', () => {
  const entry = (minibatch: number, observations: Float32Array) => ({
    fit: { critic: createCritic(policyShape, taskProblems(policyShape, [1], 1)[0]!.random), targets: observations },
    ...{ observations, rows: 100, settings, minibatches: [new Int32Array(minibatch), new Int32Array(1)] },
  })
  const tasks = [new Float32Array(0), new Float32Array(0)].map((own) => [entry(40, own), entry(40, own)])
  const sizes = (limits: object) =>
    groupFits(tasks.flat(), { entries: 99, rows: 1e6, minibatchRows: 1e6, ...limits }).map(({ length }) => length)
  expect(sizes({})).toEqual([4])
  expect(sizes({ entries: 3 })).toEqual([3, 1])
  expect(sizes({ rows: 150 })).toEqual([2, 2])
  expect(sizes({ minibatchRows: 120 })).toEqual([3, 1])
  expect(sizes({ minibatchRows: 79 })).toEqual([1, 1, 1, 1])
  // The longest decides: all are padded to it.
  const mixed = [entry(10, tasks[0]![0]!.observations), ...tasks[0]!, entry(10, tasks[0]![0]!.observations)]
  const groups = groupFits(mixed, { entries: 99, rows: 1e6, minibatchRows: 80 })
  expect(groups.map(({ length }) => length)).toEqual([2, 2])
})
