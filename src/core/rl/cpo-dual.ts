/** The linear-quadratic model of a constrained policy step (Achiam et al., 2017, eq. 11 with one constraint). */
export interface ConstrainedModel {
  /** g'H^-1 g, g the gradient of the reward surrogate. */
  readonly q: number
  /** g'H^-1 b, b the gradient of the cost surrogate. */
  readonly r: number
  /** b'H^-1 b. */
  readonly s: number
  /** Violation of the old policy: c + b'x <= 0 is the constraint. -Infinity where there is none. */
  readonly c: number
  /** Trust region 1/2 x'Hx <= delta. */
  readonly delta: number
}

/** How the constraint meets the trust region around the old policy. */
export const FEASIBILITIES = [
  /** The algorithm knows no constraint. */
  'unconstrained',
  /** No step within the trust region changes the cost: as without constraint. */
  'no-cost-gradient',
  /** The whole trust region satisfies the constraint. */
  'feasible-inside',
  /** The old policy satisfies the constraint, whose boundary cuts the trust region. */
  'feasible-boundary',
  /** The old policy violates the constraint; part of the trust region satisfies it. */
  'feasible-outside',
  /** The whole trust region violates the constraint: only the cost matters. */
  'infeasible-recovery',
] as const
export type Feasibility = (typeof FEASIBILITIES)[number]

/** The optimal step x = alongReward H^-1 g + alongCost H^-1 b and the multipliers that it belongs to. */
export interface CpoSolution {
  readonly feasibility: Feasibility
  /** Multiplier of the trust region; 0 where it does not bind. */
  readonly lambda: number
  /** Multiplier of the constraint. In recovery, where g plays no part, lambda belongs to nu = 1. */
  readonly nu: number
  /** 1 / lambda, or 0 in recovery and where only the constraint binds. */
  readonly alongReward: number
  /** -nu / lambda, or its limit. */
  readonly alongCost: number
}

/**
 * Largest first-order change of the cost surrogate within the trust region, sqrt(2 delta s), that counts as none, in
 * cost per step: in 1000 steps a ten-thousandth of one step's cost, and about the rounding of float32 gradients.
 */
const NEGLIGIBLE_COST_CHANGE = 1e-7

/**
 * g and b are parallel where g's part across b has less than this share of q. Below it q - r^2 / s is rounding and the
 * step across b a random direction; leaving it out costs at most its square root, 1e-6, of the best gain.
 */
const PARALLEL = 1e-12

export function feasibilityOf({ s, c, delta }: Pick<ConstrainedModel, 's' | 'c' | 'delta'>): Feasibility {
  const reach = Math.sqrt(2 * delta * s)
  if (!(reach > NEGLIGIBLE_COST_CHANGE)) return 'no-cost-gradient'
  if (c <= -reach) return 'feasible-inside'
  if (c >= reach) return 'infeasible-recovery'
  return c <= 0 ? 'feasible-boundary' : 'feasible-outside'
}

/**
 * Solves max g'x subject to c + b'x <= 0 and 1/2 x'Hx <= delta (Achiam et al., 2017, eq. 11-14 and theorem 2 of
 * appendix 10.2, there with the minimum of -g'x).
 *
 * Theorem 2 maximises the dual over two ranges of lambda. Its maximum is where the primal says: H^-1 g at the trust
 * region's radius if that satisfies the constraint, else the constraint binds. No difference of dual values has to
 * be compared.
 */
export function solveCpo(model: ConstrainedModel): CpoSolution {
  const { q, r, s, c, delta } = model
  const feasibility = feasibilityOf(model)
  if (feasibility === 'infeasible-recovery') {
    // Eq. 14: the steepest descent of the cost, as far as the trust region goes.
    const scale = Math.sqrt((2 * delta) / s)
    return { feasibility, lambda: 1 / scale, nu: 1, alongReward: 0, alongCost: -scale }
  }

  const rewardScale = q > 0 ? Math.sqrt((2 * delta) / q) : 0
  const unbound = { feasibility, lambda: Math.sqrt(q / (2 * delta)), nu: 0, alongReward: rewardScale, alongCost: 0 }
  // A violating policy that has no cost gradient has nothing to recover with: it is left the reward step, and the line
  // search takes it only if the measured cost does not rise.
  if (feasibility === 'no-cost-gradient' || feasibility === 'feasible-inside') return unbound
  if (c + rewardScale * r <= 0) return unbound

  // The constraint binds. In units of the metric H, the step is -c / sqrt(s) along H^-1 b and, across it, what the trust
  // region leaves: B = 2 delta - c^2 / s, along g's part across b, of squared length A = q - r^2 / s. Both differences of
  // squares as products.
  const radius = Math.sqrt(2 * delta)
  const along = Math.abs(c) / Math.sqrt(s)
  const B = Math.max(0, (radius - along) * (radius + along))
  const share = Math.abs(r) / Math.sqrt(s)
  const A = (Math.sqrt(q) - share) * (Math.sqrt(q) + share)
  const across = A > PARALLEL * q && B > 0
  const lambda = across ? Math.sqrt(A / B) : 0 // lambda_a of theorem 2
  const alongReward = across ? Math.sqrt(B / A) : 0
  return {
    feasibility,
    lambda,
    nu: Math.max(0, (r + lambda * c) / s),
    alongReward,
    alongCost: -(c + r * alongReward) / s, // b'x = -c
  }
}
