import type { BatchedLearner, ForTask } from '../batched-learner.ts'
import { expectAtLeast, expectBindable, expectFits, expectLength } from '../checks.ts'
import { criticShape } from '../critic.ts'
import { meanShape, parameterCount, policyParameterCount, type PolicyShape } from '../policy.ts'
import type { Tensor, TfjsBackend } from './backend.ts'
import { BoundTasks, type BoundTask } from './bound-tasks.ts'
import { expectPlaces, expectShape, expectTasks } from './checks.ts'
import { groupFits, minibatchesOf, queueGroups, storeFit, type FitEntry } from './critic-fits.ts'
import { inGroups, inMemory, read, type BoundedEngine } from './execution.ts'
import { DEFAULT_MAXIMUM_FLOATS, MemoryBudget } from './memory.ts'
import { createBatchedNetwork } from './network.ts'
import { fisherProducts, meanKl, policyEvaluations, withLogStdProduct } from './policy-operations.ts'
import { surrogateGradients, surrogateHessianProducts, type PolicyContext } from './policy-operations.ts'
import { choose, shareOut, taskAt, type SharePlaces } from './shares.ts'
import { valuesOf } from './values.ts'

export interface TfjsEngineOptions extends TfjsBackend {
  readonly policyShape: PolicyShape
  /** Places of the engine: most tasks of one call. */
  readonly tasks: number
  /**
   * Most rows of a batch that is bound beside others; any by default. Such batches are cut into blocks as if all places
   * were bound: where a task's sums are cut must not depend on its neighbours. A longer batch is to be bound alone.
   */
  readonly taskRows?: number
  /**
   * Floats of the largest tensor of a block of rows; halved for good whenever the device has no memory for it. Where the
   * sums over rows are cut, and so their last bits, depends on it.
   */
  readonly maximumFloats?: number
  /** Told of every halving that helped. */
  readonly onSmallerBlocks?: (maximumFloats: number) => void
}

/**
 * The learner on TensorFlow.js: the formulas of the SIMD engine with a leading dimension of tasks, each task's rows
 * padded to the longest task's and without weight there, and one awaited readback per call. Batches may be of any
 * memory; they must not change while a place is bound to them.
 */
