import type { Learner } from '../nn/learner.ts'
import { logStdOf, type PolicyShape } from '../nn/policy.ts'
import { conjugateGradient, dot } from './conjugate-gradient.ts'
import { assertFinite } from './finite.ts'

/** Where the log standard deviation may move: exploration neither collapses nor explodes. */
export interface LogStdBounds {
  readonly minLogStd: number
  readonly maxLogStd: number
}

export interface TrustRegionSettings {
  /** Bound on KL(old || new), summed over action dimensions, mean over rows. */
  readonly kl: number
  readonly conjugateGradientSteps: number
  readonly damping: number
}

/** The natural direction x = (F + damping I)^-1 b and the scale at which 1/2 s^2 x'(F + damping I)x reaches the bound. */
export interface NaturalDirection {
  readonly x: Float64Array
  /** sqrt(2 kl / x'(F + damping I)x); 0 where there is no usable direction. */
  readonly fullScale: number
  /** b'x: first-order gain of a unit step. */
  readonly gain: number
}

/**
 * Schulman et al. (2015), appendix C; the learner must be bound to the old policy and its batch.
 * @param where `iteration 12, task 233`, for the error that anything not finite is
 */
export async function naturalDirection(
  learner: Learner,
  gradient: ArrayLike<number>,
  { kl, conjugateGradientSteps, damping }: TrustRegionSettings,
  where: string,
): Promise<NaturalDirection> {
  assertFinite('policy gradient', gradient, where)
  const product = async (v: Float32Array) => {
    const result = await learner.fisherProduct(v)
    assertFinite('Fisher product', result, where)
    return result
  }
  const { x, quadratic } = await conjugateGradient(product, gradient, conjugateGradientSteps, damping)
  const usable = quadratic > 0 && Number.isFinite(quadratic)
  return { x, fullScale: usable ? Math.sqrt((2 * kl) / quadratic) : 0, gain: dot(gradient, x) }
}

/** theta + scale * x, with the log standard deviations projected to their bounds. */
export function stepAlong(
  shape: PolicyShape,
  theta: Float32Array,
  x: Float64Array,
  scale: number,
  bounds: LogStdBounds,
): Float32Array {
  const candidate = theta.map((value, i) => value + scale * x[i]!)
  projectLogStd(shape, candidate, bounds)
  return candidate
}

/** In place. */
export function projectLogStd(shape: PolicyShape, theta: Float32Array, { minLogStd, maxLogStd }: LogStdBounds): void {
  const logStd = logStdOf(shape, theta)
  logStd.forEach((value, i) => {
    logStd[i] = Math.min(maxLogStd, Math.max(minLogStd, value))
  })
}
