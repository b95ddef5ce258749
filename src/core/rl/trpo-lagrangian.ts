import type { Learner } from '../nn/learner.ts'
import { trpoStep, type LineSearchSettings, type PolicyStep } from './trpo.ts'
import type { LogStdBounds, TrustRegionSettings } from './trust-region.ts'

/**
 * TRPO on the Lagrangian of eq. 7: the surrogate's advantage is (A_R - lambda A_C) / (1 + lambda). The division only
 * rescales the objective, so that the step's scale does not grow with lambda (Ray et al., 2019, section 4).
 */
export function trpoLagrangianStep(
  learner: Learner,
  theta: Float32Array,
  rewardAdvantages: Float32Array,
  costAdvantages: Float32Array,
  lambda: number,
  settings: TrustRegionSettings & LineSearchSettings,
  bounds: LogStdBounds,
  where: string,
): Promise<PolicyStep> {
  return trpoStep(
    learner,
    theta,
    lagrangianAdvantages(rewardAdvantages, costAdvantages, lambda),
    settings,
    bounds,
    where,
  )
}

export function lagrangianAdvantages(rewards: Float32Array, costs: Float32Array, lambda: number): Float32Array {
  return rewards.map((advantage, i) => (advantage - lambda * costs[i]!) / (1 + lambda))
}
