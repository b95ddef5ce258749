/** Single rows of the list of runs, without asking for the list each time: it is kept, and caught up with before a look. */
import { StoreError } from '../store/errors.ts'
import type { RunListRow, Store } from '../store/store.ts'

interface Kept {
  cursor: number | null
  readonly rows: Map<string, RunListRow>
}

const kept = new WeakMap<Store, Kept>()

/** @throws StoreError where the run is not in the list */
export function runRow(store: Store, id: string): RunListRow {
  const list = kept.get(store) ?? { cursor: null, rows: new Map<string, RunListRow>() }
  kept.set(store, list)
  const { cursor, complete, rows, removed } = store.changesSince(list.cursor)
  list.cursor = cursor
  if (complete) list.rows.clear()
  for (const row of rows) list.rows.set(row.id, row)
  for (const gone of removed) list.rows.delete(gone)
  const row = list.rows.get(id)
  // The store says better why: no such run, or one in the bin.
  if (row === undefined) throw new StoreError('unknown', `Run ${store.run(id).id} is in the bin.`)
  return row
}

/**
 * Seconds until a running run ends: as its job counts them where this program works on it, else at the pace that the run has
 * had so far; null where neither is known.
 */
export function remainingSeconds(row: RunListRow, ofJob: (run: string) => number | null): number | null {
  if (row.status !== 'running') return null
  const { id, done, total, activeSeconds } = row
  return ofJob(id) ?? (done > 0 ? (activeSeconds / done) * (total - done) : null)
}
