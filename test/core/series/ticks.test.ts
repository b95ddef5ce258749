import { describe, expect, it } from 'vitest'
import { clockTicksWithin, decadeScale, niceScale, niceStep, ticksWithin } from '../../../src/core/series/ticks.ts'

describe('ticks', () => {
  it('are 1, 2 or 5 times a power of ten apart', () => {
    expect([0.03, 0.3, 1, 1.1, 4, 6, 73].map(niceStep)).toEqual([0.05, 0.5, 1, 2, 5, 10, 100])
  })

  it('begin at zero where values are positive and not far from it', () => {
    expect(niceScale(3, 97, 4)).toEqual({ min: 0, max: 100, step: 50 })
    expect(niceScale(0.986, 0.998, 4).min).toBeGreaterThan(0.9)
  })

  it('hold a constant in the middle', () => {
    const { min, max } = niceScale(5, 5, 4)
    expect([min < 5, max > 5]).toEqual([true, true])
  })

  it('carry no digits of binary fractions', () => {
    expect(ticksWithin(0, 0.6, 6)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
  })

  it('are whole numbers where asked for, however close the zoom', () => {
    expect(ticksWithin(3.2, 5.9, 10, 1)).toEqual([4, 5])
  })

  it('of logarithms are whole decades', () => {
    expect(decadeScale(0.02, 300, 6)).toEqual({ min: -2, max: 3, step: 1 })
    expect(decadeScale(5, 5, 4)).toEqual({ min: 0, max: 1, step: 1 })
  })

  it('of times are what clocks show', () => {
    expect(clockTicksWithin(0, 7200, 4)).toEqual([0, 1800, 3600, 5400, 7200])
    expect(clockTicksWithin(0, 90, 3)).toEqual([0, 30, 60, 90])
  })
})
