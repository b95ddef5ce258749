import type { Batch } from '../rl/batch.ts'
import type { CriticState } from './critic.ts'
import type { PolicyShape } from './policy.ts'

/** A value now (SIMD) or later (an engine on another device); algorithms always `await` it. */
export type Awaitable<T> = T | Promise<T>

/** What a candidate policy is worth on the bound batch. */
export interface PolicyEvaluation {
  /** KL(old || candidate), summed over action dimensions, mean over rows. */
  readonly kl: number
  /** mean_t ratio_t * weights_t, one per weight vector asked for. */
  readonly surrogates: readonly number[]
}

export interface CriticFit {
  /** Updated in place: parameters and Adam moments. */
  readonly critic: CriticState
  /** Regression targets by row, [batch.size]. */
  readonly targets: Float32Array
}

export interface CriticFitSettings {
  readonly minibatch: number
  readonly learningRate: number
  /** Coefficient c of the penalty c * |parameters|^2 (OmniSafe's `critic_norm_coef`). */
  readonly l2: number
  /** Largest gradient norm; longer gradients are scaled to it. */
  readonly maxGradientNorm: number
}

/** The policy forward of rollouts: synchronous, always on the SIMD kernels, so that all engines see the same data. */
export interface PolicyForward {
  createBatch(capacity: number, episodes: number): Batch
  /** Makes `theta` the policy of the following forwards. */
  loadPolicy(theta: Float32Array): void
  /** Writes the means of rows [from, from + count) of `batch.observations` to `batch.means`. */
  forwardPolicy(batch: Batch, from: number, count: number): void
}

/**
 * The few operations that all algorithms are made of. One implementation per engine; parameters travel as plain
 * Float32Arrays in the order of `policyTensors` / `criticTensors`, and every result is a fresh array.
 */
export interface Learner {
  readonly policyShape: PolicyShape
  /** Engine and kernel, as a run records it, e.g. `simd/relaxed`. */
  readonly name: string

  /**
   * Makes `batch` the data and `theta` the old policy of the calls below; caches activations and old means.
   * The Fisher product uses rows 0, fisherStride, 2 fisherStride, ...
   */
  bind(batch: Batch, theta: Float32Array, fisherStride: number): Awaitable<void>
  /** Gradient with respect to theta, at theta, of mean_t exp(log pi_theta(a_t|s_t) - logProbs_t) * weights_t. */
  surrogateGradient(theta: Float32Array, weights: Float32Array): Awaitable<Float32Array>
  /** Hessian with respect to theta, at theta, of what `surrogateGradient` differentiates, times v. */
  surrogateHessianProduct(theta: Float32Array, weights: Float32Array, v: Float32Array): Awaitable<Float32Array>
  /** Hessian of mean_t KL(old || .) at the old policy times v (KL summed over action dimensions), without damping. */
  fisherProduct(v: Float32Array): Awaitable<Float32Array>
  /** KL and surrogates of a candidate policy on the bound batch. */
  evaluatePolicy(theta: Float32Array, weights: readonly Float32Array[]): Awaitable<PolicyEvaluation>
  /** A critic's values of the first `count` rows of `observations` ([count x inputs]). */
  values(critic: Float32Array, observations: Float32Array, count: number): Awaitable<Float32Array>
  /**
   * Adam on mean squared error, minibatch by minibatch in the given order of rows (a concatenation of epochs; a
   * minibatch never crosses an epoch's end). Several critics share the gathered minibatches.
   */
  fitCritics(
    batch: Batch,
    fits: readonly CriticFit[],
    epochs: readonly Int32Array[],
    settings: CriticFitSettings,
  ): Awaitable<void>
}
