import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { dot } from '../../../src/core/rl/conjugate-gradient.ts'
import { feasibilityOf, solveCpo, type Feasibility } from '../../../src/core/rl/cpo-dual.ts'
import { projectionLength } from '../../../src/core/rl/pcpo.ts'
import { stream } from '../../../src/core/random/stream.ts'
import { solveDense, times } from './dense.ts'

/** max g'x subject to c + b'x <= 0 and 1/2 x'Hx <= delta. */
interface Problem {
  readonly H: number[][]
  readonly g: number[]
  readonly b: number[]
  readonly c: number
  readonly delta: number
}

interface GoldenProblem extends Problem {
  readonly name: string
  readonly feasibility: Feasibility
  readonly value: number
  readonly step: number[]
  readonly projections: Record<'kl' | 'l2', number[]>
}

const golden = (JSON.parse(readFileSync('test/golden/cpo.json', 'utf8')) as { problems: GoldenProblem[] }).problems

function solve({ H, g, b, c, delta }: Problem) {
  const naturalG = solveDense(H, g)
  const naturalB = solveDense(H, b)
  const model = { q: dot(g, naturalG), r: dot(b, naturalG), s: dot(b, naturalB), c, delta }
  const solution = solveCpo(model)
  const x = naturalG.map((value, i) => solution.alongReward * value + solution.alongCost * naturalB[i]!)
  return { ...solution, ...model, x, naturalG, naturalB }
}

const identity = [
  [1, 0],
  [0, 1],
]
/** Radius 1 around the old policy, cost gradient along the second axis. */
const unit = { H: identity, g: [1, 1], b: [0, 1], delta: 0.5 }

describe('solveCpo in closed form', () => {
  it('takes the reward step where the whole trust region is feasible', () => {
    const { feasibility, x, lambda, nu } = solve({ ...unit, c: -1.2 })
    expect(feasibility).toBe('feasible-inside')
    expect(x[0]).toBeCloseTo(Math.SQRT1_2, 12)
    expect(x[1]).toBeCloseTo(Math.SQRT1_2, 12)
    expect([lambda, nu]).toEqual([expect.closeTo(Math.SQRT2, 12), 0])
  })

  it('goes to the boundary, then along it', () => {
    const { feasibility, x, lambda, nu } = solve({ ...unit, c: -0.5 })
    expect(feasibility).toBe('feasible-boundary')
    expect(x[0]).toBeCloseTo(Math.sqrt(0.75), 12)
    expect(x[1]).toBeCloseTo(0.5, 12)
    expect(lambda).toBeCloseTo(1 / Math.sqrt(0.75), 12) // g_0 = lambda x_0
    expect(nu).toBeCloseTo(1 - 0.5 * lambda, 12) // g_1 - nu = lambda x_1
  })

  it('comes back to the boundary from outside', () => {
    const { feasibility, x } = solve({ ...unit, c: 0.6 })
    expect(feasibility).toBe('feasible-outside')
    expect(x[0]).toBeCloseTo(0.8, 12)
    expect(x[1]).toBeCloseTo(-0.6, 12)
  })

  it('leaves a constraint alone that the reward step satisfies, from inside and from outside', () => {
    for (const c of [-0.5, 0.5]) {
      const { x, nu } = solve({ ...unit, g: [1, -1], c })
      expect(x[1]).toBeCloseTo(-Math.SQRT1_2, 12)
      expect(nu).toBe(0)
    }
  })

  it('recovers along the natural cost gradient where no step is feasible', () => {
    const H = [
      [2, 0, 0],
      [0, 4, 0],
      [0, 0, 1],
    ]
    const { feasibility, x } = solve({ H, g: [1, 1, 1], b: [0, 2, 0], c: 5, delta: 0.5 })
    expect(feasibility).toBe('infeasible-recovery')
    expect(x.map((value) => value + 0)).toEqual([0, expect.closeTo(-0.5, 12), 0]) // 1/2 * 4 * 0.5^2 = delta
  })

  it('meets itself where one case turns into the next', () => {
    const below = solve({ ...unit, c: 1 - 1e-12 })
    const above = solve({ ...unit, c: 1 })
    expect([below.feasibility, above.feasibility]).toEqual(['feasible-outside', 'infeasible-recovery'])
    above.x.forEach((value, i) => expect(below.x[i]).toBeCloseTo(value, 5))
    const inside = solve({ ...unit, g: [0, 1], c: -1 })
    const cut = solve({ ...unit, g: [0, 1], c: -1 + 1e-12 })
    expect([inside.feasibility, cut.feasibility]).toEqual(['feasible-inside', 'feasible-boundary'])
    inside.x.forEach((value, i) => expect(cut.x[i]).toBeCloseTo(value, 5))
  })

  it('takes the reward step where no step changes the cost, violating or not', () => {
    for (const c of [-0.1, 0, 0.1])
      for (const b of [
        [0, 0],
        [1e-9, -1e-9],
      ]) {
        const { feasibility, x } = solve({ ...unit, b, c })
        expect(feasibility).toBe('no-cost-gradient')
        expect(x).toEqual([expect.closeTo(Math.SQRT1_2, 12), expect.closeTo(Math.SQRT1_2, 12)])
      }
  })

  it('knows what to do without a reward gradient', () => {
    expect(solve({ ...unit, g: [0, 0], c: -0.5 }).x).toEqual([0, 0])
    expect(solve({ ...unit, g: [0, 0], c: 0.5 }).x).toEqual([0, -0.5])
  })

  it('follows the constraint alone where reward and cost are exactly parallel', () => {
    expect(solve({ ...unit, g: [0, 3], c: -0.25 }).x).toEqual([0, 0.25])
    expect(solve({ ...unit, g: [0, 3], c: 0.25 }).x).toEqual([0, -0.25])
    expect(solve({ ...unit, g: [0, -3], c: 0.25 }).x).toEqual([0, -1])
  })

  it('takes no limit at all for a constraint that never binds', () => {
    expect(feasibilityOf({ s: 1, c: -Infinity, delta: 0.1 })).toBe('feasible-inside')
    expect(solve({ ...unit, c: -Infinity }).x).toEqual(solve({ ...unit, c: -100 }).x)
  })
})

