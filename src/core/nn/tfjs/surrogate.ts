import { spreadOf } from '../gaussian.ts'
import { logStdOf, type PolicyShape } from '../policy.ts'
import type { Tensor, Tf } from './backend.ts'

/** Spreads of P policies; logarithms and their sums are taken in float64. */
export interface Spreads {
  /** [P x 1 x actions] */
  readonly inverseStd: Tensor
  /** -sum_a (logStd_a + log(2 pi) / 2), [P x 1 x 1] */
  readonly logNormaliser: Tensor
}

export function spreadsOf(tf: Tf, shape: PolicyShape, thetas: readonly Float32Array[]): Spreads {
  const spreads = thetas.map((theta) => spreadOf(logStdOf(shape, theta)))
  const { actionSize } = shape
  const inverseStd = new Float32Array(thetas.length * actionSize)
  spreads.forEach((spread, p) => inverseStd.set(spread.inverseStd, p * actionSize))
  const logNormaliser = Float32Array.from(spreads, (spread) => spread.logNormaliser)
  return {
    inverseStd: tf.tensor(inverseStd, [thetas.length, 1, actionSize]),
    logNormaliser: tf.tensor(logNormaliser, [thetas.length, 1, 1]),
  }
}

/** What of a block of rows the surrogate needs. */
export interface SurrogateRows {
  /** [P x rows x actions] */
  readonly actions: Tensor
  /** [P x rows x 1] */
  readonly logProbs: Tensor
}

/** z = (action - mean) / std, [P x rows x actions], and the ratios pi / behaviour, [P x rows x 1]. */
export function ratiosOf(
  tf: Tf,
  { actions, logProbs }: SurrogateRows,
  { inverseStd, logNormaliser }: Spreads,
  means: Tensor,
) {
  const z = tf.mul<Tensor>(tf.sub(actions, means), inverseStd)
  const squares = tf.sum<Tensor>(tf.square(z), 2, true)
  const ratios = tf.exp<Tensor>(tf.sub(tf.sub(logNormaliser, logProbs), tf.mul(0.5, squares)))
  return { z, ratios }
}

/**
 * Derivatives of sum_t ratio_t weights_t (weights hold 1 / rows) with respect to means, [P x rows x actions], and log
 * standard deviations, [P x actions]; see `addSurrogateErrors` of simd/surrogate.ts.
 */
export function surrogateErrors(tf: Tf, rows: SurrogateRows, spreads: Spreads, means: Tensor, weights: Tensor) {
  const { z, ratios } = ratiosOf(tf, rows, spreads, means)
  const scale = tf.mul<Tensor>(ratios, weights)
  const errors = tf.mul<Tensor>(tf.mul(scale, z), spreads.inverseStd)
  const logStd = tf.sum<Tensor>(tf.mul(scale, tf.sub(tf.square(z), 1)), 1)
  return { errors, logStd }
}

/** Those errors (`values`) with their derivatives along a tangent; see `addSurrogateErrorTangents` of simd/surrogate.ts. */
export function surrogateErrorTangents(
  tf: Tf,
  rows: SurrogateRows,
  spreads: Spreads,
  means: Tensor,
  weights: Tensor,
  tangent: { readonly means: Tensor; readonly logStd: Tensor },
) {
  const { inverseStd } = spreads
  const { z, ratios } = ratiosOf(tf, rows, spreads, means)
  const scale = tf.mul<Tensor>(ratios, weights)
  const moved = tf.mul<Tensor>(tangent.means, inverseStd)
  const widened = tf.mul<Tensor>(z, tangent.logStd)
  const excess = tf.sub<Tensor>(tf.square(z), 1)
  const score = tf.sum<Tensor>(tf.add(tf.mul(z, moved), tf.mul(excess, tangent.logStd)), 2, true)
  const dz = tf.neg<Tensor>(tf.add(moved, widened))
  const slope = tf.sub<Tensor>(tf.add(tf.mul(score, z), dz), widened)
  return {
    values: tf.mul<Tensor>(tf.mul(scale, z), inverseStd),
    tangents: tf.mul<Tensor>(tf.mul(scale, slope), inverseStd),
    logStd: tf.sum<Tensor>(tf.mul(scale, tf.add(tf.mul(score, excess), tf.mul(2, tf.mul(z, dz)))), 1),
  }
}
