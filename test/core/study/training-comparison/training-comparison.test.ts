import { describe, expect, it } from 'vitest'
import {
  averaged,
  commonGrid,
  curveAgainst,
  curveOver,
  interpolated,
} from '../../../../src/core/study/training-comparison/curves.ts'
import { groupResult, groupRuns, settingAxis } from '../../../../src/core/study/training-comparison/groups.ts'

const of = (...values: number[]) => Float64Array.from(values)
const stretches = (first: number[], mean: number[]) => ({
  first: Float64Array.from(first),
  last: Float64Array.from(first, (value) => value + 9),
  mean: Float64Array.from(mean),
})

describe('curves', () => {
  const axis = { iteration: of(1, 10, 20), envSteps: of(100, 1000, 3000), seconds: of(1, 10, 20) }

  it('lie over iterations, environment steps, time or another metric', () => {
    const series = stretches([1, 11], [5, 7])
    expect(curveOver('iteration', series, axis)).toEqual({ x: of(10, 20), y: of(5, 7) })
    expect(curveOver('envSteps', series, axis)).toEqual({ x: of(1000, 3000), y: of(5, 7) })
    expect(curveAgainst(stretches([1, 11, 21], [0.3, 0.1, 0.2]), stretches([1, 21], [5, 9]))).toEqual({
      x: of(0.3, 0.2),
      y: of(5, 9),
    })
  })

  it('are straight between their points, and nothing beside them', () => {
    const curve = { x: of(1, 3, 7), y: of(10, 30, 10) }
    expect(interpolated(curve, of(0, 1, 2, 5, 7, 8))).toEqual(of(NaN, 10, 20, 20, 10, NaN))
    expect(interpolated({ x: of(), y: of() }, of(1))).toEqual(of(NaN))
  })

  it('get the grid that all cover, and mean and spread over all of them', () => {
    const [a, b] = [
      { x: of(0, 4), y: of(0, 4) },
      { x: of(2, 8), y: of(4, 10) },
    ]
    expect(commonGrid([a, b], 5)).toEqual(of(2, 4))
    const grid = of(2, 2.5, 3, 3.5, 4)
    const { mean, low, high } = averaged([a, b], grid)
    expect(mean).toEqual(of(3, 3.5, 4, 4.5, 5))
    expect(low[0]).toBeCloseTo(3 - Math.SQRT2, 12)
    expect(high[4]).toBeCloseTo(5 + Math.SQRT2, 12)
    // A value that one of them lacks.
    expect(averaged([a, { ...b, y: of(Number.NaN, 10) }], of(2, 4)).mean).toEqual(of(NaN, NaN))
    expect(averaged([a], of(2, 8)).low).toEqual(of(NaN, NaN))
    expect(commonGrid([a, { x: of(5, 6), y: of(1, 1) }], 5)).toEqual(of())
    expect(commonGrid([], 5)).toEqual(of())
    expect(commonGrid([{ x: of(3), y: of(1) }], 5)).toEqual(of(3))
  })

  it('keep their own points, so that no peak is cut, as long as these are few', () => {
    const x = Float64Array.from({ length: 120 }, (_, i) => i + 1)
    const peaked = { x, y: x.map((at) => (at === 3 ? 66.84 : 10)) }
    const grid = commonGrid([peaked], 2000)
    expect(grid).toEqual(x)
    expect(averaged([peaked], grid).mean[2]).toBe(66.84)
    expect(commonGrid([peaked, { x: of(1.5, 30, 200), y: of(0, 0, 0) }], 2000)).toHaveLength(120)
    expect(commonGrid([peaked], 5)).toEqual(of(1, 30.75, 60.5, 90.25, 120))
  })
})

describe('groups', () => {
  const settings = [
    { path: 'meta.kl', values: [0.01, 0.03, 0.01, 1] },
    { path: 'inner.algorithm', values: ['cpo', 'cpo', 'trpo-lag', 'cpo'] },
    { path: 'seed', values: [1, 1, 2, null] },
  ]

  it('hold runs that agree in the chosen settings', () => {
    expect(groupRuns(4, settings, ['inner.algorithm'])).toEqual([
      { label: 'inner.algorithm=cpo', values: ['cpo'], runs: [0, 1, 3] },
      { label: 'inner.algorithm=trpo-lag', values: ['trpo-lag'], runs: [2] },
    ])
    expect(groupRuns(4, settings, ['meta.kl', 'inner.algorithm'])).toHaveLength(4)
    // Runs that do not differ in it, as in anything that is not listed, are one group.
    expect(groupRuns(2, settings, ['costLimit'])).toEqual([{ label: '', values: [], runs: [0, 1] }])
  })

  it('have results of the runs that have any', () => {
    expect(groupResult([1, null, 3])).toEqual({ count: 2, mean: 2, deviation: Math.SQRT2, lowest: 1, highest: 3 })
    expect(groupResult([4])).toMatchObject({ count: 1, mean: 4, deviation: null })
    expect(groupResult([null])).toMatchObject({ count: 0, mean: null })
  })

  it('have axes by what their settings are', () => {
    expect(settingAxis(settings[0]!)).toMatchObject({ kind: 'logarithmic', values: [0.01, 0.03, 0.01, 1] })
    expect(settingAxis(settings[2]!)).toMatchObject({ kind: 'linear', values: [1, 1, 2, null] })
    expect(settingAxis(settings[1]!)).toEqual({
      path: 'inner.algorithm',
      kind: 'category',
      categories: ['cpo', 'trpo-lag'],
      values: [0, 0, 1, 0],
    })
  })
})
