import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { conjugateGradient, dot } from '../../../src/core/rl/conjugate-gradient.ts'
import { stream } from '../../../src/core/random/stream.ts'

/** A random symmetric positive definite matrix M M' / n. */
function randomMatrix(n: number, seed: number): number[][] {
  const random = stream(seed, 'matrix')
  const m = Array.from({ length: n }, () => Array.from({ length: n }, () => random.normal()))
  return m.map((row) => m.map((other) => dot(row, other) / n))
}
const times = (a: number[][], v: ArrayLike<number>) => Float32Array.from(a, (row) => dot(row, v))

describe('conjugateGradient', () => {
  it('solves (A + damping I) x = b in at most n steps', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 12 }), fc.integer(), async (n, seed) => {
        const a = randomMatrix(n, seed)
        const random = stream(seed, 'b')
        const b = Array.from({ length: n }, () => random.normal())
        const { x, quadratic } = await conjugateGradient((v) => times(a, v), b, 3 * n, 0.3)
        const ax = a.map((row, i) => dot(row, x) + 0.3 * x[i]!)
        ax.forEach((value, i) => expect(value).toBeCloseTo(b[i]!, 4))
        expect(quadratic).toBeCloseTo(dot(x, ax), 4)
      }),
      { numRuns: 40 },
    )
  })

  it('needs one step for a multiple of the identity, and none for b = 0', async () => {
    const identity = await conjugateGradient((v) => v.map((value) => 4 * value), [1, -2, 3], 10, 0)
    expect(identity.iterations).toBe(1)
    expect([...identity.x]).toEqual([0.25, -0.5, 0.75])
    const zero = await conjugateGradient((v) => v, [0, 0], 10, 0.1)
    expect(zero).toMatchObject({ iterations: 0, quadratic: 0, relativeResidual: 0 })
  })

  it('stops at a product that is not a number instead of spreading it', async () => {
    const { x } = await conjugateGradient((v) => v.map(() => NaN), [1, 2], 10, 0)
    expect([...x]).toEqual([0, 0])
  })
})
