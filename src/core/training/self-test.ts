import { initialisePolicy } from '../nn/initialise.ts'
import { copyCritic, createCritic, type CriticState } from '../nn/critic.ts'
import type { BatchedLearner, ForTask } from '../nn/batched-learner.ts'
import { logStdOf } from '../nn/policy.ts'
import type { SimdEngine } from '../nn/simd/engine.ts'
import { stream, type Stream } from '../random/stream.ts'
import type { Batch } from '../rl/batch.ts'

/** Rows of each task's batch; no multiples of anything that a kernel may take at once. */
const ROWS = [53, 31] as const
/** Norm of the difference over the norm: float32 sums differ by some 1e-6. */
const TOLERANCE = 1e-4
/** Of what is divided by small numbers (Adam) or the difference of large ones (the KL). */
const LOOSE_TOLERANCE = 1e-3
const FISHER_STRIDE = 2
/** Three minibatches of the first task and two of the second, which rests at the end; every gradient is clipped. */
const FIT = { minibatch: 20, learningRate: 0.05, l2: 1e-3, maxGradientNorm: 0.05 }

/** The reference needs room for the batches of the test. */
export const SELF_TEST_ROWS = ROWS[0] + ROWS[1]

/** An engine whose results are not those of the SIMD engine. */
export class EngineSelfTestError extends Error {
  constructor(engine: string, operation: string, error: number, tolerance: number) {
    super(
      `The engine ${engine} computes wrongly on this machine and is not used: its ${operation} differs from the SIMD ` +
        `engine's by ${error.toPrecision(2)} of its norm; at most ${tolerance} is rounding.`,
    )
    this.name = 'EngineSelfTestError'
  }
}

/** Everything that the operations take for one task. */
interface TestTask {
  readonly place: number
  readonly batch: Batch
  readonly theta: Float32Array
  /** A policy beside it, so that ratios are not 1. */
  readonly candidate: Float32Array
  readonly weights: Float32Array
  readonly v: Float32Array
  readonly critic: CriticState
  readonly order: Int32Array
}

/**
 * Compares an engine with the SIMD engine on small batches of random policies, before it computes anything of a run:
 * every operation for two tasks of different lengths in one call, and for the second of them alone.
 *
 * @throws EngineSelfTestError naming the first operation that differs
 */
export async function selfTest(engine: BatchedLearner, reference: SimdEngine): Promise<void> {
  const random = stream('engine self-test')
  const places = engine.tasks > 1 ? [engine.tasks - 1, 0] : [0]
  const tasks = places.map((place, i) => randomTask(reference, place, ROWS[i]!, random))
  const ask = <A extends readonly unknown[]>(of: readonly TestTask[], given: (task: TestTask) => A): ForTask<A>[] =>
    of.map((task) => ({ place: task.place, arguments: given(task) }))
  /** @param own asks the engine for some of the tasks. @param expected of the reference, bound to the task */
  const compare = async (
    operation: string,
    own: (of: readonly TestTask[]) => Promise<readonly ArrayLike<number>[]>,
    expected: (task: TestTask) => ArrayLike<number>,
    tolerance = TOLERANCE,
  ) => {
    // In another order than they were bound in.
    for (const asked of [tasks.toReversed(), tasks.slice(-1)]) {
      const results = await own(asked)
      asked.forEach((task, i) => {
        reference.bind(task.batch, task.theta, FISHER_STRIDE)
        const error = relativeError(results[i]!, expected(task))
        if (!(error <= tolerance)) throw new EngineSelfTestError(engine.name, operation, error, tolerance)
      })
    }
  }

  await engine.bind(ask(tasks, ({ batch, theta }) => [batch, theta, FISHER_STRIDE]))
  await compare(
    'gradient',
    async (of) => engine.surrogateGradient(ask(of, ({ candidate, weights }) => [candidate, weights])),
    ({ candidate, weights }) => reference.surrogateGradient(candidate, weights),
  )
  await compare(
    'Fisher product',
    async (of) => engine.fisherProduct(ask(of, ({ v }) => [v])),
    ({ v }) => reference.fisherProduct(v),
  )
  await compare(
    'Hessian product',
    async (of) => engine.surrogateHessianProduct(ask(of, ({ candidate, weights, v }) => [candidate, weights, v])),
    ({ candidate, weights, v }) => reference.surrogateHessianProduct(candidate, weights, v),
  )
  const evaluate = (of: readonly TestTask[]) =>
    engine.evaluatePolicy(ask(of, ({ candidate, weights, v }) => [candidate, [weights, v]]))
  const evaluated = ({ candidate, weights, v }: TestTask) => reference.evaluatePolicy(candidate, [weights, v])
  await compare(
    'KL',
    async (of) => (await evaluate(of)).map(({ kl }) => [kl]),
    (task) => [evaluated(task).kl],
    LOOSE_TOLERANCE,
  )
  await compare(
    'surrogates',
    async (of) => (await evaluate(of)).map(({ surrogates }) => surrogates),
    (task) => evaluated(task).surrogates,
  )
  await compare(
    'values',
    async (of) => engine.values(ask(of, ({ critic, batch }) => [critic.parameters, batch.observations, batch.size])),
    ({ critic, batch }) => reference.values(critic.parameters, batch.observations, batch.size),
  )
  await compare(
    'fit of critics',
    async (of) => {
      const fitted = of.map(({ critic }) => copyCritic(critic))
      const next = fitted.values()
      await engine.fitCritics(ask(of, (task) => fitOf(task, next.next().value!)))
      return fitted.map((critic, i) => moves(of[i]!.critic, critic))
    },
    (task) => {
      const fitted = copyCritic(task.critic)
      reference.fitCritics(...fitOf(task, fitted))
      return moves(task.critic, fitted)
    },
    LOOSE_TOLERANCE,
  )
}

