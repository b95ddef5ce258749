import type { Batch } from '../rl/batch.ts'
import type { Awaitable, CriticFit, CriticFitSettings, PolicyEvaluation } from './learner.ts'
import type { PolicyShape } from './policy.ts'

/** One task's share of a batched call. */
export interface ForTask<Arguments extends readonly unknown[]> {
  /** Which of the engine's `tasks` places; each place holds one bound batch. A call names no place twice. */
  readonly place: number
  /** What the operation of `Learner` with the same name takes. */
  readonly arguments: Arguments
}

/**
 * The operations of `Learner` for several tasks at once: one computation with a leading task dimension, and one
 * readback for all results, which come in the order of the requests. Tasks differ in rows; a task that is not named in a
 * call (its line search has ended, say) costs nothing. Each task's result agrees with that of `Learner` on it alone.
 */
export interface BatchedLearner {
  readonly policyShape: PolicyShape
  /** Engine and backend, as a run records it, e.g. `tfjs/webgpu`. */
  readonly name: string
  /** Most tasks of one call. */
  readonly tasks: number

  bind(requests: readonly ForTask<[batch: Batch, theta: Float32Array, fisherStride: number]>[]): Awaitable<void>
  surrogateGradient(
    requests: readonly ForTask<[theta: Float32Array, weights: Float32Array]>[],
  ): Awaitable<Float32Array[]>
  surrogateHessianProduct(
    requests: readonly ForTask<[theta: Float32Array, weights: Float32Array, v: Float32Array]>[],
  ): Awaitable<Float32Array[]>
  fisherProduct(requests: readonly ForTask<[v: Float32Array]>[]): Awaitable<Float32Array[]>
  evaluatePolicy(
    requests: readonly ForTask<[theta: Float32Array, weights: readonly Float32Array[]]>[],
  ): Awaitable<PolicyEvaluation[]>
  values(
    requests: readonly ForTask<[critic: Float32Array, observations: Float32Array, count: number]>[],
  ): Awaitable<Float32Array[]>
  fitCritics(
    requests: readonly ForTask<
      [batch: Batch, fits: readonly CriticFit[], epochs: readonly Int32Array[], settings: CriticFitSettings]
    >[],
  ): Awaitable<void>
  /** Frees what the engine holds on its device; it must not be used afterwards. */
  dispose(): void
}
