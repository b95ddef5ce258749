import { dot } from './conjugate-gradient.ts'
import { feasibilityOf } from './cpo-dual.ts'
import { acceptsConstrained, combination, linearQuadraticModel } from './cpo-model.ts'
import { lineSearch, type PolicyStep } from './line-search.ts'
import { scaledByRates } from './parameter-rates.ts'
import type { PolicyStepInput } from './policy-step-input.ts'
import { scaleIntoRegion } from './trust-region.ts'

/**
 * One step of Projection-Based Constrained Policy Optimization (Yang et al., 2020, algorithm 1): the reward step of TRPO
 * (eq. 4), then the nearest point of the linearised constraint set (eq. 5), near in KL (L = H) or in the parameters
 * (L = I). With rates, the parameters are z of theta_old + D z, so that L^-1 = D^2.
 *
 * A projection from far outside leaves the trust region; the step is shortened to it before the line search.
 */
export async function pcpoStep(input: PolicyStepInput): Promise<PolicyStep> {
  const { learner, violation, settings, where } = input
  const { reward, cost, costGradient, rates, model } = await linearQuadraticModel(input)
  const feasibility = feasibilityOf(model)
  const projector = settings.pcpoProjection === 'kl' ? cost.x : scaledByRates(rates, scaledByRates(rates, costGradient))
  const length =
    feasibility === 'no-cost-gradient'
      ? 0
      : projectionLength(violation, reward.fullScale * model.r, dot(costGradient, projector))
  const x = combination(reward.fullScale, reward.x, -length, projector)
  const still = reward.fullScale === 0 && length === 0
  return lineSearch({
    ...input,
    objective: input.rewardAdvantages,
    x,
    fullScale: still ? 0 : await scaleIntoRegion(learner, x, settings.kl, where),
    accepts: acceptsConstrained(feasibility, violation, settings.kl),
    feasibility,
  })
}

/**
 * Eq. 6: how far to go back along L^-1 b from a step that changes the cost by `change` = b'x.
 * @param violation c
 * @param curvature b'L^-1 b
 */
export function projectionLength(violation: number, change: number, curvature: number): number {
  return Math.max(0, violation + change) / curvature
}
