// How far an engine is from the SIMD engine and from float64, operation by operation.
import { BETA_1, BETA_2, EPSILON } from '../nn/adam.ts'
import type { BatchedLearner } from '../nn/batched-learner.ts'
import { copyCritic, criticShape, type CriticState } from '../nn/critic.ts'
import type { Learner } from '../nn/learner.ts'
import type { PolicyShape } from '../nn/policy.ts'
import { criticLoss, kl, klHessianProduct, outputsOf, relativeError } from '../nn/reference.ts'
import { surrogate, surrogateHessianProduct } from '../nn/reference.ts'
import type { Batch } from '../rl/batch.ts'
import { conjugateGradient } from '../rl/conjugate-gradient.ts'
import type { CriticSettings } from '../rl/critics.ts'

/** One task with everything that the operations take. */
export interface AgreementTask {
  readonly batch: Batch
  /** Of the behaviour policy. */
  readonly theta: Float32Array
  /** A policy a little beside it, so that ratios are not 1. */
  readonly nearby: Float32Array
  readonly v: Float32Array
  readonly weights: Float32Array
  readonly targets: Float32Array
  readonly critic: CriticState
  /** Epochs of the critic's fit. */
  readonly order: readonly Int32Array[]
}

/** The first task is the one that is compared; the others are in the same calls. */
export interface AgreementProblem {
  readonly policyShape: PolicyShape
  readonly settings: CriticSettings
  /** The SIMD engine, in whose memory the batches are. */
  readonly simd: Learner
  readonly tasks: readonly AgreementTask[]
}

/** Relative errors: norm of the difference over the norm. */
export interface AgreementRow {
  readonly engine: string
  readonly operation: AgreementOperation
  /** null: it is the SIMD engine. */
  readonly toSimd: number | null
  readonly toFloat64: number
  /** To the same task computed alone; null of the SIMD engine, which computes no others beside it. */
  readonly toAlone: number | null
  /** How large they may be. */
  readonly limit: number
}

const CG_STEPS = 10
const DAMPING = 0.1
/** Bound on the KL of the step. */
const TRUST_REGION = 0.02

/** What is compared, and how far apart it may be. */
export const OPERATIONS = {
  'surrogate gradient': 1e-5,
  'Fisher product': 1e-5,
  'surrogate Hessian product': 1e-5,
  'conjugate-gradient step': 1e-3,
  'achieved KL': 1e-2,
  'surrogate of the step': 1e-2,
  values: 1e-5,
  'critic loss after the fit': 1e-2,
} as const
export type AgreementOperation = keyof typeof OPERATIONS
type Results = Record<keyof typeof OPERATIONS, ArrayLike<number>>

type Product = (v: Float32Array) => Float32Array | Float64Array | Promise<Float32Array | Float64Array>

/** The trust-region step along the natural gradient, in float64 but for the products. */
async function stepOf(gradient: ArrayLike<number>, product: Product): Promise<Float64Array> {
  const rounded = async (v: Float32Array) => Float32Array.from(await product(v))
  const { x, quadratic } = await conjugateGradient(rounded, gradient, CG_STEPS, DAMPING)
  const length = Math.sqrt((2 * TRUST_REGION) / quadratic)
  return x.map((value) => length * value)
}

const movedBy = ({ theta }: AgreementTask, step: Float64Array) => theta.map((value, i) => value + step[i]!)

/** Mean squared error over the batch, always in float64. */
function lossOf(
  { policyShape }: AgreementProblem,
  { batch, targets }: AgreementTask,
  parameters: Float32Array | Float64Array,
) {
  const rows = Array.from({ length: batch.size }, (_, i) => i)
  return criticLoss(criticShape(policyShape), parameters, batch, targets, rows, 0).value
}

/** Every operation of the first task. */
async function resultsOf(problem: AgreementProblem, learner: Learner): Promise<Results> {
  const [task] = problem.tasks
  const { batch, theta, nearby, v, weights, targets, critic, order } = task!
  await learner.bind(batch, theta, 1)
  const gradient = await learner.surrogateGradient(theta, weights)
  const step = await stepOf(gradient, (direction) => learner.fisherProduct(direction))
  const reached = await learner.evaluatePolicy(movedBy(task!, step), [weights])
  const fitted: CriticState = copyCritic(critic)
  const results = {
    'surrogate gradient': await learner.surrogateGradient(nearby, weights),
    'Fisher product': await learner.fisherProduct(v),
    'surrogate Hessian product': await learner.surrogateHessianProduct(nearby, weights, v),
    'conjugate-gradient step': step,
    'achieved KL': [reached.kl],
    'surrogate of the step': [...reached.surrogates],
    values: await learner.values(critic.parameters, batch.observations, batch.size),
  }
  await learner.fitCritics(batch, [{ critic: fitted, targets }], order, problem.settings)
  return { ...results, 'critic loss after the fit': [lossOf(problem, task!, fitted.parameters)] }
}

