import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  centre,
  estimateAdvantages,
  explainedVariance,
  meanDiscountedSum,
  standardise,
} from '../../../src/core/rl/advantages.ts'
import type { Batch } from '../../../src/core/rl/batch.ts'

interface Step {
  reward: number
  value: number
}
interface EpisodeData {
  steps: Step[]
  /** Value behind a truncation; null for a termination. */
  bootstrap: number | null
}

/** Lays episodes out as a rollout does: time-major over those still running. */
function layOut(episodes: EpisodeData[]) {
  const size = episodes.reduce((sum, episode) => sum + episode.steps.length, 0)
  const signal = new Float32Array(size)
  const values = new Float32Array(size)
  const next = new Int32Array(size)
  const bootstraps: number[] = []
  const rows: number[][] = episodes.map(() => [])
  let row = 0
  for (let t = 0; row < size; t++)
    episodes.forEach((episode, e) => {
      const step = episode.steps[t]
      if (!step) return
      signal[row] = step.reward
      values[row] = step.value
      if (t > 0) next[rows[e]!.at(-1)!] = row
      rows[e]!.push(row)
      if (t === episode.steps.length - 1)
        next[row] = episode.bootstrap === null ? -1 : -1 - bootstraps.push(episode.bootstrap)
      row++
    })
  const batch = { size, next, bootstrapSize: bootstraps.length } as unknown as Batch
  return { batch, signal, values, bootstraps: Float32Array.from(bootstraps), rows }
}

/** The definition: sum_l (gamma lambda)^l delta_{t+l}, in float64. */
function definition({ steps, bootstrap }: EpisodeData, gamma: number, lambda: number): number[] {
  const valueAt = (t: number) => (t < steps.length ? steps[t]!.value : (bootstrap ?? 0))
  const delta = steps.map(({ reward, value }, t) => reward + gamma * valueAt(t + 1) - value)
  return steps.map((_, t) => delta.slice(t).reduce((sum, d, l) => sum + (gamma * lambda) ** l * d, 0))
}

const number = fc.double({ min: -5, max: 5, noNaN: true }).map(Math.fround)
const episode = fc.record({
  steps: fc.array(fc.record({ reward: number, value: number }), { minLength: 1, maxLength: 12 }),
  bootstrap: fc.option(number),
})

describe('estimateAdvantages', () => {
  it('equals the definition of GAE for any mix of terminated and truncated episodes', () => {
    fc.assert(
      fc.property(fc.array(episode, { minLength: 1, maxLength: 5 }), (episodes) => {
        const { batch, signal, values, bootstraps, rows } = layOut(episodes)
        const { advantages, targets } = estimateAdvantages(batch, signal, values, bootstraps, 0.99, 0.95)
        episodes.forEach((data, e) =>
          definition(data, 0.99, 0.95).forEach((expected, t) => {
            const row = rows[e]![t]!
            expect(advantages[row]).toBeCloseTo(expected, 3)
            expect(targets[row]).toBeCloseTo(expected + data.steps[t]!.value, 3)
          }),
        )
      }),
      { numRuns: 100 },
    )
  })

  it('has discounted returns as targets where lambda is 1', () => {
    const { batch, signal, values } = layOut([
      { steps: [1, 2, 3].map((reward) => ({ reward, value: 0.5 })), bootstrap: null },
    ])
    const { targets } = estimateAdvantages(batch, signal, values, new Float32Array(0), 0.5, 1)
    expect([...targets]).toEqual([1 + 0.5 * 2 + 0.25 * 3, 2 + 0.5 * 3, 3])
  })
})

describe('meanDiscountedSum', () => {
  it('sums each episode from its start, with nothing behind a truncation', () => {
    const step = (reward: number) => ({ reward, value: 9 })
    const { batch, signal } = layOut([
      { steps: [1, 1].map(step), bootstrap: null },
      { steps: [2, 0, 4].map(step), bootstrap: 7 },
    ])
    expect(meanDiscountedSum(batch, signal, 0.5)).toBeCloseTo((1.5 + 3) / 2)
  })
})

describe('scaling of advantages', () => {
  it('standardises and centres', () => {
    const values = Float32Array.of(1, 2, 3, 6)
    const centred = values.slice()
    centre(centred)
    expect([...centred]).toEqual([-2, -1, 0, 3])
    expect(standardise(values)).toBeCloseTo(Math.sqrt(14 / 4))
    expect(values.reduce((sum, v) => sum + v * v, 0) / 4).toBeCloseTo(1)
  })

  it('gives explained variance 1 for the targets, 0 for a constant, negative for worse than that', () => {
    const targets = Float32Array.of(1, 2, 4)
    expect(explainedVariance(targets, targets)).toBe(1)
    expect(explainedVariance(Float32Array.of(3, 3, 3), targets)).toBeCloseTo(0)
    expect(explainedVariance(Float32Array.of(-1, -2, -4), targets)).toBeCloseTo(-3)
    expect(explainedVariance(Float32Array.of(1, 2, 3), Float32Array.of(2, 2, 2))).toBe(0)
  })
})
