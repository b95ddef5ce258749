import type { CheckpointSort, ListedCheckpoint } from '../../main/api/contract.ts'

export interface CheckpointOrder {
  readonly by: CheckpointSort
  readonly descending: boolean
}

/** Those of one run, as pages of all are sorted: those that have no such number come last, the newest first of equal ones. */
export function sortCheckpoints(rows: readonly ListedCheckpoint[], { by, descending }: CheckpointOrder) {
  const sign = descending ? -1 : 1
  const newest = rows.toSorted((a, b) => b.createdAt - a.createdAt || b.iteration - a.iteration)
  if (by === 'name') return newest
  return newest.toSorted((a, b) => {
    const [first, second] = by === 'stored' ? [a.createdAt, b.createdAt] : [a[by], b[by]]
    if (first === null || second === null) return Number(first === null) - Number(second === null)
    return sign * (first - second)
  })
}