describe('solveCpo against a generic convex solver', () => {
  it.each(golden.map((problem, i) => [i, problem.name, problem] as const))('problem %i: %s', (_, name, problem) => {
    const { feasibility, x, q, s } = solve(problem)
    expect(feasibility).toBe(problem.feasibility)
    const recovers = feasibility === 'infeasible-recovery'
    const radius = Math.sqrt(2 * problem.delta)
    const value = dot(recovers ? problem.b : problem.g, x)
    const scale = radius * Math.sqrt(recovers ? s : q)
    expect(Math.abs(value - problem.value)).toBeLessThan(1e-6 * scale)
    // Where reward and cost are nearly parallel, steps of very different directions are equally good.
    if (name === 'parallel 1e-05' || name === 'parallel 1e-07') return
    const size = Math.hypot(...problem.step)
    x.forEach((component, i) => expect(Math.abs(component - problem.step[i]!)).toBeLessThan(1e-4 * size))
  })

  it('covers every case', () => {
    expect([...new Set(golden.map(({ feasibility }) => feasibility))].sort()).toEqual([
      'feasible-boundary',
      'feasible-inside',
      'feasible-outside',
      'infeasible-recovery',
    ])
  })
})

describe("PCPO's projection against a generic convex solver", () => {
  it.each(golden.map((problem, i) => [i, problem.name, problem] as const))('problem %i: %s', (_, __, problem) => {
    const { naturalG, naturalB, q } = solve(problem)
    const { b, c, delta, projections } = problem
    const reward = naturalG.map((value) => Math.sqrt((2 * delta) / q) * value)
    for (const [metric, projector] of [
      ['kl', naturalB],
      ['l2', b],
    ] as const) {
      const length = projectionLength(c, dot(b, reward), dot(b, projector))
      const x = reward.map((value, i) => value - length * projector[i]!)
      const size = Math.hypot(...reward, ...projections[metric])
      x.forEach((component, i) => expect(Math.abs(component - projections[metric][i]!)).toBeLessThan(1e-5 * size))
    }
  })
})

