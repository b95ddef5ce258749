import { describe, expect, it } from 'vitest'
import { followCost, initialMultiplier, startMultiplier, updateMultiplier } from '../../../src/core/rl/multiplier.ts'
import type { MultiplierSettings } from '../../../src/core/rl/multiplier.ts'

const LIMIT = 5
const base = { rate: 0.1, proportional: 0, derivative: 0, smoothing: 0, cap: 2, violationCap: 100 }
const gradient: MultiplierSettings = { ...base, update: 'gradient' }
const adam: MultiplierSettings = { ...base, update: 'adam' }
/** Neither cap binds. */
const pid: MultiplierSettings = {
  ...base,
  update: 'pid',
  cap: 1000,
  proportional: 0.3,
  derivative: 0.2,
  smoothing: 0.6,
}

/** The values that a multiplier takes as it follows these costs. */
function valuesAlong(costs: readonly number[], initial: number, settings: MultiplierSettings): number[] {
  let state = startMultiplier(initial)
  return costs.map((cost) => {
    state = updateMultiplier(Object.freeze(state), cost, LIMIT, settings)
    return state.value
  })
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

function expectClose(actual: readonly number[], expected: readonly number[]) {
  expect(actual).toHaveLength(expected.length)
  expect(Math.max(...actual.map((value, i) => Math.abs(value - expected[i]!)))).toBeLessThan(1e-9)
}

describe('the gradient update', () => {
  const update = (value: number, cost: number, limit: number, settings = gradient) =>
    updateMultiplier(startMultiplier(value), cost, limit, settings).value

  it('ascends on violation and descends below the limit (eq. 22)', () => {
    expect(update(0.5, 8, 5)).toBeCloseTo(0.8)
    expect(update(0.5, 3, 5)).toBeCloseTo(0.3)
  })

  it('stays in [0, cap]', () => {
    expect(update(0.1, 0, 5)).toBe(0)
    expect(update(1.9, 50, 5)).toBe(2)
  })

  it('counts no more of a violation than its cap, and all of a slack', () => {
    expect(update(0.5, 45, 5, { ...gradient, violationCap: 5 })).toBeCloseTo(1)
    expect(update(1.5, 0, 10, { ...gradient, violationCap: 5 })).toBeCloseTo(0.5)
  })
})

describe('the adam update', () => {
  it('follows the bias-corrected moments of the violation', () => {
    const costs = [9, 6, 2, 14, 5.5]
    const violations = costs.map((cost) => cost - LIMIT)
    const moment = (t: number, decay: number, power: number) =>
      sum(violations.slice(0, t).map((v, i) => (1 - decay) * decay ** (t - 1 - i) * v ** power)) / (1 - decay ** t)
    const steps = costs.map((_, i) => (0.1 * moment(i + 1, 0.9, 1)) / (Math.sqrt(moment(i + 1, 0.999, 2)) + 1e-8))
    const expected = steps.map((_, i) => 0.5 + sum(steps.slice(0, i + 1)))
    expect(Math.max(...expected)).toBeLessThan(adam.cap)
    expectClose(valuesAlong(costs, 0.5, adam), expected)
  })

  it('moves by its step size whatever the size of a constant violation', () => {
    for (const violation of [0.01, 3, 40])
      for (const sign of [1, -1])
        expectClose(
          valuesAlong([LIMIT + sign * violation, LIMIT + sign * violation], 1, adam).map((v) => Number(v.toFixed(6))),
          [1 + sign * 0.1, 1 + sign * 0.2],
        )
  })

  it('stays in [0, cap]', () => {
    expect(valuesAlong(new Array<number>(30).fill(50), 0.5, adam).at(-1)).toBe(2)
    expect(valuesAlong(new Array<number>(30).fill(0), 0.5, adam).at(-1)).toBe(0)
  })
})

describe('the pid update (Stooke et al., 2020, algorithm 2)', () => {
  const costs = [9, 12, 7, 6, 11]

  it('is K_P violation + K_I integral + K_D rise, of a cost that is not smoothed', () => {
    const expected = costs.map((cost, t) => {
      const integral = 0.5 + 0.1 * sum(costs.slice(0, t + 1).map((c) => c - LIMIT))
      const rise = t === 0 ? 0 : Math.max(0, cost - costs[t - 1]!)
      return integral + 0.3 * (cost - LIMIT) + 0.2 * rise
    })
    expectClose(valuesAlong(costs, 0.5, { ...pid, smoothing: 0 }), expected)
  })

  it('smooths what the proportional and derivative parts see, not the integral', () => {
    // An exponential mean that begins with the first cost.
    const smoothed = costs.map(
      (_, t) => 0.6 ** t * costs[0]! + sum(costs.slice(1, t + 1).map((c, i) => 0.4 * 0.6 ** (t - 1 - i) * c)),
    )
    const expected = costs.map((_, t) => {
      const integral = 0.5 + 0.1 * sum(costs.slice(0, t + 1).map((c) => c - LIMIT))
      const rise = t === 0 ? 0 : Math.max(0, smoothed[t]! - smoothed[t - 1]!)
      return integral + 0.3 * (smoothed[t]! - LIMIT) + 0.2 * rise
    })
    expectClose(valuesAlong(costs, 0.5, pid), expected)
  })

  it('starts where it was put, and does not take its first cost for a rise', () => {
    expect(valuesAlong([LIMIT], 0.7, pid)).toEqual([0.7])
  })

  it('lets the integral fall to zero and no further, however long the limit is kept', () => {
    const after = (slack: number) =>
      valuesAlong([...new Array<number>(slack).fill(0), 9], 0.5, { ...pid, smoothing: 0 })
    const back = 0.1 * 4 + 0.3 * 4 + 0.2 * 9
    expect(after(10).slice(0, 10).at(-1)).toBe(0)
    expect(after(10).at(-1)).toBeCloseTo(back, 10)
    expect(after(500).at(-1)).toBeCloseTo(back, 10)
  })

  it('neither winds up beyond its cap nor counts more of any part than the violation cap', () => {
    const settings = { ...pid, smoothing: 0, cap: 2 }
    const values = valuesAlong([...new Array<number>(500).fill(25), 4], 0.5, settings)
    expect(Math.max(...values)).toBe(2)
    // The integral was 2 and no more: 2 - 0.1 - 0.3.
    expect(values.at(-1)).toBeCloseTo(1.6, 10)
    const capped = { ...pid, smoothing: 0, violationCap: 1 }
    expectClose(valuesAlong([5, 45], 0.5, capped), [0.5, 0.5 + 0.1 + 0.3 + 0.2])
  })

  it('comes down again as soon as the violation ends, unlike the gradient update at the same rate', () => {
    const episode = [...new Array<number>(10).fill(15), ...new Array<number>(10).fill(3)]
    const wide = { ...pid, rate: 0.01 }
    const controlled = valuesAlong(episode, 0.3, wide)
    const integrated = valuesAlong(episode, 0.3, { ...gradient, rate: 0.01, cap: 1000 })
    // While the cost is too high it presses harder,
    controlled.slice(0, 10).forEach((value, i) => expect(value).toBeGreaterThan(integrated[i]!))
    // and five updates after it has come down the press is gone, where the gradient update has hardly moved.
    expect(controlled[14]).toBeLessThan(integrated[14]! - 0.3)
    expect(integrated[14]).toBeGreaterThan(0.9 * Math.max(...integrated))
    expect(controlled[14]).toBeLessThan(0.3 * Math.max(...controlled))
  })
})

describe('the mode of a lasting multiplier', () => {
  const updates = [gradient, adam, pid]

  it.each(updates)('adaptive: begins with its initial value and follows the cost by $update', (settings) => {
    const state = initialMultiplier({ mode: 'adaptive', initial: 0.4 })
    expect(state).toEqual(startMultiplier(0.4))
    const next = followCost(state, 8, LIMIT, { ...settings, mode: 'adaptive' })
    expect(next).toEqual(updateMultiplier(state, 8, LIMIT, settings))
    expect(next.value).toBeGreaterThan(0.4)
  })

  it.each(updates)('fixed: keeps its initial value under $update', (settings) => {
    let state = initialMultiplier({ mode: 'fixed', initial: 0.4 })
    for (const cost of [0, 50, 7]) state = followCost(state, cost, LIMIT, { ...settings, mode: 'fixed' })
    expect(state.value).toBe(0.4)
  })

  it.each(updates)('off: is zero for ever under $update, whatever its initial value', (settings) => {
    let state = initialMultiplier({ mode: 'off', initial: 0.4 })
    for (const cost of [0, 50, 7]) {
      state = followCost(state, cost, LIMIT, { ...settings, mode: 'off' })
      expect(state.value).toBe(0)
    }
  })
})
