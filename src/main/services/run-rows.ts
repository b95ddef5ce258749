/** Single rows of the list of runs. */
import { StoreError } from '../store/errors.ts'
import type { RunListRow, Store } from '../store/store.ts'

export interface RunRow extends RunListRow {
  /** Until the end of a running run (s); null where it cannot be said yet. */
  readonly etaSeconds: number | null
}

/** @throws StoreError where the run is not in the list */
export function runRow(store: Store, id: string): RunListRow {
  const row = store.listedRun(id)
  // The store knows why there is none.
  if (row === null) throw new StoreError('unknown', `Run ${store.run(id).id} is not in the list of runs.`)
  return row
}

/**
 * Seconds until a running run ends: as its job counts them where this program works on it, else at the pace that the run has
 * had so far; null where neither is known.
 */
export function remainingSeconds(row: RunListRow, ofJob: (run: string) => number | null): number | null {
  return row.status === 'running' ? (ofJob(row.id) ?? secondsAtItsPace(row)) : null
}

/** What is left of a run, at the pace that it has had so far (s); null where it has none yet, or nothing is left. */
export function secondsAtItsPace({
  done,
  total,
  activeSeconds,
}: Pick<RunListRow, 'done' | 'total' | 'activeSeconds'>): number | null {
  return done > 0 && done < total ? (activeSeconds / done) * (total - done) : null
}