export function createTfjsEngine(options: TfjsEngineOptions): BatchedLearner {
  const { tf, backend, transposeExplicitly, policyShape, tasks, taskRows = Infinity } = options
  expectShape(policyShape)
  expectTasks(tasks)
  const { observationSize, hidden, actionSize } = policyShape
  const thetaCount = policyParameterCount(policyShape)
  const valueShape = criticShape(policyShape)
  const valueCount = parameterCount(valueShape)
  const valueNetwork = createBatchedNetwork(options, valueShape)
  const meanNetwork = createBatchedNetwork(options, meanShape(policyShape))
  const context: PolicyContext = { tf, shape: policyShape, network: meanNetwork }
  const widest = Math.max(observationSize, ...hidden)
  /** Most tasks, and most critics, of one tensor. */
  const mostTasks = transposeExplicitly ? 1 : tasks
  const mostCritics = transposeExplicitly ? 1 : Infinity
  const places: (BoundTasks | null)[] = Array.from({ length: tasks }, () => null)
  const engine: BoundedEngine = {
    name: `tfjs/${backend}`,
    budget: new MemoryBudget(options.maximumFloats ?? DEFAULT_MAXIMUM_FLOATS),
    dropAll: () => places.forEach((bound) => bound?.drop()),
    isEnded: false,
    onSmallerBlocks: options.onSmallerBlocks,
  }
  let disposed = false

  const expectUsable = (requests: readonly ForTask<readonly unknown[]>[]) => {
    if (disposed) throw new Error('The TensorFlow.js engine is disposed.')
    expectPlaces(requests, tasks)
  }
  const expectTheta = (theta: Float32Array) => expectLength('theta', theta, thetaCount)
  const expectWeights = (place: number, weights: readonly Float32Array[]) => {
    const { rows } = taskAt(places, place)
    for (const vector of weights) expectAtLeast('weights', vector, rows)
  }
  /** Computes what was bound together at once. @returns results in the order of the requests */
  const onBound = async <A extends readonly unknown[]>(
    requests: readonly ForTask<A>[],
    compute: (share: SharePlaces<A>) => Tensor,
  ): Promise<Float32Array[]> => {
    if (requests.length === 0) return []
    const shares = shareOut(requests, places)
    const rows = await inMemory(engine, () => {
      for (const { bound } of shares) bound.load()
      return read(tf, () =>
        tf.concat(
          shares.map((share) => share.bound.onDevice(() => compute(choose(tf, share)))),
          0,
        ),
      )
    })
    const results = new Array<Float32Array>(requests.length)
    shares.flatMap(({ positions }) => positions).forEach((position, i) => (results[position] = rows[i]!))
    return results
  }

  return {
    policyShape,
    name: engine.name,
    tasks,

    async bind(requests) {
      expectUsable(requests)
      for (const { arguments: given } of requests) {
        const [batch, theta, fisherStride] = given
        expectTheta(theta)
        expectBindable(batch, fisherStride)
      }
      const bound = inGroups(requests, mostTasks).map((group) => {
        const members = group.map(({ place, arguments: given }): BoundTask => {
          const [batch, theta, fisherStride] = given
          return { place, batch, rows: batch.size, theta: theta.slice(), fisherStride }
        })
        const beside = members.every(({ rows }) => rows <= taskRows) ? mostTasks : members.length
        return new BoundTasks(options, policyShape, meanNetwork, engine.budget, members, beside)
      })
      const replaced = new Set(requests.map(({ place }) => places[place]!))
      for (const group of bound) for (const { place } of group.tasks) places[place] = group
      await inMemory(engine, () => {
        for (const group of replaced) if (group && !places.includes(group)) group.drop()
        bound.forEach((group) => group.load())
      })
    },

    async surrogateGradient(requests) {
      expectUsable(requests)
      for (const { place, arguments: given } of requests) {
        const [theta, weights] = given
        expectTheta(theta)
        expectWeights(place, [weights])
      }
      return onBound(requests, (share) => surrogateGradients(context, share))
    },

    async surrogateHessianProduct(requests) {
      expectUsable(requests)
      for (const { place, arguments: given } of requests) {
        const [theta, weights, v] = given
        expectTheta(theta)
        expectWeights(place, [weights])
        expectLength('v', v, thetaCount)
      }
      return onBound(requests, (share) => surrogateHessianProducts(context, share))
    },

    async fisherProduct(requests) {
      expectUsable(requests)
      for (const { arguments: given } of requests) expectLength('v', given[0], thetaCount)
      const products = await onBound(requests, (share) => fisherProducts(context, share))
      return products.map((product, i) => withLogStdProduct(policyShape, product, requests[i]!.arguments[0]))
    },

    async evaluatePolicy(requests) {
      expectUsable(requests)
      for (const { place, arguments: given } of requests) {
        const [theta, weights] = given
        expectTheta(theta)
        expectWeights(place, weights)
      }
      const old = requests.map(({ place }) => taskAt(places, place).theta)
      const vectors = Math.max(0, ...requests.map(({ arguments: given }) => given[1].length))
      const sums = await onBound(requests, (share) => policyEvaluations(context, share, vectors))
      return sums.map((sum, i) => {
        const [theta, weights] = requests[i]!.arguments
        return {
          kl: meanKl(policyShape, old[i]!, theta, sum),
          surrogates: Array.from(sum.subarray(actionSize, actionSize + weights.length)),
        }
      })
    },

    async values(requests) {
      expectUsable(requests)
      for (const { arguments: given } of requests) {
        const [critic, observations, count] = given
        expectLength('critic', critic, valueCount)
        expectAtLeast('observations', observations, count * observationSize)
      }
      const longest = Math.max(0, ...requests.map(({ arguments: given }) => given[2]))
      if (longest === 0) return requests.map(() => new Float32Array(0))
      const rows = await inMemory(engine, () => {
        const parts = () =>
          inGroups(requests, mostTasks).map((group) => {
            const rowsPerBlock = engine.budget.rowsOf(group.length * widest)
            return valuesOf(tf, valueNetwork, group, observationSize, longest, rowsPerBlock)
          })
        return read(tf, () => tf.concat(parts(), 0))
      })
      return rows.map((values, i) => values.slice(0, requests[i]!.arguments[2]))
    },

    async fitCritics(requests) {
      expectUsable(requests)
      const entries: FitEntry[] = []
      for (const { arguments: given } of requests) {
        const [batch, fits, epochs, settings] = given
        expectFits(batch, fits, epochs, settings, valueCount)
        const minibatches = minibatchesOf(epochs, settings.minibatch)
        if (minibatches.length === 0) continue
        const { observations, size: rows } = batch
        for (const fit of fits) entries.push({ fit, observations, rows, minibatches, settings })
      }
      if (entries.length === 0) return
      const results = await inMemory(engine, () => {
        const { budget } = engine
        const limits = {
          entries: mostCritics,
          rows: budget.rowsOf(observationSize),
          minibatchRows: budget.rowsOf(widest),
        }
        const groups = groupFits(entries, limits)
        return read(tf, () => queueGroups(tf, valueNetwork, valueShape, groups))
      })
      entries.forEach((entry, i) => storeFit(entry, results[i]!))
    },

    dispose() {
      if (!engine.isEnded) engine.dropAll()
      places.fill(null)
      disposed = true
    },
  }
}
