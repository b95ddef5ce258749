import { describe, expect, it } from 'vitest'
import type { TaskCells } from '../../../src/main/api/contract.ts'
import { followTaskCells } from '../../../src/renderer/run/follow-task-cells.ts'
import { NO_CELLS } from '../../../src/renderer/run/task-cells.ts'

/** Every n-th iteration of [from, to], of as many tasks. */
function cells(from: number, to: number, tasks: number, every = 1): TaskCells {
  const rows: [number, number][] = []
  for (let at = from; at <= to; at += every) for (let task = 0; task < tasks; task++) rows.push([at, task])
  const values = Float32Array.from(rows, ([at]) => at)
  return {
    ...NO_CELLS,
    cursor: to,
    tasks: Array.from({ length: tasks }, (_, task) => task),
    iteration: Int32Array.from(rows, ([at]) => at),
    task: Int32Array.from(rows, ([, task]) => task),
    return: values,
    cost: values,
  }
}

/** A run whose newest iterations are given one after the other. `thins`: as the store does. */
function follow(newest: readonly number[], { tasks = 2, most = 8, thins = true } = {}) {
  const asked: [from: number, at: number][] = []
  const later = newest.values()
  let now = 0
  const states = followTaskCells({
    policies: ['before'],
    most,
    later: (than) => {
      const next = later.next()
      if (next.done) throw new Error('The run ended.')
      expect(next.value).toBeGreaterThan(than)
      now = next.value
      return Promise.resolve(now)
    },
    ask: (_, from) => {
      asked.push([from, now])
      const every = thins ? Math.max(1, Math.ceil(((now - from + 1) * tasks) / most)) : 1
      return Promise.resolve(cells(from, now, tasks, every))
    },
  })
  const lengths = async () => {
    const found: number[] = []
    try {
      for await (const { before, after } of states) {
        expect(after).toBe(NO_CELLS)
        expect(before.cursor).toBe(now)
        found.push(before.iteration.length)
      }
    } catch (error) {
      expect((error as Error).message).toBe('The run ended.')
    }
    return found
  }
  return { asked, lengths: lengths() }
}

describe('the cells of a run that trains', () => {
  it('are asked for once, then only the later ones', async () => {
    const { asked, lengths } = follow([3, 4, 6])
    expect(await lengths).toEqual([6, 8, 12])
    expect(asked).toEqual([
      [1, 3],
      [4, 4],
      [5, 6],
    ])
  })

  it('are asked for anew, thinner, where there are twice as many as wanted, and were never missing meanwhile', async () => {
    const { asked, lengths } = follow([4, 8, 9, 10])
    expect(await lengths).toEqual([8, 16, 6, 8])
    expect(asked.map(([from]) => from)).toEqual([1, 5, 9, 1, 10])
  })

  it('are not asked for again and again where the answer is never thinner', async () => {
    const { asked, lengths } = follow([40, 41, 42, 43], { thins: false })
    expect(await lengths).toEqual([80, 82, 84, 86])
    expect(asked.filter(([from]) => from === 1)).toHaveLength(1)
  })
})
