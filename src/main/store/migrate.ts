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
  /** Drops a table that others refer to, so that references are counted before and after; that reads every row. */
  readonly rebuilds?: true
}

/**
 * Applies what is missing, in one transaction; refuses a database that knows migrations which we do not, or whose
 * migrations had another text.
 */
export function migrate(connection: Connection, file: string, known: readonly Migration[], appVersion: string): void {
  refuseForeignSchema(connection, file, known)
  if (versionOf(connection) === known.length) return
  // A table that others refer to can be rebuilt only while references are not enforced, or dropping it would delete what
  // refers to it (https://www.sqlite.org/lang_altertable.html#otheralter). The pragma does nothing within a transaction.
  const enforced = connection.pragma('foreign_keys', { simple: true }) as number
  connection.pragma('foreign_keys = OFF')
  try {
    write(connection, () => {
      // Another process may have migrated while this one waited for the lock.
      refuseForeignSchema(connection, file, known)
      const rebuilds = known.slice(versionOf(connection)).some((migration) => migration.rebuilds)
      const dangling = () => (rebuilds ? danglingReferences(connection) : 0)
      const before = dangling()
      applyMissing(connection, known, appVersion)
      const lost = dangling() - before
      if (lost > 0)
        throw new StoreError('corrupt', `${file} cannot be migrated: ${lost} references would point to nothing.`)
    })
  } finally {
    connection.pragma(`foreign_keys = ${enforced}`)
  }
}

function applyMissing(connection: Connection, known: readonly Migration[], appVersion: string): void {
  connection.pragma(`application_id = ${APPLICATION_ID}`)
  connection.exec(
    `CREATE TABLE IF NOT EXISTS migrations
       (id TEXT PRIMARY KEY, sha256 TEXT NOT NULL, app_version TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT`,
  )
  const log = connection.prepare('INSERT INTO migrations (id, sha256, app_version, applied_at) VALUES (?, ?, ?, ?)')
  for (const migration of known.slice(versionOf(connection))) {
    connection.exec(migration.sql)
    log.run(migration.id, textHash(migration), appVersion, Date.now())
  }
  connection.pragma(`user_version = ${known.length}`)
}

const versionOf = (connection: Connection) => connection.pragma('user_version', { simple: true }) as number

/** How many rows refer to rows that are not there; `gc` deletes such rows. */
const danglingReferences = (connection: Connection) =>
  (connection.pragma('foreign_key_check') as readonly unknown[]).length

const textHash = ({ sql }: Migration): string => sha256(new TextEncoder().encode(sql))

export function refuseForeignSchema(connection: Connection, file: string, known: readonly Migration[]): void {
  if (versionOf(connection) === 0) return
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
