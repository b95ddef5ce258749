import { solveCpo } from './cpo-dual.ts'
import { acceptsConstrained, combination, linearQuadraticModel } from './cpo-model.ts'
import { lineSearch, type PolicyStep } from './line-search.ts'
import type { PolicyStepInput } from './policy-step-input.ts'
import { scaleIntoRegion } from './trust-region.ts'

/** One step of Constrained Policy Optimization (Achiam et al., 2017, algorithm 1). */
export async function cpoStep(input: PolicyStepInput): Promise<PolicyStep> {
  const { learner, violation, settings, where } = input
  const { reward, cost, model } = await linearQuadraticModel(input)
  const { feasibility, alongReward, alongCost } = solveCpo(model)
  // Eq. 13, x = (H^-1 g - nu H^-1 b) / lambda; in recovery eq. 14.
  const x = combination(alongReward, reward.x, alongCost, cost.x)
  const still = alongReward === 0 && alongCost === 0
  return lineSearch({
    ...input,
    objective: input.rewardAdvantages,
    x,
    fullScale: still ? 0 : await scaleIntoRegion(learner, x, settings.kl, where),
    accepts: acceptsConstrained(feasibility, violation, settings.kl),
    feasibility,
  })
}
