import { describe, expect, it } from 'vitest'
import type { Stretch } from '../../../src/core/series/stretch.ts'
import type { Line } from '../../../src/renderer/run/chart-list.ts'
import { NO_METRICS, type RunMetrics } from '../../../src/renderer/run/run-metrics.ts'
import { boundOf, lineMaker, type RunValues, type TaskSpreads } from '../../../src/renderer/run/run-series.ts'

const stretches = (...values: number[]): Stretch[] =>
  values.map((mean, i) => ({ first: i + 1, last: i + 1, count: 1, min: mean, max: mean, mean }))
const axis = { iteration: Float64Array.of(1, 3), envSteps: Float64Array.of(100, 300), seconds: Float64Array.of(1, 5) }
const run: RunMetrics = {
  ...NO_METRICS,
  cursor: 3,
  axis,
  series: new Map([
    ['costAfter', stretches(3, 1, 2)],
    ['std', stretches(1, 1, 1)],
  ]),
}
const values: RunValues = { whole: run, shown: run, spreads: undefined }
const cost: Line = {
  id: 'after',
  name: 'adapted',
  role: 'c-maml',
  metric: 'costAfter',
  spread: { policy: 'after', quantity: 'cost' },
}
const spreads = (sd: number, ...tasks: number[]): TaskSpreads => {
  const known = [1, 2, 3].map((at, i) => {
    return { first: at, last: at, tasks: tasks[i] ?? 20, mean: 2, sd, lowerQuartile: 1, upperQuartile: 3 }
  })
  return { before: { return: [], cost: [] }, after: { return: [], cost: known } }
}

describe('a line of a panel', () => {
  it('is the same object while nothing of it changes', () => {
    const make = lineMaker(cost)
    const first = make(values, 'iteration', 'sd')
    const std = new Map(run.series).set('std', stretches(1, 1, 1, 1))
    const later: RunMetrics = { ...run, cursor: 4, series: std, axis: { ...axis } }
    expect(make({ ...values, whole: later, shown: later }, 'iteration', 'sd')).toBe(first)
    const longer = { ...later, series: new Map(std).set('costAfter', stretches(3, 1, 2, 4)) }
    expect(make({ ...values, whole: longer, shown: longer }, 'iteration', 'sd').stretches).toHaveLength(4)
  })

  it('stands where its iterations are on the chosen axis', () => {
    expect(Array.from(lineMaker(cost)(values, 'env-steps', 'none').x!)).toEqual([100, 200, 300])
    expect(lineMaker(cost)(values, 'iteration', 'none').x).toBeUndefined()
  })

  it('says what its band is, over how many tasks, and where it is cut', () => {
    const make = lineMaker(cost)
    const bandOf = (known: TaskSpreads, spread: 'sd' | 'quartiles') =>
      make({ ...values, spreads: known }, 'iteration', spread).bands![0]!
    const wide = bandOf(spreads(1.5), 'sd')
    expect(Array.from(wide.lower)).toEqual([1.5, 0, 0.5])
    expect(wide.label).toBe('± SD over 20 tasks, cut at 0')
    expect(bandOf(spreads(0.5), 'sd').label).toBe('± SD over 20 tasks')
    expect(bandOf(spreads(0.5, 18, 20, 19), 'quartiles').label).toBe('quartiles over 18 to 20 tasks')
    expect(bandOf(spreads(0, 1, 1, 1), 'sd').label).toBe('± SD over 1 task')
    expect(make({ ...values, spreads: spreads(1.5) }, 'iteration', 'none').bands).toEqual([])
  })
})

it('a bound has its value of each iteration, on the axis of the panel', () => {
  const line = lineMaker(cost)(values, 'time', 'none')
  const bound = { symbol: 'δ', at: (iteration: number) => 1 / iteration }
  expect(boundOf(bound, [line], axis, 'time')).toEqual({
    symbol: 'δ',
    x: Float64Array.of(1, 1, 3, 5),
    y: Float64Array.of(1, 1, 1 / 2, 1 / 3),
  })
  expect(boundOf(undefined, [line], axis, 'time')).toBeNull()
})
