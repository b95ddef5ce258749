import type { Learner } from '../nn/learner.ts'
import type { LineSearchSettings } from './line-search.ts'
import type { ParameterRateSettings } from './parameter-rates.ts'
import type { LogStdBounds, TrustRegionSettings } from './trust-region.ts'

export interface PolicyStepSettings extends TrustRegionSettings, LineSearchSettings, ParameterRateSettings {
  /** Step size of the plain gradient step. */
  readonly gradientRate: number
  /** Metric of PCPO's projection on the constraint set. */
  readonly pcpoProjection: 'kl' | 'l2'
}

/** What every policy step is given; each algorithm uses what its paper uses. */
export interface PolicyStepInput {
  /** Bound to (batch, theta). */
  readonly learner: Learner
  readonly theta: Float32Array
  /** Standardised. */
  readonly rewardAdvantages: Float32Array
  /** Centred only: the cost surrogate is a cost per step. */
  readonly costAdvantages: Float32Array
  /** Multiplier of the Lagrangian (trpo-lag, gradient). */
  readonly lambda: number
  /**
   * c of the linearised constraint c + b'(theta - theta_old) <= 0 (cpo, pcpo): (J_C - d) / mean episode length. As cost
   * per step it has the unit of the surrogate, a mean over transitions (Ray et al., 2019, divide by the episode length
   * too). -Infinity where there is no limit.
   */
  readonly violation: number
  readonly settings: PolicyStepSettings
  readonly bounds: LogStdBounds
  /** `iteration 12, task 233`, for the error that anything not finite is. */
  readonly where: string
}
