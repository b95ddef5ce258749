import { dirname, isAbsolute, join } from 'node:path'
import type { GcReport, Store, StoreSize } from '../store/store.ts'
import { confinedPath } from './confined-path.ts'
import { askDatabase } from './database-launch.ts'
import { appVersion } from './database.ts'
import { freeBytes } from './free-bytes.ts'
import { InvalidRequest } from './invalid-request.ts'

export interface StorageReport extends StoreSize {
  /** Bytes free where the database is; null where unknown. */
  readonly free: number | null
}

const NOTHING = { count: 0, bytes: 0 }

/** How much disk the database takes; all zero where there is none. */
export function storageReport(store: Store | null, file: string): StorageReport {
  const report = store?.storageReport() ?? {
    database: 0,
    writeAheadLog: 0,
    reclaimable: 0,
    runs: 0,
    checkpoints: NOTHING,
    episodes: NOTHING,
  }
  return { ...report, free: freeBytes(file) }
}

/**
 * Writes a consistent copy, in a process of its own: a large database takes seconds.
 *
 * @param target absolute; null: beside the database, named by the time
 * @param confined only below the database's folder
 */
export async function backUp(database: string, target: string | null, confined = false): Promise<string> {
  if (target !== null && !isAbsolute(target))
    throw new InvalidRequest(`The backup ${target} must be named by its whole path.`)
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-')
  const beside = dirname(database)
  const asked = target ?? join(beside, `cmaml-backup-${time}.sqlite`)
  const file = target !== null && confined ? confinedPath(beside, asked) : asked
  await askDatabase('backup', { work: 'backup', file: database, appVersion, target: file })
  return file
}

/** Deletes what nothing refers to and shrinks the file, in a process of its own. */
export const compact = (database: string): Promise<GcReport> =>
  askDatabase('compacting', { work: 'compact', file: database, appVersion })
