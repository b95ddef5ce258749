import type { MetaSettings } from '../config/settings.ts'
import { parameterCount, meanShape, type PolicyShape } from '../nn/policy.ts'

/**
 * Factor of the safety term in eq. 14: eta itself, or eta / (1 + eta), and zero where the guard `onlyAboveLimit` finds
 * the meta-policy already within the limit. The term's own weights W_t are the cost advantages (default) or V_C(s_t)
 * as printed, which is zero in expectation: E_a[grad log pi(a|s)] V_C(s) = 0.
 */
export function safetyWeight(settings: MetaSettings['eta'], eta: number, cost: number, limit: number): number {
  if (settings.onlyAboveLimit && cost <= limit) return 0
  return settings.saturating ? eta / (1 + eta) : eta
}

/** The gradient with its log-std block set to zero: the safety term then cannot shrink exploration. */
export function withoutLogStd(shape: PolicyShape, gradient: Float64Array): Float64Array {
  const masked = gradient.slice()
  masked.fill(0, parameterCount(meanShape(shape)))
  return masked
}
