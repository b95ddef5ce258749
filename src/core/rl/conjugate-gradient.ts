import type { Awaitable } from '../nn/learner.ts'

export interface ConjugateGradientResult {
  /** Approximate solution of A x = b. */
  readonly x: Float64Array
  /** x' A x, from the residual: x'(b - r). */
  readonly quadratic: number
  readonly iterations: number
  /** |b - A x| / |b| as the recurrence sees it. */
  readonly relativeResidual: number
}

const RELATIVE_TOLERANCE = 1e-8

/**
 * Conjugate gradients for a symmetric positive definite A given by its product (Hestenes & Stiefel, 1952).
 * Vectors are float64, so that the recurrence adds no rounding to the product's own.
 */
export async function conjugateGradient(
  product: (v: Float32Array) => Awaitable<Float32Array>,
  b: ArrayLike<number>,
  steps: number,
  damping: number,
): Promise<ConjugateGradientResult> {
  const n = b.length
  const x = new Float64Array(n)
  const r = Float64Array.from(b)
  const p = r.slice()
  const direction = new Float32Array(n)
  const target = dot(r, r)
  let rr = target
  let iterations = 0
  while (iterations < steps && rr > RELATIVE_TOLERANCE ** 2 * target) {
    direction.set(p)
    const q = await product(direction)
    let curvature = 0
    for (let i = 0; i < n; i++) curvature += p[i]! * (q[i]! + damping * p[i]!)
    if (!(curvature > 0)) break // also stops at NaN: the caller sees it in the result
    const alpha = rr / curvature
    for (let i = 0; i < n; i++) {
      x[i]! += alpha * p[i]!
      r[i]! -= alpha * (q[i]! + damping * p[i]!)
    }
    const rrNext = dot(r, r)
    const beta = rrNext / rr
    for (let i = 0; i < n; i++) p[i] = r[i]! + beta * p[i]!
    rr = rrNext
    iterations++
  }
  let quadratic = 0
  for (let i = 0; i < n; i++) quadratic += x[i]! * (b[i]! - r[i]!)
  return { x, quadratic, iterations, relativeResidual: target > 0 ? Math.sqrt(rr / target) : 0 }
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}
