import { describe, expect, it } from 'vitest'
import { outerKlBound } from '../../../src/core/meta/outer-step.ts'
import { tinyConfig } from '../../support/worker.ts'

describe('outerKlBound', () => {
  it('falls linearly from the bound to its share in the last iteration', () => {
    const { meta } = tinyConfig('meta.iterations=5', 'meta.kl=0.04', 'meta.finalKlShare=0.5')
    expect([1, 2, 3, 4, 5].map((iteration) => outerKlBound(meta, iteration))).toEqual([
      0.04, 0.035, 0.03, 0.025, 0.02,
    ])
  })

  it('stays where the share is 1, and is the bound where there is one iteration only', () => {
    const constant = tinyConfig('meta.iterations=9', 'meta.kl=0.04', 'meta.finalKlShare=1').meta
    expect(outerKlBound(constant, 9)).toBe(0.04)
    expect(outerKlBound({ ...constant, iterations: 1, finalKlShare: 0.1 }, 1)).toBe(0.04)
  })
})