const fitOf = ({ batch, weights, order }: TestTask, critic: CriticState): Parameters<SimdEngine['fitCritics']> => [
  batch,
  [{ critic, targets: weights }],
  [order],
  FIT,
]

/** How far the parameters have moved, which is little beside what they are. */
const moves = (from: CriticState, to: CriticState): Float32Array =>
  to.parameters.map((value, i) => value - from.parameters[i]!)

function randomTask(reference: SimdEngine, place: number, rows: number, random: Stream): TestTask {
  const { policyShape } = reference
  const normals = (length: number) => new Float32Array(length).map(() => random.normal())
  const theta = initialisePolicy(policyShape, 0.5, -0.4, random)
  const critic = createCritic(policyShape, random)
  for (let i = 0; i < critic.parameters.length; i++) critic.parameters[i]! += 0.01
  return {
    place,
    batch: randomTransitions(reference, theta, rows, () => random.normal()),
    theta,
    candidate: theta.map((value) => value + 0.01 * random.normal()),
    weights: normals(rows),
    v: normals(theta.length),
    critic,
    order: random.shuffle(Int32Array.from({ length: rows }, (_, i) => i)),
  }
}

function randomTransitions(reference: SimdEngine, theta: Float32Array, rows: number, normal: () => number): Batch {
  const { observationSize, actionSize } = reference.policyShape
  const batch = reference.createBatch(rows, 0)
  batch.size = rows
  for (let i = 0; i < rows * observationSize; i++) batch.observations[i] = 0.7 * normal()
  reference.loadPolicy(theta)
  reference.forwardPolicy(batch, 0, rows)
  const logStd = logStdOf(reference.policyShape, theta)
  for (let row = 0; row < rows; row++)
    for (let k = 0; k < actionSize; k++) {
      const noise = normal()
      batch.actions[row * actionSize + k] = batch.means[row * actionSize + k]! + noise * Math.exp(logStd[k]!)
      batch.logProbs[row]! -= 0.5 * noise * noise + logStd[k]! + 0.5 * Math.log(2 * Math.PI)
    }
  return batch
}

/** NaN, and so no agreement, where anything is not a number. */
function relativeError(own: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (own.length !== expected.length) return Infinity
  let difference = 0
  let norm = 0
  for (let i = 0; i < expected.length; i++) {
    difference += (own[i]! - expected[i]!) ** 2
    norm += expected[i]! ** 2
  }
  return Math.sqrt(difference / norm)
}
