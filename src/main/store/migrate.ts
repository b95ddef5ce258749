import { StoreError } from './errors.ts'
import { sha256 } from './sha256.ts'
import { write, type Connection } from './transaction.ts'

/** Marks a SQLite file as ours (https://www.sqlite.org/pragma.html#pragma_application_id): "CMML". */
export const APPLICATION_ID = 0x434d4d4c

/** One change of the schema. Forward only: a published migration is never edited, the next one corrects it. */
export interface Migration {
  /** Date and subject; migrations apply in this order. */
  readonly id: string
  readonly sql: string
}

/**
 * Applies what is missing, in one transaction; refuses a database that knows migrations which we do not, or whose
 * migrations had another text.
 */
export function migrate(connection: Connection, file: string, known: readonly Migration[], appVersion: string): void {
  const version = () => connection.pragma('user_version', { simple: true }) as number
  refuseForeignSchema(connection, file, known)
  if (version() === known.length) return
  write(connection, () => {
    // Another process may have migrated while this one waited for the lock.
    refuseForeignSchema(connection, file, known)
    connection.pragma(`application_id = ${APPLICATION_ID}`)
    connection.exec(
      `CREATE TABLE IF NOT EXISTS migrations
         (id TEXT PRIMARY KEY, sha256 TEXT NOT NULL, app_version TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT`,
    )
    const log = connection.prepare('INSERT INTO migrations (id, sha256, app_version, applied_at) VALUES (?, ?, ?, ?)')
    for (const migration of known.slice(version())) {
      connection.exec(migration.sql)
      log.run(migration.id, textHash(migration), appVersion, Date.now())
    }
    connection.pragma(`user_version = ${known.length}`)
  })
}

const textHash = ({ sql }: Migration): string => sha256(new TextEncoder().encode(sql))

export function refuseForeignSchema(connection: Connection, file: string, known: readonly Migration[]): void {
  if (connection.pragma('user_version', { simple: true }) === 0) return
  const applied = connection.prepare('SELECT * FROM migrations ORDER BY id').all() as {
    id: string
    /** Missing before the first release. */
    sha256?: string
    app_version: string
  }[]
  const stranger = applied.find(({ id }, index) => id !== known[index]?.id)
  if (stranger)
    throw new StoreError(
      'newer',
      `${file} was written by version ${stranger.app_version} of this program, which is newer (schema change ` +
        `"${stranger.id}" is unknown here). Use that version or another database.`,
    )
  const altered = applied.find((migration, index) => migration.sha256 !== textHash(known[index]!))
  if (altered)
    throw new StoreError(
      'newer',
      `${file} was made by an unreleased build of this program (its schema change "${altered.id}" has another text): ` +
        'move it away, or name another database with --db.',
    )
}
