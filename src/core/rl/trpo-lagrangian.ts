import type { PolicyStep } from './line-search.ts'
import type { PolicyStepInput } from './policy-step-input.ts'
import { trpoStep } from './trpo.ts'

/**
 * TRPO on the Lagrangian of eq. 7: the surrogate's advantage is (A_R - lambda A_C) / (1 + lambda). The division only
 * rescales the objective, so that the step's scale does not grow with lambda (Ray et al., 2019, section 4).
 */
export function trpoLagrangianStep(input: PolicyStepInput): Promise<PolicyStep> {
  return trpoStep(input, lagrangianAdvantages(input.rewardAdvantages, input.costAdvantages, input.lambda))
}

export function lagrangianAdvantages(rewards: Float32Array, costs: Float32Array, lambda: number): Float32Array {
  return rewards.map((advantage, i) => (advantage - lambda * costs[i]!) / (1 + lambda))
}
