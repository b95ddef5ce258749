// The bin: runs out of sight that can still come back, and their deletion in steps that hold nobody up.
import { setTimeout as pause } from 'node:timers/promises'
import { deleteBlobIfUnreferenced } from './blobs.ts'
import { forgetOldRemovals } from './changes.ts'
import { StoreError } from './errors.ts'
import { shrinkStep } from './maintenance.ts'
import { runKeys } from './run-reference.ts'
import { RUN_TABLES, type RunTable } from './run-tables.ts'
import { refuseLivingRun } from './runs.ts'
import { write, type Connection } from './transaction.ts'

/** Instead of a time: deletion has begun, and what is left of the run cannot come back. */
const DELETING = 0

export function binRuns(connection: Connection, ids: readonly string[]): number {
  return write(connection, () => {
    const now = Date.now()
    const runs = JSON.stringify(runKeys(connection, ids))
    const running = connection
      .prepare("SELECT id FROM runs WHERE key IN (SELECT value FROM json_each(?)) AND status = 'running'")
      .pluck()
      .all(runs) as string[]
    for (const id of running) refuseLivingRun(connection, id, 'put into the bin')
    connection
      .prepare('UPDATE runs SET binned_at = ? WHERE key IN (SELECT value FROM json_each(?)) AND binned_at IS NULL')
      .run(now, runs)
    return now
  })
}

export function restoreRuns(connection: Connection, ids: readonly string[]): void {
  write(connection, () => {
    const runs = JSON.stringify(runKeys(connection, ids))
    const deleting = connection
      .prepare('SELECT id FROM runs WHERE key IN (SELECT value FROM json_each(?)) AND binned_at = ? LIMIT 1')
      .pluck()
      .get(runs, DELETING) as string | undefined
    if (deleting !== undefined)
      throw new StoreError('conflict', `Run ${deleting} is being deleted; it cannot be restored.`)
    connection
      .prepare(
        'UPDATE runs SET binned_at = NULL WHERE key IN (SELECT value FROM json_each(?)) AND binned_at IS NOT NULL',
      )
      .run(runs)
  })
}

/** Rows of results per transaction: others wait for tens of milliseconds at most. */
const ROWS_PER_STEP = 20_000
/** Checkpoints or episodes per transaction; each may have hundreds of kilobytes. */
const BLOBS_PER_STEP = 20
/** So that others get their turn (ms). */
const PAUSE = 5

/** Stops between two steps where the store is closed meanwhile; what is left goes with the next call. */
export async function purgeBinned(connection: Connection, before: number): Promise<number> {
  let purged = 0
  for (;;) {
    if (!connection.open) return purged
    const run = nextToPurge(connection, before)
    if (run === undefined) break
    for (const table of RUN_TABLES.toReversed())
      while (deleteSome(connection, table, run)) {
        await pause(PAUSE)
        if (!connection.open) return purged
      }
    write(connection, () => connection.prepare('DELETE FROM runs WHERE key = ?').run(run))
    purged++
    await pause(PAUSE)
  }
  write(connection, () => forgetOldRemovals(connection))
  while (connection.open && shrinkStep(connection).mayHaveMore) await pause(PAUSE)
  return purged
}

/** The key of a binned run that is marked now as being deleted. */
function nextToPurge(connection: Connection, before: number): number | undefined {
  return write(connection, () => {
    const key = connection
      .prepare('SELECT key FROM runs WHERE binned_at < ? ORDER BY binned_at, key LIMIT 1')
      .pluck()
      .get(before) as number | undefined
    if (key !== undefined) connection.prepare('UPDATE runs SET binned_at = ? WHERE key = ?').run(DELETING, key)
    return key
  })
}

/** Returns whether there may be more. */
function deleteSome(connection: Connection, table: RunTable, run: number): boolean {
  return write(connection, () => {
    if (table !== 'checkpoints' && table !== 'episodes')
      return (
        connection.prepare(`DELETE FROM ${table} WHERE run = ? LIMIT ${ROWS_PER_STEP}`).run(run).changes ===
        ROWS_PER_STEP
      )
    const some = connection.prepare(`SELECT key, sha256 FROM ${table} WHERE run = ? LIMIT ${BLOBS_PER_STEP}`).all(run)
    for (const { key, sha256 } of some as { key: number; sha256: string }[]) {
      connection.prepare(`DELETE FROM ${table} WHERE key = ?`).run(key)
      deleteBlobIfUnreferenced(connection, sha256)
    }
    return some.length === BLOBS_PER_STEP
  })
}
