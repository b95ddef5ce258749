import { dot } from './conjugate-gradient.ts'
import type { ConstrainedModel, Feasibility } from './cpo-dual.ts'
import { NonFiniteError } from './finite.ts'
import type { CandidateMeasures } from './line-search.ts'
import { parameterRates, type ParameterRates } from './parameter-rates.ts'
import type { PolicyStepInput } from './policy-step-input.ts'
import { naturalDirection, type NaturalDirection } from './trust-region.ts'

/** What CPO and PCPO build their steps of. */
export interface CostModel {
  /** H^-1 g. */
  readonly reward: NaturalDirection
  /** H^-1 b. */
  readonly cost: NaturalDirection
  readonly costGradient: Float32Array
  readonly rates: ParameterRates
  readonly model: ConstrainedModel
}

/** Gradients of both surrogates and their natural directions: two conjugate-gradient solves. */
export async function linearQuadraticModel(input: PolicyStepInput): Promise<CostModel> {
  const { learner, theta, rewardAdvantages, costAdvantages, violation, settings, where } = input
  if (!(violation < Infinity)) throw new NonFiniteError('constraint violation', violation, where)
  const rates = parameterRates(learner.policyShape, settings)
  const rewardGradient = await learner.surrogateGradient(theta, rewardAdvantages)
  const costGradient = await learner.surrogateGradient(theta, costAdvantages)
  const reward = await naturalDirection(learner, rewardGradient, settings, where, rates)
  const cost = await naturalDirection(learner, costGradient, settings, where, rates)
  // r as b'(H^-1 g), not g'(H^-1 b): the two differ by the solver's error, and with this one the linear constraint holds
  // exactly for the step that is made of H^-1 g.
  const r = dot(costGradient, reward.x)
  const model = { q: reward.quadratic, r, s: cost.quadratic, c: violation, delta: settings.kl }
  return { reward, cost, costGradient, rates, model }
}

/**
 * The line search of Achiam et al. (2017, section 6.3): KL within its bound, and no more cost than the constraint leaves
 * (none where it is violated). The reward may only be asked to improve where the old policy is feasible: from outside,
 * even the model's best step may have to give reward up.
 */
export function acceptsConstrained(feasibility: Feasibility, violation: number, maxKl: number) {
  const recovers = feasibility === 'feasible-outside' || feasibility === 'infeasible-recovery'
  return ({ kl, improvement, costChange }: CandidateMeasures): boolean =>
    kl <= maxKl && costChange <= Math.max(-violation, 0) && (recovers || improvement >= 0)
}

/** u x + v y. */
export function combination(u: number, x: Float64Array, v: number, y: ArrayLike<number>): Float64Array {
  return x.map((value, i) => u * value + v * y[i]!)
}