/** The first task of a batched learner, with the other tasks in every call beside it. */
function besideOthers(learner: BatchedLearner, tasks: readonly AgreementTask[]): Learner {
  const calls = <A extends readonly unknown[]>(own: A, ofOther: (task: AgreementTask) => A) =>
    tasks.map((task, place) => ({ place, arguments: place === 0 ? own : ofOther(task) }))
  return {
    policyShape: learner.policyShape,
    name: learner.name,
    bind: (...own) => learner.bind(calls(own, ({ batch, theta }) => [batch, theta, 1])),
    surrogateGradient: async (...own) =>
      (await learner.surrogateGradient(calls(own, ({ nearby, weights }) => [nearby, weights])))[0]!,
    surrogateHessianProduct: async (...own) =>
      (await learner.surrogateHessianProduct(calls(own, ({ nearby, weights, v }) => [nearby, weights, v])))[0]!,
    fisherProduct: async (...own) => (await learner.fisherProduct(calls(own, ({ v }) => [v])))[0]!,
    evaluatePolicy: async (...own) =>
      (await learner.evaluatePolicy(calls(own, ({ nearby, weights }) => [nearby, [weights]])))[0]!,
    values: async (...own) =>
      (
        await learner.values(calls(own, ({ critic, batch }) => [critic.parameters, batch.observations, batch.size]))
      )[0]!,
    fitCritics: (...own) =>
      learner.fitCritics(
        calls(own, ({ batch, critic, targets, order }) => [
          batch,
          [{ critic: copyCritic(critic), targets }],
          order,
          own[3],
        ]),
      ),
  }
}

async function float64Results(problem: AgreementProblem): Promise<Results> {
  const { policyShape } = problem
  const [task] = problem.tasks
  const { batch, theta, nearby, v, weights, critic } = task!
  const { gradient } = surrogate(policyShape, theta, batch, weights)
  const step = await stepOf(gradient, (direction) => klHessianProduct(policyShape, theta, direction, batch, 1))
  const candidate = movedBy(task!, step)
  return {
    'surrogate gradient': surrogate(policyShape, nearby, batch, weights).gradient,
    'Fisher product': klHessianProduct(policyShape, theta, v, batch, 1),
    'surrogate Hessian product': surrogateHessianProduct(policyShape, nearby, batch, weights, v),
    'conjugate-gradient step': step,
    'achieved KL': [kl(policyShape, theta, candidate, batch).value],
    'surrogate of the step': [surrogate(policyShape, candidate, batch, weights).value],
    values: outputsOf(criticShape(policyShape), critic.parameters, batch.observations, batch.size),
    'critic loss after the fit': [lossOf(problem, task!, fitInFloat64(problem, task!))],
  }
}

/** Adam with an l2 penalty and clipped gradients (Kingma & Ba, 2015), minibatch by minibatch. */
function fitInFloat64(
  { policyShape, settings }: AgreementProblem,
  { batch, critic, targets, order }: AgreementTask,
): Float64Array {
  const { minibatch, learningRate, l2, maxGradientNorm } = settings
  const parameters = Float64Array.from(critic.parameters)
  const first = new Float64Array(parameters.length)
  const second = new Float64Array(parameters.length)
  let update = 0
  for (const rows of order) {
    for (let from = 0; from < rows.length; from += minibatch) {
      const sample = rows.subarray(from, from + minibatch)
      const { gradient } = criticLoss(criticShape(policyShape), parameters, batch, targets, sample, l2)
      const scale = Math.min(1, maxGradientNorm / (Math.hypot(...gradient) + 1e-6))
      update++
      gradient.forEach((raw, i) => {
        const g = scale * raw
        first[i] = BETA_1 * first[i]! + (1 - BETA_1) * g
        second[i] = BETA_2 * second[i]! + (1 - BETA_2) * g * g
        const spread = Math.sqrt(second[i]! / (1 - BETA_2 ** update)) + EPSILON
        parameters[i]! -= (learningRate * first[i]!) / (1 - BETA_1 ** update) / spread
      })
    }
  }
  return parameters
}

/** Every error of an engine; of the SIMD engine itself where there is no other. */
export async function agreementRows(
  problem: AgreementProblem,
  createLearner: ((tasks: number) => BatchedLearner) | null,
): Promise<AgreementRow[]> {
  const { simd } = problem
  // First what may crash: float64 takes the longest.
  const tried = createLearner && (await resultsBesideAndAlone(problem, createLearner))
  const reference = await resultsOf(problem, simd)
  const float64 = await float64Results(problem)
  const { name, own, alone } = tried ?? { name: simd.name, own: reference, alone: null }
  return (Object.keys(OPERATIONS) as AgreementOperation[]).map((operation) => ({
    engine: name,
    operation,
    toSimd: alone === null ? null : relativeError(own[operation], reference[operation]),
    toFloat64: relativeError(own[operation], float64[operation]),
    toAlone: alone === null ? null : relativeError(own[operation], alone[operation]),
    limit: OPERATIONS[operation],
  }))
}

async function resultsBesideAndAlone(problem: AgreementProblem, createLearner: (tasks: number) => BatchedLearner) {
  const { tasks } = problem
  const learner = createLearner(tasks.length)
  try {
    const own = await resultsOf(problem, besideOthers(learner, tasks))
    const alone = await resultsOf(problem, besideOthers(learner, tasks.slice(0, 1)))
    return { name: learner.name, own, alone }
  } finally {
    learner.dispose()
  }
}
