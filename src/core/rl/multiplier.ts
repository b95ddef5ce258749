/** How a Lagrange multiplier follows the cost: projected gradient ascent on the dual (eq. 22, 31). */
export interface MultiplierSettings {
  /** Step per unit of episode cost above the limit. */
  readonly rate: number
  readonly cap: number
}

/** [multiplier + rate (cost - limit)] clipped to [0, cap]. */
export function updateMultiplier(
  multiplier: number,
  cost: number,
  limit: number,
  { rate, cap }: MultiplierSettings,
): number {
  return Math.min(cap, Math.max(0, multiplier + rate * (cost - limit)))
}
