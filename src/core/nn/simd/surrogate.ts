import type { Batch } from '../../rl/batch.ts'
import { klDivergence, logProbability, type Spread } from '../gaussian.ts'

/** Rows [from, from + count) of a batch with `rows` rows; means are a block's, starting at row `from`. */
export interface BlockRange {
  readonly from: number
  readonly count: number
  readonly rows: number
}

/**
 * Writes the derivative of mean_t ratio_t weights_t with respect to the means of the block to `errors`, and adds that
 * with respect to the log standard deviations to `logStdGradient`:
 * d ratio / d mean = ratio z / std, d ratio / d log std = ratio (z^2 - 1), z = (action - mean) / std.
 */
export function addSurrogateErrors(
  batch: Batch,
  { from, count, rows }: BlockRange,
  spread: Spread,
  means: Float32Array,
  weights: Float32Array,
  errors: Float32Array,
  logStdGradient: Float64Array,
): void {
  const { actions, logProbs } = batch
  const { inverseStd } = spread
  const size = inverseStd.length
  for (let i = 0; i < count; i++) {
    const row = from + i
    const ratio = Math.exp(logProbability(spread, actions, row * size, means, i * size) - logProbs[row]!)
    const scale = (ratio * weights[row]!) / rows
    for (let k = 0; k < size; k++) {
      const z = (actions[row * size + k]! - means[i * size + k]!) * inverseStd[k]!
      errors[i * size + k] = scale * z * inverseStd[k]!
      logStdGradient[k]! += scale * (z * z - 1)
    }
  }
}

/** A direction in which a policy moves, as a block of rows sees it. */
export interface PolicyTangent {
  /** [rows x actions] */
  readonly means: Float32Array
  readonly logStd: Float32Array
}

/**
 * Writes the same `errors` as `addSurrogateErrors` and their derivatives along `tangent` to `tangents`, and adds the
 * derivative along `tangent` of that function's log standard deviation gradient to `logStdProduct`. The ratio moves as
 * well as z, so that the Hessian holds the score's outer product beside its derivative: d ratio = ratio d log pi,
 * d log pi = sum_k z / std d mean + (z^2 - 1) d log std, d z = -d mean / std - z d log std.
 */
export function addSurrogateErrorTangents(
  batch: Batch,
  { from, count, rows }: BlockRange,
  spread: Spread,
  means: Float32Array,
  weights: Float32Array,
  tangent: PolicyTangent,
  { errors, tangents }: { readonly errors: Float32Array; readonly tangents: Float32Array },
  logStdProduct: Float64Array,
): void {
  const { actions, logProbs } = batch
  const { inverseStd } = spread
  const size = inverseStd.length
  for (let i = 0; i < count; i++) {
    const row = from + i
    const ratio = Math.exp(logProbability(spread, actions, row * size, means, i * size) - logProbs[row]!)
    const scale = (ratio * weights[row]!) / rows
    let score = 0
    for (let k = 0; k < size; k++) {
      const z = (actions[row * size + k]! - means[i * size + k]!) * inverseStd[k]!
      score += z * inverseStd[k]! * tangent.means[i * size + k]! + (z * z - 1) * tangent.logStd[k]!
    }
    for (let k = 0; k < size; k++) {
      const z = (actions[row * size + k]! - means[i * size + k]!) * inverseStd[k]!
      const dz = -tangent.means[i * size + k]! * inverseStd[k]! - z * tangent.logStd[k]!
      errors[i * size + k] = scale * z * inverseStd[k]!
      tangents[i * size + k] = scale * (score * z + dz - z * tangent.logStd[k]!) * inverseStd[k]!
      logStdProduct[k]! += scale * (score * (z * z - 1) + 2 * z * dz)
    }
  }
}

/** Adds the block's part of mean_t ratio_t weights_t to `surrogates`, one per weight vector. */
export function addSurrogates(
  batch: Batch,
  { from, count, rows }: BlockRange,
  spread: Spread,
  means: Float32Array,
  weights: readonly Float32Array[],
  surrogates: number[],
): void {
  const size = spread.inverseStd.length
  for (let i = 0; i < count; i++) {
    const row = from + i
    const logProb = logProbability(spread, batch.actions, row * size, means, i * size)
    const share = Math.exp(logProb - batch.logProbs[row]!) / rows
    for (let w = 0; w < weights.length; w++) surrogates[w]! += share * weights[w]![row]!
  }
}

/** Sum over a block's rows of KL(old || candidate). */
export function sumKl(
  count: number,
  old: Spread,
  oldMeans: Float32Array,
  candidate: Spread,
  means: Float32Array,
): number {
  const size = old.logStd.length
  let sum = 0
  for (let i = 0; i < count; i++) sum += klDivergence(old, oldMeans, i * size, candidate, means, i * size)
  return sum
}
