import { describe, expect, it } from 'vitest'
import { updateMultiplier } from '../../../src/core/rl/multiplier.ts'

describe('updateMultiplier', () => {
  const settings = { rate: 0.1, cap: 2, violationCap: 100 }
  it('ascends on violation and descends below the limit (eq. 22)', () => {
    expect(updateMultiplier(0.5, 8, 5, settings)).toBeCloseTo(0.8)
    expect(updateMultiplier(0.5, 3, 5, settings)).toBeCloseTo(0.3)
  })
  it('stays in [0, cap]', () => {
    expect(updateMultiplier(0.1, 0, 5, settings)).toBe(0)
    expect(updateMultiplier(1.9, 50, 5, settings)).toBe(2)
  })
  it('counts no more of a violation than its cap, and all of a slack', () => {
    expect(updateMultiplier(0.5, 45, 5, { ...settings, violationCap: 5 })).toBeCloseTo(1)
    expect(updateMultiplier(1.5, 0, 10, { ...settings, violationCap: 5 })).toBeCloseTo(0.5)
  })
})
