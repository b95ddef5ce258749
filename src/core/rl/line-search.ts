import type { Learner } from '../nn/learner.ts'
import type { Feasibility } from './cpo-dual.ts'
import { stepAlong, type LogStdBounds } from './trust-region.ts'

export interface LineSearchSettings {
  /** Most candidates. */
  readonly backtracks: number
  /** Factor on the scale from candidate to candidate, below 1. */
  readonly backtrackRatio: number
}

/** What a candidate policy does on the whole batch; all of it is finite. */
export interface CandidateMeasures {
  /** KL(old || candidate). */
  readonly kl: number
  /** Change of the objective's surrogate. */
  readonly improvement: number
  /** Change of the cost surrogate, cost per step. */
  readonly costChange: number
}

/** What a policy step did. Every number is finite. */
export interface PolicyStep {
  readonly theta: Float32Array
  /** False: no candidate was acceptable and the old policy stays. */
  readonly accepted: boolean
  /** Candidates tried. */
  readonly candidates: number
  /** Measured KL(old || new) on the whole batch; 0 if the old policy stays. */
  readonly kl: number
  /** Measured change of the surrogate that the step maximises; 0 if the old policy stays. */
  readonly improvement: number
  /** Measured change of the cost surrogate, cost per step; 0 if the old policy stays. */
  readonly costChange: number
  readonly feasibility: Feasibility
}

export interface LineSearch {
  readonly learner: Learner
  readonly theta: Float32Array
  /** Advantages of the surrogate that the step maximises. */
  readonly objective: Float32Array
  readonly costAdvantages: Float32Array
  /** Candidates are theta + scale * x. */
  readonly x: ArrayLike<number>
  /** The first candidate's scale; 0 keeps the old policy. */
  readonly fullScale: number
  readonly settings: LineSearchSettings
  readonly bounds: LogStdBounds
  readonly accepts: (candidate: CandidateMeasures) => boolean
  readonly feasibility: Feasibility
}

/**
 * Takes the first acceptable candidate of theta + scale * x. The scale shrinks after every candidate that is not taken,
 * for whatever reason, above all one whose measures are not finite; at worst the old policy stays.
 */
export async function lineSearch(search: LineSearch): Promise<PolicyStep> {
  const { learner, theta, objective, costAdvantages, x, settings, bounds, feasibility } = search
  const stay = { theta, accepted: false, candidates: 0, kl: 0, improvement: 0, costChange: 0, feasibility }
  if (!(search.fullScale > 0)) return stay

  const measure = async (policy: Float32Array) => {
    const { kl, surrogates } = await learner.evaluatePolicy(policy, [objective, costAdvantages])
    return { kl, objective: surrogates[0]!, cost: surrogates[1]! }
  }
  const old = await measure(theta)
  let scale = search.fullScale
  for (let k = 1; k <= settings.backtracks; k++, scale *= settings.backtrackRatio) {
    const candidate = stepAlong(learner.policyShape, theta, x, scale, bounds)
    const { kl, ...surrogates } = await measure(candidate)
    const improvement = surrogates.objective - old.objective
    const costChange = surrogates.cost - old.cost
    const finite = Number.isFinite(kl) && Number.isFinite(improvement) && Number.isFinite(costChange)
    if (finite && search.accepts({ kl, improvement, costChange }))
      return { theta: candidate, accepted: true, candidates: k, kl, improvement, costChange, feasibility }
  }
  return { ...stay, candidates: settings.backtracks }
}
