import { existsSync, renameSync, rmSync } from 'node:fs'
import { deleteUnreferencedBlobs } from './blobs.ts'
import { forgetOldRemovals } from './changes.ts'
import { StoreError } from './errors.ts'
import { RUN_TABLES, type RunTable } from './run-tables.ts'
import type { GcReport } from './store.ts'
import { translating, write, type Connection } from './transaction.ts'

/** Pages given back per transaction (4 kB each): other writers wait for one such step at most. */
const PAGES_PER_STEP = 2000

/**
 * Foreign keys keep the tables whole, except against programs that leave them off, so rows without their run go too.
 * Everything that refers to a blob is stored in the blob's own transaction, so what is unreferenced here is garbage.
 */
export function collectGarbage(connection: Connection): GcReport {
  const blobsDeleted = write(connection, () => {
    for (const table of RUN_TABLES) deleteOrphans(connection, table)
    forgetOldRemovals(connection)
    return deleteUnreferencedBlobs(connection)
  })
  const pages = shrink(connection)
  translating(connection.name, () => connection.pragma('wal_checkpoint(TRUNCATE)'))
  return { blobsDeleted, bytesFreed: pages * (connection.pragma('page_size', { simple: true }) as number) }
}

/** Finds the runs of a table by hopping through its index: gc holds up other writers, and metrics are many. */
function deleteOrphans(connection: Connection, table: RunTable): void {
  connection.exec(`
    WITH RECURSIVE present (run) AS (
      SELECT min(run) FROM ${table}
      UNION ALL SELECT (SELECT min(run) FROM ${table} WHERE run > present.run) FROM present WHERE run IS NOT NULL)
    DELETE FROM ${table} WHERE run IN (SELECT run FROM present WHERE run NOT IN (SELECT key FROM runs))`)
}

/** Gives free pages back to the system, in short transactions. Returns how many. */
function shrink(connection: Connection): number {
  let freed = 0
  for (;;) {
    const { pages, mayHaveMore } = shrinkStep(connection)
    freed += pages
    if (!mayHaveMore) return freed
  }
}

/** One such transaction. */
export function shrinkStep(connection: Connection): { readonly pages: number; readonly mayHaveMore: boolean } {
  const pages = write(connection, () => {
    const before = pageCount(connection)
    connection.pragma(`incremental_vacuum(${PAGES_PER_STEP})`)
    return before - pageCount(connection)
  })
  // Pages of SQLite's own bookkeeping may go with them.
  return { pages, mayHaveMore: pages >= PAGES_PER_STEP }
}

const pageCount = (connection: Connection) => connection.pragma('page_count', { simple: true }) as number

/** A consistent copy; it appears under its name only when it is complete. */
export function backup(connection: Connection, file: string): void {
  if (existsSync(file)) throw new StoreError('denied', `${file} exists already; a backup does not overwrite.`)
  const partial = `${file}.${process.pid}.partial`
  try {
    translating(file, () => connection.prepare('VACUUM INTO ?').run(partial))
    renameSync(partial, file)
  } catch (cause) {
    rmSync(partial, { force: true })
    if (cause instanceof StoreError) throw cause
    throw new StoreError('denied', `The backup ${file} cannot be written: ${(cause as Error).message}`, { cause })
  }
}
