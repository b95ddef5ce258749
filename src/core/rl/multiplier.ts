/** How a Lagrange multiplier follows the cost: projected gradient ascent on the dual (eq. 22, 31). */
export interface MultiplierSettings {
  /** Step per unit of episode cost above the limit. */
  readonly rate: number
  readonly cap: number
  /** Most of a violation that one update counts: an anti-windup guard against the huge costs of early training. */
  readonly violationCap: number
}

/** [multiplier + rate min(cost - limit, violationCap)] clipped to [0, cap]. */
export function updateMultiplier(
  multiplier: number,
  cost: number,
  limit: number,
  { rate, cap, violationCap }: MultiplierSettings,
): number {
  return Math.min(cap, Math.max(0, multiplier + rate * Math.min(cost - limit, violationCap)))
}
