import type { Learner } from '../nn/learner.ts'
import { naturalDirection, stepAlong, type LogStdBounds, type TrustRegionSettings } from './trust-region.ts'

export interface LineSearchSettings {
  readonly backtracks: number
  readonly backtrackRatio: number
}

/** What a constrained policy step did. */
export interface PolicyStep {
  readonly theta: Float32Array
  /** False: no candidate was acceptable and the old policy stays. */
  readonly accepted: boolean
  /** Candidates tried. */
  readonly candidates: number
  /** Measured KL(old || new) on the whole batch; 0 if the old policy stays. */
  readonly kl: number
  /** Measured gain of the surrogate; 0 if the old policy stays. */
  readonly improvement: number
}

/**
 * One trust-region step on the surrogate mean_t ratio_t weights_t (Schulman et al., 2015, eq. 14; C-MAML eq. 25):
 * natural gradient, then a line search that accepts the first candidate that improves the surrogate within the KL
 * bound, both measured on the whole batch. A candidate that is not finite shrinks the step; at worst the old policy
 * stays. A gradient or Fisher product that is not finite is an error.
 *
 * The learner must be bound to (batch, theta).
 */
export async function trpoStep(
  learner: Learner,
  theta: Float32Array,
  weights: Float32Array,
  settings: TrustRegionSettings & LineSearchSettings,
  bounds: LogStdBounds,
  where: string,
): Promise<PolicyStep> {
  const shape = learner.policyShape
  const gradient = await learner.surrogateGradient(theta, weights)
  const { x, fullScale } = await naturalDirection(learner, gradient, settings, where)
  const old = await learner.evaluatePolicy(theta, [weights])
  const stay: PolicyStep = { theta, accepted: false, candidates: 0, kl: 0, improvement: 0 }
  if (!(fullScale > 0)) return stay

  let scale = fullScale
  for (let k = 1; k <= settings.backtracks; k++, scale *= settings.backtrackRatio) {
    const candidate = stepAlong(shape, theta, x, scale, bounds)
    const { kl, surrogates } = await learner.evaluatePolicy(candidate, [weights])
    const improvement = surrogates[0]! - old.surrogates[0]!
    if (kl <= settings.kl && improvement >= 0)
      return { theta: candidate, accepted: true, candidates: k, kl, improvement }
  }
  return { ...stay, candidates: settings.backtracks }
}
