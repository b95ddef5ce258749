import { StoreError } from './errors.ts'
import { write, type Connection } from './transaction.ts'

/** Marks a SQLite file as ours (https://www.sqlite.org/pragma.html#pragma_application_id): "CMML". */
export const APPLICATION_ID = 0x434d4d4c

/** One change of the schema. Forward only: a published migration is never edited, the next one corrects it. */
export interface Migration {
  /** Date and subject; migrations apply in this order. */
  readonly id: string
  readonly sql: string
}

/** Applies what is missing, in one transaction; refuses a database that knows migrations which we do not. */
export function migrate(connection: Connection, file: string, known: readonly Migration[], appVersion: string): void {
  const version = () => connection.pragma('user_version', { simple: true }) as number
  refuseNewer(connection, file, known)
  if (version() === known.length) return
  write(connection, () => {
    // Another process may have migrated while this one waited for the lock.
    refuseNewer(connection, file, known)
    connection.pragma(`application_id = ${APPLICATION_ID}`)
    connection.exec(
      'CREATE TABLE IF NOT EXISTS migrations (id TEXT PRIMARY KEY, app_version TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT',
    )
    const log = connection.prepare('INSERT INTO migrations (id, app_version, applied_at) VALUES (?, ?, ?)')
    for (const migration of known.slice(version())) {
      connection.exec(migration.sql)
      log.run(migration.id, appVersion, Date.now())
    }
    connection.pragma(`user_version = ${known.length}`)
  })
}

function refuseNewer(connection: Connection, file: string, known: readonly Migration[]): void {
  if (connection.pragma('user_version', { simple: true }) === 0) return
  const applied = connection.prepare('SELECT id, app_version AS appVersion FROM migrations ORDER BY id').all() as {
    id: string
    appVersion: string
  }[]
  const stranger = applied.find(({ id }, index) => id !== known[index]?.id)
  if (!stranger) return
  throw new StoreError(
    'newer',
    `${file} was written by version ${stranger.appVersion} of this program, which is newer (schema change ` +
      `"${stranger.id}" is unknown here). Use that version or another database.`,
  )
}
