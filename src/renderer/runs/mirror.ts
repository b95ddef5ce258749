import type { RunChanges, RunRow } from '../../main/api/contract.ts'

/** The list of runs after a change; what is held stays as it is. */
export function applyChanges(
  held: ReadonlyMap<string, RunRow>,
  { complete, rows, removed }: Pick<RunChanges, 'complete' | 'rows' | 'removed'>,
): ReadonlyMap<string, RunRow> {
  const next = new Map(complete ? [] : held)
  for (const row of rows) next.set(row.id, row)
  for (const id of removed) next.delete(id)
  return next
}
