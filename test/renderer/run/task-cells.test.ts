import { describe, expect, it } from 'vitest'
import type { TaskCells } from '../../../src/main/api/contract.ts'
import {
  band,
  iterationsBehind,
  joinedCells,
  NO_CELLS,
  quantile,
  spreads,
  taskHistory,
  taskMatrix,
  taskSummaries,
  thinningOf,
} from '../../../src/renderer/run/task-cells.ts'

/** [iteration, task, cost] */
function cells(...rows: readonly [number, number, number][]): TaskCells {
  return {
    cursor: rows.at(-1)?.[0] ?? 0,
    tasks: [...new Set(rows.map(([, task]) => task))].sort((a, b) => a - b),
    iteration: Int32Array.from(rows, ([at]) => at),
    task: Int32Array.from(rows, ([, task]) => task),
    return: new Float32Array(rows.length),
    cost: Float32Array.from(rows, ([, , cost]) => cost),
  }
}
const stretch = (first: number, last: number, mean: number) => {
  return { first, last, count: last - first + 1, min: mean, max: mean, mean }
}

describe('the spread over tasks', () => {
  it('divides by N - 1, and takes quartiles as numpy does', () => {
    const [one] = spreads(cells([1, 0, 2], [1, 1, 4], [1, 2, 6], [1, 3, 12]), 'cost')
    expect(one).toMatchObject({ first: 1, last: 1, tasks: 4, mean: 6, lowerQuartile: 3.5, upperQuartile: 7.5 })
    expect(one!.sd).toBeCloseTo(Math.sqrt(56 / 3), 12)
    expect(quantile([7], 0.25)).toBe(7)
  })

  it('is averaged within a stretch, carried over thinned iterations, and missing where nothing is known', () => {
    // Iteration 1 stands for 1 to 3, iteration 4 for itself and 5.
    const known = spreads({ ...cells([1, 0, 1], [1, 1, 3], [4, 0, 2], [4, 1, 8]), cursor: 5 }, 'cost')
    const { lower, upper } = band([stretch(1, 4, 5), stretch(5, 5, 5), stretch(9, 9, 5)], known, 'quartiles')
    expect([lower[0], upper[0]]).toEqual([(3 * 1.5 + 3.5) / 4, (3 * 2.5 + 6.5) / 4])
    expect([lower[1], upper[1]]).toEqual([3.5, 6.5])
    expect([lower[2], upper[2]]).toEqual([NaN, NaN])
  })

  it('does not reach where the quantity cannot be', () => {
    const known = spreads(cells([1, 0, 0], [1, 1, 10]), 'cost')
    expect(band([stretch(1, 1, 5)], known, 'sd', 0).lower[0]).toBe(0)
    expect(band([stretch(1, 1, 5)], known, 'sd').lower[0]).toBeLessThan(0)
  })
})

describe('the map of tasks', () => {
  it('has rows in the order that is asked for and holes where a task was not drawn', () => {
    const { columns, tasks, values } = taskMatrix(cells([1, 7, 1], [1, 9, 2], [3, 9, 4]), 'cost', [9, 7])
    expect(columns).toEqual([
      { first: 1, last: 2 },
      { first: 3, last: 3 },
    ])
    expect([tasks, ...values]).toEqual([2, 2, 4, 1, NaN])
  })

  it('averages neighbouring iterations where there are more than columns', () => {
    const rows = Array.from({ length: 1000 }, (_, i): [number, number, number] => [i + 1, 0, i % 2])
    const { columns, values } = taskMatrix(cells(...rows), 'cost', [0])
    expect(columns.length).toBe(500)
    expect(new Set(values)).toEqual(new Set([0.5]))
    expect(columns.at(-1)).toEqual({ first: 999, last: 1000 })
  })

  it('counts a known iteration for those that were thinned out after it', () => {
    // The column of 1 to 600 holds what 1 stands for, 599 iterations, and 600.
    const rows = Array.from({ length: 601 }, (_, i): [number, number, number] => [
      i === 0 ? 1 : 599 + i,
      0,
      i === 0 ? 4 : 10,
    ])
    const { columns, values } = taskMatrix(cells(...rows), 'cost', [0])
    expect(columns[0]).toEqual({ first: 1, last: 600 })
    expect(values[0]).toBeCloseTo((599 * 4 + 10) / 600, 10)
  })

  it('sums up each task, with the share of its iterations above the limit', () => {
    const all = cells([1, 7, 4], [2, 7, 8], [2, 9, 5])
    expect(taskSummaries(all, 'cost', 5)).toEqual([
      { task: 7, mean: 6, newest: 8, above: 0.5 },
      { task: 9, mean: 5, newest: 5, above: 0 },
    ])
    expect(taskHistory(all, 'cost', 7).map(({ first, mean }) => [first, mean])).toEqual([
      [1, 4],
      [2, 8],
    ])
    expect(thinningOf(all)).toBeNull()
  })

  it('sums up a task of which old iterations are thinned out as if all were known', () => {
    // Every 4th iteration up to 8, then every one: the task spent 8 iterations at 10 and 2 at 0.
    const thinned = cells([1, 7, 10], [5, 7, 10], [5, 8, 3], [9, 7, 0], [10, 7, 0])
    expect([...iterationsBehind(thinned)]).toEqual([4, 4, 4, 1, 1])
    expect(taskSummaries(thinned, 'cost', 5)).toEqual([
      { task: 7, mean: (8 * 10 + 2 * 0) / 10, newest: 0, above: 8 / 10 },
      { task: 8, mean: 3, newest: 3, above: 0 },
    ])
    expect(thinningOf(thinned)).toEqual({ every: 4, until: 8 })
  })

  it('knows how many iterations the last one stands for by where the answer ended', () => {
    const open = { ...cells([1, 7, 10], [5, 7, 2]), cursor: 6 }
    expect([...iterationsBehind(open)]).toEqual([4, 2])
    expect(thinningOf(open)).toEqual({ every: 4, until: 6 })
    expect(taskSummaries(open, 'cost', 5)[0]).toMatchObject({ mean: (4 * 10 + 2 * 2) / 6, above: 4 / 6 })
  })
})

it('cells that come later are joined once', () => {
  const known = joinedCells(NO_CELLS, cells([1, 7, 4]))
  const both = joinedCells(known, cells([1, 7, 4], [2, 3, 8]))
  expect([both.tasks, [...both.cost], both.cursor]).toEqual([[3, 7], [4, 8], 2])
  expect(joinedCells(both, cells([2, 3, 8]))).toBe(both)
})
