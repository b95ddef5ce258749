import { assertFinite } from './finite.ts'
import { lineSearch, type PolicyStep } from './line-search.ts'
import { parameterRates, scaledByRates } from './parameter-rates.ts'
import type { PolicyStepInput } from './policy-step-input.ts'
import { lagrangianAdvantages } from './trpo-lagrangian.ts'

/**
 * The plain gradient step of eq. 3, as ascent on the Lagrangian surrogate of eq. 7:
 * theta + gradientRate * D * grad, D the parameters' rates (a step size per parameter, as in Meta-SGD, Li et al., 2017).
 * No trust region: KL and surrogates are measured, and only a candidate that makes them not finite halves the step.
 */
export async function gradientStep(input: PolicyStepInput): Promise<PolicyStep> {
  const { learner, theta, rewardAdvantages, costAdvantages, lambda, settings, where } = input
  const objective = lagrangianAdvantages(rewardAdvantages, costAdvantages, lambda)
  const gradient = await learner.surrogateGradient(theta, objective)
  assertFinite('policy gradient', gradient, where)
  return lineSearch({
    ...input,
    objective,
    x: scaledByRates(parameterRates(learner.policyShape, settings), gradient),
    fullScale: settings.gradientRate,
    settings: { backtracks: settings.backtracks, backtrackRatio: 0.5 },
    accepts: () => true,
    feasibility: 'unconstrained',
  })
}