describe('solveCpo on any problem', () => {
  /** Multiples of 1/1000: exact zeros and parallel vectors are likely, numbers that only underflow are not. */
  const finite = (min: number, max: number) =>
    fc.integer({ min: min * 1000, max: max * 1000 }).map((thousandths) => thousandths / 1000)
  const problems = fc
    .integer({ min: 2, max: 6 })
    .chain((n) =>
      fc.record({
        factor: fc.array(fc.array(finite(-1, 1), { minLength: n, maxLength: n }), { minLength: n, maxLength: n }),
        g: fc.array(finite(-2, 2), { minLength: n, maxLength: n }),
        b: fc.array(finite(-2, 2), { minLength: n, maxLength: n }),
        c: finite(-2, 2),
        delta: finite(1e-3, 1),
      }),
    )
    .map(({ factor, ...rest }): Problem => {
      const H = factor.map((row, i) => factor.map((column, j) => dot(row, column) + (i === j ? 0.2 : 0)))
      return { H, ...rest }
    })

  it('stays in the trust region and satisfies the constraint where that is possible', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const { x, feasibility, s } = solve(problem)
        const { H, b, c, delta } = problem
        expect(dot(x, times(H, x))).toBeLessThanOrEqual(2 * delta * (1 + 1e-6))
        const reach = Math.sqrt(2 * delta * s)
        if (feasibility === 'infeasible-recovery') expect(dot(b, x)).toBeCloseTo(-reach, 6)
        else if (feasibility !== 'no-cost-gradient')
          expect(c + dot(b, x)).toBeLessThanOrEqual(1e-9 * (reach + Math.abs(c)))
      }),
    )
  })

  it('satisfies the conditions of optimality (Karush, Kuhn and Tucker)', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const { x, feasibility, lambda, nu, q, alongReward } = solve(problem)
        fc.pre(feasibility !== 'infeasible-recovery' && (alongReward > 0 || q === 0))
        const { H, g, b, c, delta } = problem
        expect(lambda).toBeGreaterThanOrEqual(0)
        expect(nu).toBeGreaterThanOrEqual(0)
        const scale = Math.hypot(...g) + nu * Math.hypot(...b)
        times(H, x).forEach((value, i) =>
          expect(Math.abs(g[i]! - nu * b[i]! - lambda * value)).toBeLessThanOrEqual(1e-6 * scale),
        )
        expect(Math.abs(lambda * (dot(x, times(H, x)) / 2 - delta))).toBeLessThanOrEqual(1e-6 * (1 + lambda) * delta)
        if (feasibility !== 'no-cost-gradient')
          expect(Math.abs(nu * (c + dot(b, x)))).toBeLessThanOrEqual(1e-6 * (1 + nu))
      }),
    )
  })

  it('is no worse than random feasible steps', () => {
    fc.assert(
      fc.property(problems, fc.integer({ min: 0, max: 1e6 }), (problem, seed) => {
        const { H, g, b, c, delta } = problem
        const { x, feasibility, q } = solve(problem)
        const random = stream(seed, 'feasible steps')
        const tolerance = 2e-6 * Math.sqrt(2 * delta * q)
        for (let k = 0; k < 50; k++) {
          const direction = g.map(() => random.normal())
          const length = Math.sqrt((2 * delta) / dot(direction, times(H, direction))) * random.uniform()
          const other = direction.map((value) => value * length)
          if (feasibility === 'infeasible-recovery') expect(dot(b, other)).toBeGreaterThanOrEqual(dot(b, x) - 1e-9)
          else if (feasibility === 'no-cost-gradient' || c + dot(b, other) <= 0)
            expect(dot(g, other)).toBeLessThanOrEqual(dot(g, x) + tolerance)
        }
      }),
    )
  })

  it('returns finite numbers for every scale, also where rounding breaks r^2 <= q s', () => {
    const scale = fc.integer({ min: -30, max: 30 }).map((exponent) => 10 ** exponent)
    const cosine = fc.constantFrom(-1 - 1e-6, -1, -1 + 1e-15, -0.5, 0, 1e-12, 0.5, 1 - 1e-12, 1, 1 + 1e-6)
    const share = fc.constantFrom(-2, -1, -1 + 1e-15, -0.5, -1e-15, 0, 1e-15, 0.5, 1 - 1e-15, 1, 2)
    fc.assert(
      fc.property(scale, scale, cosine, share, fc.constantFrom(1e-4, 0.01, 1), (q, s, cos, of, delta) => {
        const r = cos * Math.sqrt(q) * Math.sqrt(s)
        const solution = solveCpo({ q, r, s, c: of * Math.sqrt(2 * delta * s), delta })
        const { lambda, nu, alongReward, alongCost } = solution
        for (const value of [lambda, nu, alongReward, alongCost]) expect(value).toSatisfy(Number.isFinite)
        expect(Math.min(lambda, nu, alongReward)).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: 1000 },
    )
  })
})
