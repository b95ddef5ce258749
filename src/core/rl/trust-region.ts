import type { Learner } from '../nn/learner.ts'
import { logStdOf, type PolicyShape } from '../nn/policy.ts'
import { conjugateGradient, dot } from './conjugate-gradient.ts'
import { assertFinite } from './finite.ts'
import { scaledByRates, type ParameterRates } from './parameter-rates.ts'

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

/**
 * The natural direction x = H^-1 b, H = F + damping I, and the scale at which 1/2 s^2 x'Hx reaches the bound. All zero
 * where there is no usable direction.
 */
export interface NaturalDirection {
  readonly x: Float64Array
  /** sqrt(2 kl / x'Hx) */
  readonly fullScale: number
  /** x'Hx = b'H^-1 b */
  readonly quadratic: number
  /** b'x: first-order gain of a unit step. */
  readonly gain: number
}

/**
 * Schulman et al. (2015), appendix C; the learner must be bound to the old policy and its batch.
 * With rates D the direction is D z, z = (D F D + damping I)^-1 D b, so that everywhere above H^-1 stands for
 * D (D F D + damping I)^-1 D.
 * @param where `iteration 12, task 233`, for the error that anything not finite is
 */
export async function naturalDirection(
  learner: Learner,
  gradient: ArrayLike<number>,
  { kl, conjugateGradientSteps, damping }: TrustRegionSettings,
  where: string,
  rates?: ParameterRates,
): Promise<NaturalDirection> {
  assertFinite('policy gradient', gradient, where)
  const product = async (v: Float32Array) => {
    const result = await learner.fisherProduct(scaledByRates(rates, v))
    assertFinite('Fisher product', result, where)
    return scaledByRates(rates, result)
  }
  const b = rates ? scaledByRates(rates, Float64Array.from(gradient)) : gradient
  const { x: z, quadratic } = await conjugateGradient(product, b, conjugateGradientSteps, damping)
  if (!(quadratic > 0 && Number.isFinite(quadratic))) return { x: z.fill(0), fullScale: 0, quadratic: 0, gain: 0 }
  const x = scaledByRates(rates, z)
  return { x, fullScale: Math.sqrt((2 * kl) / quadratic), quadratic, gain: dot(gradient, x) }
}

/**
 * The largest scale, at most 1, at which the step x stays in the trust region of the model: 1/2 x'Fx <= kl. A sum of
 * two natural directions may lie outside, as each is only solved to the accuracy of a few conjugate-gradient steps.
 */
export async function scaleIntoRegion(learner: Learner, x: Float64Array, kl: number, where: string): Promise<number> {
  const product = await learner.fisherProduct(Float32Array.from(x))
  assertFinite('Fisher product', product, where)
  return Math.min(1, Math.sqrt((2 * kl) / Math.max(0, dot(x, product))))
}

/** theta + scale * x, with the log standard deviations projected to their bounds. */
export function stepAlong(
  shape: PolicyShape,
  theta: Float32Array,
  x: ArrayLike<number>,
  scale: number,
  bounds: LogStdBounds,
): Float32Array {
  const candidate = theta.map((value, i) => value + scale * x[i]!)
  projectLogStd(shape, candidate, theta, bounds)
  return candidate
}

/**
 * Projects the log standard deviations of `theta` to their bounds, in place. Those of a policy that already lies outside,
 * as one that was trained without a floor, may stay there but go no further: to force them inside at once would exceed
 * any trust region and so refuse every step.
 */
export function projectLogStd(
  shape: PolicyShape,
  theta: Float32Array,
  from: Float32Array,
  { minLogStd, maxLogStd }: LogStdBounds,
): void {
  const logStd = logStdOf(shape, theta)
  const before = logStdOf(shape, from)
  logStd.forEach((value, i) => {
    logStd[i] = Math.min(Math.max(maxLogStd, before[i]!), Math.max(Math.min(minLogStd, before[i]!), value))
  })
}
