import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BatchedLearner } from '../../../src/core/nn/batched-learner.ts'
import { copyCritic, createCritic } from '../../../src/core/nn/critic.ts'
import type { Learner } from '../../../src/core/nn/learner.ts'
import { batchedFrom, lockStep } from '../../../src/core/nn/lock-step.ts'
import { stream } from '../../../src/core/random/stream.ts'
import type { Batch } from '../../../src/core/rl/batch.ts'
import { randomProblem, shapes } from './engine.ts'

const shape = shapes['12-16-24-8-3']!
const SETTINGS = { minibatch: 8, learningRate: 1e-3, l2: 1e-3, maxGradientNorm: 40 }

/** What a task does, one after the other; after a step its policy is nearer to the other one. */
const STEPS = ['bind', 'gradient', 'hessian', 'fisher', 'evaluate', 'values', 'fit', 'pause', 'turn', 'throw'] as const
type Step = (typeof STEPS)[number]

const problems = [17, 40, 23, 31].map((rows, seed) => randomProblem(shape, rows, seed))

/** Runs a program on a learner; what it has seen, and how it ended. */
async function execute(program: readonly Step[], task: number, learner: Learner): Promise<unknown[]> {
  const { batch, theta, nearby, weights, v } = problems[task]!
  const critic = createCritic(shape, stream(task, 'critic'))
  const seen: unknown[] = []
  const steps: Readonly<Record<Step, () => unknown>> = {
    bind: () => learner.bind(batch, seen.length % 2 ? theta : nearby, 1 + (seen.length % 3)),
    gradient: () => learner.surrogateGradient(nearby, weights),
    hessian: () => learner.surrogateHessianProduct(theta, weights, v),
    fisher: () => learner.fisherProduct(v),
    evaluate: () => learner.evaluatePolicy(nearby, seen.length % 2 ? [weights] : [weights, batch.logProbs]),
    values: () => learner.values(critic.parameters, batch.observations, batch.size),
    async fit() {
      const epochs = [stream(task, seen.length).shuffle(Int32Array.from({ length: batch.size }, (_, i) => i))]
      await learner.fitCritics(batch, [{ critic, targets: weights }], epochs, SETTINGS)
      return copyCritic(critic)
    },
    pause: () => new Promise((resolve) => setTimeout(resolve, task)),
    turn: () => Promise.resolve(),
    throw() {
      throw new Error(`task ${task} has had enough`)
    },
  }
  try {
    await learner.bind(batch, theta, 1)
    for (const step of program) seen.push(await steps[step]())
  } catch (error) {
    seen.push((error as Error).message)
  }
  return seen
}

/** Counts the calls and the requests of each. */
function counted(batched: BatchedLearner): { batched: BatchedLearner; calls: { name: string; places: number[] }[] } {
  const calls: { name: string; places: number[] }[] = []
  const watched = new Proxy(batched, {
    get(target, name: keyof BatchedLearner) {
      const value = target[name]
      if (typeof value !== 'function' || name === 'dispose') return value
      return (requests: readonly { readonly place: number }[]) => {
        calls.push({ name, places: requests.map(({ place }) => place) })
        return (value as (requests: unknown) => unknown)(requests)
      }
    },
  })
  return { batched: watched, calls }
}

const simd = () => batchedFrom(problems.map(({ engine }) => engine))
/** The problems' batches lie in the memory of the engine of their own place. */
const sideBySide = (batched: BatchedLearner, programs: readonly (readonly Step[])[]): Promise<unknown[][]> => {
  const tasks = lockStep(batched)
  return Promise.all(programs.map((program) => tasks.run((learner, place) => execute(program, place, learner))))
}

describe('tasks in lock step', () => {
  it('see what each sees alone, bit for bit, whatever they do and whenever they end', async () => {
    const program = fc.array(fc.constantFrom(...STEPS), { maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(fc.array(program, { minLength: 1, maxLength: problems.length }), async (programs) => {
        const alone: unknown[][] = []
        for (const [task, steps] of programs.entries()) alone.push(await execute(steps, task, problems[task]!.engine))
        expect(await sideBySide(simd(), programs)).toEqual(alone)
      }),
      { numRuns: 60 },
    )
  })

  it('share every call where they do the same', async () => {
    const { batched, calls } = counted(simd())
    const program: Step[] = ['gradient', 'fisher', 'turn', 'fisher', 'evaluate', 'pause', 'fit', 'values']
    await sideBySide(batched, [program, program, program])
    expect(calls.map(({ name }) => name)).toEqual([
      ...['bind', 'surrogateGradient', 'fisherProduct', 'fisherProduct', 'evaluatePolicy', 'fitCritics', 'values'],
    ])
    for (const { places } of calls) expect(places).toEqual([0, 1, 2])
  })

  it('fit their critics together after line searches of different lengths, and end without waiting for each other', async () => {
    const { batched, calls } = counted(simd())
    await sideBySide(batched, [['evaluate', 'fit', 'values'], ['evaluate', 'evaluate', 'evaluate', 'fit', 'fit'], []])
    expect(calls).toEqual([
      { name: 'bind', places: [0, 1, 2] },
      { name: 'evaluatePolicy', places: [0, 1] },
      { name: 'evaluatePolicy', places: [1] },
      { name: 'evaluatePolicy', places: [1] },
      { name: 'fitCritics', places: [0, 1] },
      { name: 'values', places: [0] },
      { name: 'fitCritics', places: [1] },
    ])
  })

  it('more than there are places take them in turn', async () => {
    const tasks = lockStep(simd())
    let inside = 0
    let most = 0
    const results = await Promise.all(
      Array.from({ length: 11 }, (_, i) =>
        tasks.run(async (learner, place) => {
          most = Math.max(most, ++inside)
          const { batch, theta, v } = problems[place]!
          await learner.bind(batch, theta, 1)
          const product = await learner.fisherProduct(v)
          inside--
          return { i, length: product.length }
        }),
      ),
    )
    expect(most).toBe(problems.length)
    expect(results).toEqual(results.map((_, i) => ({ i, length: problems[0]!.theta.length })))
  })

  it('fail together where their call fails, and leave the others alone', async () => {
    const batched: BatchedLearner = {
      ...simd(),
      surrogateGradient: () => Promise.reject(new Error('the device is gone')),
    }
    const ends = await sideBySide(batched, [['gradient'], ['fisher', 'fisher'], ['gradient']])
    expect(ends[0]).toEqual(['the device is gone'])
    expect(ends[2]).toEqual(['the device is gone'])
    expect(ends[1]).toEqual(await execute(['fisher', 'fisher'], 1, problems[1]!.engine))
  })

  it('give their place back after a failure', async () => {
    const { engine } = problems[0]!
    const tasks = lockStep(batchedFrom([engine]))
    const refused: Batch = { ...problems[0]!.batch, size: 0 }
    await expect(tasks.run(async (learner) => learner.bind(refused, problems[0]!.theta, 1))).rejects.toThrow('no rows')
    expect(await tasks.run((learner) => execute(['fisher'], 0, learner))).toHaveLength(1)
  })
})
