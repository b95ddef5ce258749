import { expect, test } from 'vitest'
import { nextOrder, orderedTasks, type TaskOrder } from '../../../src/renderer/compare/task-order.ts'

const labels = ['C-MAML', 'random']
const rows = [
  { seed: 3, values: [1, 9] },
  { seed: 1, values: [2, 9] },
  { seed: 2, values: [3, 4] },
]
const seedsBy = (order: TaskOrder) => orderedTasks(rows, labels, order).map(({ seed }) => seed)

test('tasks are ordered by seed or by the values of an initialisation, ties by seed', () => {
  expect(seedsBy({ by: 'seed', descending: false })).toEqual([1, 2, 3])
  expect(seedsBy({ by: 'seed', descending: true })).toEqual([3, 2, 1])
  expect(seedsBy({ by: { label: 'C-MAML' }, descending: true })).toEqual([2, 1, 3])
  expect(seedsBy({ by: { label: 'random' }, descending: true })).toEqual([1, 3, 2])
  expect(seedsBy({ by: { label: 'random' }, descending: false })).toEqual([2, 1, 3])
})

test('by an initialisation that is not shown any more, they are in the order of their seeds', () => {
  expect(seedsBy({ by: { label: 'MAML' }, descending: false })).toEqual([1, 2, 3])
})

test('a column begins with its worst, the same again turns it around', () => {
  const bySeed: TaskOrder = { by: 'seed', descending: false }
  const costs = nextOrder(bySeed, 'random', true)
  expect(costs).toEqual({ by: { label: 'random' }, descending: true })
  expect(nextOrder(costs, 'random', true)).toEqual({ by: { label: 'random' }, descending: false })
  expect(nextOrder(costs, 'C-MAML', false)).toEqual({ by: { label: 'C-MAML' }, descending: false })
  expect(nextOrder(costs, null, true)).toEqual(bySeed)
  expect(nextOrder(bySeed, null, true)).toEqual({ by: 'seed', descending: true })
})
