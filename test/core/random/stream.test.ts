import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stream } from '../../../src/core/random/stream.ts'

const draw = (n: number, next: () => number) => Array.from({ length: n }, next)

describe('stream', () => {
  it('is a function of its path', () => {
    const a = stream(7, 'rollout', 3)
    const b = stream(7, 'rollout', 3)
    expect(draw(50, () => a.uniform())).toEqual(draw(50, () => b.uniform()))
  })

  it('differs wherever paths differ, also between 12 and "12", and in how parts are joined', () => {
    const first = (...path: (string | number)[]) => stream(...path).uniform()
    const values = [
      first(1, 'a', 2),
      first(1, 'a', 3),
      first(2, 'a', 2),
      first(1, 'b', 2),
      first(1, 'a2'),
      first(1, 'a', '2'),
      first(1, 'a'),
      first(1, 'a', 2, 0),
      first(1, 2 ** 33),
      first(1, 0),
      first(),
    ]
    expect(new Set(values).size).toBe(values.length)
  })

  it('refuses a path that could not be repeated', () => {
    expect(() => stream(1, 0.5)).toThrow(RangeError)
    expect(() => stream(NaN)).toThrow(RangeError)
  })

  it('has uniform and normal moments, uncorrelated between neighbouring paths', () => {
    const n = 40_000
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
    const random = stream(1, 'moments')
    const uniforms = draw(n, () => random.uniform())
    expect(Math.abs(mean(uniforms) - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / n))
    const normals = draw(n, () => random.normal())
    expect(Math.abs(mean(normals))).toBeLessThan(4 / Math.sqrt(n))
    expect(Math.abs(mean(normals.map((z) => z * z)) - 1)).toBeLessThan(4 * Math.sqrt(2 / n))
    expect(Math.abs(mean(normals.map((z) => z ** 4)) - 3)).toBeLessThan(4 * Math.sqrt(96 / n))
    const neighbours = draw(n, () => 0).map((_, i) => stream(i).normal() * stream(i + 1).normal())
    expect(Math.abs(mean(neighbours))).toBeLessThan(4 / Math.sqrt(n))
  })

  it('shuffles to a permutation', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 200 }), (seed, n) => {
        const items = Int32Array.from({ length: n }, (_, i) => i)
        const shuffled = stream(seed).shuffle(items.slice())
        expect([...shuffled].sort((a, b) => a - b)).toEqual([...items])
      }),
      { numRuns: 50 },
    )
  })

  it('shuffles without preference: every position is equally likely for the first item', () => {
    const counts = new Array<number>(5).fill(0)
    for (let i = 0; i < 5000; i++) counts[stream(i, 'shuffle').shuffle([0, 1, 2, 3, 4]).indexOf(0)]!++
    // Binomial(5000, 1/5): standard deviation 28.
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(4 * 28.3)
  })
})
