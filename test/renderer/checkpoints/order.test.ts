import { expect, it } from 'vitest'
import type { ListedCheckpoint } from '../../../src/main/api/contract.ts'
import { sortCheckpoints, type CheckpointOrder } from '../../../src/renderer/checkpoints/order.ts'

const point = (iteration: number, createdAt: number, cost: number | null): ListedCheckpoint => ({
  ...{ id: String(iteration), kind: 'milestone', iteration, envSteps: 0, sha256: '', size: 1, createdAt, weights: '' },
  ...{ return: null, cost, run: null, source: null, method: 'meta', world: 'environment-1', costLimit: 5, lineage: [] },
})
const rows = [point(1, 10, 3), point(2, 20, null), point(3, 30, 1), point(4, 40, 3)]

it.each<[CheckpointOrder['by'], boolean, number[]]>([
  ['stored', true, [4, 3, 2, 1]],
  ['stored', false, [1, 2, 3, 4]],
  ['iteration', false, [1, 2, 3, 4]],
  // Without a cost it is last either way; of equal costs the newer is first.
  ['cost', false, [3, 4, 1, 2]],
  ['cost', true, [4, 1, 3, 2]],
])('sorts by %s, descending %s', (by, descending, expected) => {
  expect(sortCheckpoints(rows, { by, descending }).map(({ iteration }) => iteration)).toEqual(expected)
})
