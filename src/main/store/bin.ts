// The bin: runs out of sight that can still come back, and their deletion in steps that hold nobody up.
import { setTimeout as pause } from 'node:timers/promises'
import { deleteBlobIfUnreferenced } from './blobs.ts'
import { forgetOldRemovals } from './changes.ts'
import { StoreError } from './errors.ts'
import { shrinkStep } from './maintenance.ts'
import { runKeys } from './run-reference.ts'
import { RUN_TABLES, type RunTable } from './run-tables.ts'
import type { BinnedRun } from './organisation-rows.ts'
import { DELETING, refuseLivingRun, shownStatus, type StoredStatus } from './runs.ts'
import { read, write, type Connection } from './transaction.ts'

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

/** `binned_at` of runs that nobody wants back: `purgeBinned` takes them first, as soon as nobody works on them. */
const DROPPED = 1

/** Those that can come back, the newest deletion first. */
export function listBinned(connection: Connection): BinnedRun[] {
  return read(connection, () =>
    connection
      .prepare(
        `SELECT id, name, kind, method, world, source, done, total, binned_at AS binnedAt FROM runs
         WHERE binned_at > ${DROPPED} ORDER BY binned_at DESC, key DESC`,
      )
      .all(),
  ) as BinnedRun[]
}

/** Those of the runs that are in the bin by now go with the next `purgeBinned`, whatever the times of both. */
export function dropBinned(connection: Connection, ids: readonly string[]): void {
  write(connection, () =>
    connection
      .prepare(
        `UPDATE runs SET binned_at = ${DROPPED}
         WHERE binned_at > ${DROPPED} AND id IN (SELECT value FROM json_each(?))`,
      )
      .run(JSON.stringify(ids)),
  )
}

/** Rows of results per transaction: others wait for tens of milliseconds at most. */
const ROWS_PER_STEP = 20_000
/** Checkpoints or episodes per transaction; each may have hundreds of kilobytes. */
const BLOBS_PER_STEP = 20
/** So that others get their turn (ms). */
const PAUSE = 5

/**
 * Stops between two steps where the store is closed meanwhile, or the signal is aborted; what is left goes with the next
 * call. Several programs may do this at once: they help each other.
 */
export async function purgeBinned(connection: Connection, before: number, signal?: AbortSignal): Promise<number> {
  const mayGoOn = () => connection.open && signal?.aborted !== true
  let purged = 0
  while (mayGoOn()) {
    const run = nextToPurge(connection, Math.max(before, DROPPED + 1))
    if (run === undefined) {
      await giveDiskBack(connection, mayGoOn)
      return purged
    }
    for (const table of RUN_TABLES.toReversed())
      while (deleteSome(connection, table, run)) {
        await pause(PAUSE)
        if (!mayGoOn()) return purged
      }
    if (deleteRow(connection, run)) purged++
    await pause(PAUSE)
  }
  return purged
}

async function giveDiskBack(connection: Connection, mayGoOn: () => boolean): Promise<void> {
  write(connection, () => forgetOldRemovals(connection))
  while (mayGoOn() && shrinkStep(connection).mayHaveMore) await pause(PAUSE)
}

/** A run by both its names: SQLite gives the key of a deleted row to the next one, an id belongs to one run for ever. */
interface PurgedRun {
  readonly key: number
  readonly id: string
}

/** A binned run that is marked now as being deleted. One whose owner woke up meanwhile is about to leave the bin. */
function nextToPurge(connection: Connection, before: number): PurgedRun | undefined {
  return write(connection, () => {
    const binned = connection
      .prepare(
        `SELECT key, id, status, owner_pid AS pid, owner_host AS host, heartbeat_at AS heartbeatAt
         FROM runs WHERE binned_at < ? ORDER BY binned_at, key`,
      )
      .all(before) as (PurgedRun & { status: StoredStatus; pid: number; host: string; heartbeatAt: number })[]
    const run = binned.find((row) => shownStatus(row.status, row, row.heartbeatAt) !== 'running')
    if (run === undefined) return undefined
    connection.prepare('UPDATE runs SET binned_at = ? WHERE key = ?').run(DELETING, run.key)
    return { key: run.key, id: run.id }
  })
}

/** Within a transaction. Another program may have deleted the run since the last one, and its key may be a new run's. */
const isBeingDeleted = (connection: Connection, { key, id }: PurgedRun): boolean =>
  connection.prepare('SELECT 1 FROM runs WHERE key = ? AND id = ? AND binned_at = ?').pluck().get(key, id, DELETING) ===
  1

/** Returns whether there may be more. */
function deleteSome(connection: Connection, table: RunTable, run: PurgedRun): boolean {
  return write(connection, () => {
    if (!isBeingDeleted(connection, run)) return false
    if (table !== 'checkpoints' && table !== 'episodes')
      return (
        connection.prepare(`DELETE FROM ${table} WHERE run = ? LIMIT ${ROWS_PER_STEP}`).run(run.key).changes ===
        ROWS_PER_STEP
      )
    const some = connection
      .prepare(`SELECT key, sha256 FROM ${table} WHERE run = ? LIMIT ${BLOBS_PER_STEP}`)
      .all(run.key)
    for (const { key, sha256 } of some as { key: number; sha256: string }[]) {
      connection.prepare(`DELETE FROM ${table} WHERE key = ?`).run(key)
      deleteBlobIfUnreferenced(connection, sha256)
    }
    return some.length === BLOBS_PER_STEP
  })
}

/** Returns whether it was this program that did it. */
function deleteRow(connection: Connection, run: PurgedRun): boolean {
  return write(connection, () => {
    if (!isBeingDeleted(connection, run)) return false
    connection.prepare('DELETE FROM runs WHERE key = ?').run(run.key)
    return true
  })
}
