import { describe, expect, it } from 'vitest'
import type { NewIterations, RunSeries } from '../../../src/main/api/contract.ts'
import {
  appended,
  cumulative,
  fromAnswer,
  interpolate,
  iterationsWithin,
  placesOf,
  refined,
  tellingMetrics,
  throughput,
} from '../../../src/renderer/run/run-metrics.ts'

const numbers = (...values: number[]) => Float64Array.from(values)

/** Stretches of `width` iterations each, of one metric. */
function answer(metric: string, means: readonly number[], { from = 1, width = 1 } = {}): RunSeries {
  const first = Float64Array.from(means, (_, i) => from + i * width)
  const last = first.map((at) => at + width - 1)
  const mean = Float64Array.from(means)
  const count = first.map(() => width)
  const iteration = numbers(from, ...last.filter((at) => at > from))
  return {
    cursor: last.at(-1) ?? 0,
    series: [{ metric, first, last, count, min: mean, max: mean, mean }],
    axis: { iteration, envSteps: iteration.map((at) => at * 100), seconds: iteration.map((at) => at * 2) },
  }
}

function news(iterations: readonly number[], values: readonly number[], metric = 'std'): NewIterations {
  const iteration = Float64Array.from(iterations)
  return {
    cursor: iterations.at(-1)!,
    metrics: [metric],
    iteration,
    envSteps: iteration.map((at) => at * 100),
    seconds: iteration.map((at) => at * 2),
    values: [Float64Array.from(values)],
  }
}

describe('what is appended', () => {
  const known = fromAnswer(answer('std', [1, 2]))

  it('leaves out what is known already', () => {
    const next = appended(known, news([2, 3], [9, 5]))
    expect(next.series.get('std')!.map(({ last, mean }) => [last, mean])).toEqual([
      [1, 1],
      [2, 2],
      [3, 5],
    ])
    expect([...next.axis.iteration]).toEqual([1, 2, 3])
    expect(appended(known, news([1, 2], [9, 9]))).toBe(known)
  })

  it('leaves series without new values the same object', () => {
    const next = appended(known, news([3], [NaN]))
    expect(next.cursor).toBe(3)
    expect(next.series.get('std')).toBe(known.series.get('std'))
  })
})

describe('a zoomed part', () => {
  it('takes the place of the coarse stretches that it overlaps, and nothing else', () => {
    const coarse = fromAnswer(answer('std', [1, 2, 3, 4], { width: 10 }))
    const fine = fromAnswer(answer('std', [5, 6], { from: 15, width: 5 }))
    const spans = refined(coarse, fine)
      .series.get('std')!
      .map(({ first, last }) => [first, last])
    expect(spans).toEqual([
      [1, 10],
      [15, 19],
      [20, 24],
      [31, 40],
    ])
    const { iteration } = refined(coarse, fine).axis
    expect([...iteration]).toEqual([...new Set(iteration)].sort((a, b) => a - b))
  })

  it('is the same part on every x axis', () => {
    const { axis } = fromAnswer(answer('std', [1, 2, 3, 4], { width: 10 }))
    expect(iterationsWithin(axis, 'env-steps', { from: 1000, to: 2050 })).toEqual({ from: 10, to: 21 })
    expect(iterationsWithin(axis, 'time', { from: 20, to: 40 })).toEqual({ from: 10, to: 20 })
    expect(iterationsWithin(axis, 'iteration', { from: -3, to: 7.5 })).toEqual({ from: 1, to: 8 })
  })
})

describe('what is computed from metrics', () => {
  it('sums a metric with all values of its stretches', () => {
    const { series } = fromAnswer(answer('totalCost', [1, 2], { width: 10 }))
    const coarse = series.get('totalCost')!
    expect(cumulative(coarse, coarse).map(({ mean }) => mean)).toEqual([10, 30])
  })

  it('begins the sum of a zoomed part where the coarse one stands', () => {
    const coarse = fromAnswer(answer('totalCost', [1, 2], { width: 10 }))
    const fine = fromAnswer(answer('totalCost', [2, 2], { from: 11 }))
    const shown = refined(coarse, fine).series.get('totalCost')!
    expect(cumulative(coarse.series.get('totalCost')!, shown).map(({ mean }) => mean)).toEqual([10, 12, 14])
  })

  it('counts environment steps by computed time, the first iteration from nothing', () => {
    const { series, axis } = fromAnswer(answer('secondsTotal', [2, 2, 2]))
    expect(throughput(series.get('secondsTotal')!, axis).map(({ mean }) => mean)).toEqual([50, 50, 50])
  })

  it('leaves out multipliers that are 0 throughout, but no other metric', () => {
    expect([...tellingMetrics(fromAnswer(answer('lambda', [0, 0])))]).toEqual([])
    expect([...tellingMetrics(fromAnswer(answer('lambda', [0, 0.1])))]).toEqual(['lambda'])
    expect([...tellingMetrics(fromAnswer(answer('goalsAfter', [0, 0])))]).toEqual(['goalsAfter'])
  })
})

describe('places on the x axis', () => {
  it('are those of the middle iteration, and need no array for iterations', () => {
    const { series, axis } = fromAnswer(answer('std', [1, 2], { width: 11 }))
    expect(placesOf(series.get('std')!, axis, 'iteration')).toBeUndefined()
    expect([...placesOf(series.get('std')!, axis, 'env-steps')!]).toEqual([600, 1700])
  })

  it('do not go beyond what is known', () => {
    expect(interpolate([1, 3], [10, 30], 2)).toBe(20)
    expect([0, 5].map((x) => interpolate([1, 3], [10, 30], x))).toEqual([10, 30])
    expect(interpolate([], [], 1)).toBeNaN()
  })
})
