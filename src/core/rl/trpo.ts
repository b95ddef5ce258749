import { lineSearch, type PolicyStep } from './line-search.ts'
import { parameterRates } from './parameter-rates.ts'
import type { PolicyStepInput } from './policy-step-input.ts'
import { naturalDirection } from './trust-region.ts'

/**
 * One trust-region step on the surrogate mean_t ratio_t weights_t (Schulman et al., 2015, eq. 14; C-MAML eq. 25):
 * natural gradient, then a line search that accepts the first candidate that improves the surrogate within the KL
 * bound, both measured on the whole batch. A gradient or Fisher product that is not finite is an error.
 *
 * @param weights advantages of the surrogate: the reward's for TRPO without constraint
 */
export async function trpoStep(input: PolicyStepInput, weights: Float32Array): Promise<PolicyStep> {
  const { learner, theta, settings, where } = input
  const rates = parameterRates(learner.policyShape, settings)
  const gradient = await learner.surrogateGradient(theta, weights)
  const { x, fullScale } = await naturalDirection(learner, gradient, settings, where, rates)
  return lineSearch({
    ...input,
    objective: weights,
    x,
    fullScale,
    accepts: ({ kl, improvement }) => kl <= settings.kl && improvement >= 0,
    feasibility: 'unconstrained',
  })
}
