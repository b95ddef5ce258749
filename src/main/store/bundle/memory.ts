// Bundles are made, and opened, in memory: nothing of them is ever a database file beside the real ones.
import type Database from 'better-sqlite3'
import { rollbackJournal } from '../connection.ts'
import { loadDriver } from '../driver.ts'
import { StoreError } from '../errors.ts'
import { APPLICATION_ID, migrate, refuseForeignSchema } from '../migrate.ts'
import { migrations } from '../migrations/index.ts'
import { sqliteCode, type Connection } from '../transaction.ts'

/** An empty database of the newest schema. */
export async function openEmpty(appVersion: string): Promise<Connection> {
  const Driver = await loadDriver()
  const connection = new Driver(':memory:')
  connection.pragma('foreign_keys = ON')
  migrate(connection, ':memory:', migrations, appVersion)
  return connection
}

/** What the schema of a version is made of. */
function objectsOfVersion(Driver: typeof Database, version: number, appVersion: string): ReadonlySet<string> {
  const connection = new Driver(':memory:')
  try {
    migrate(connection, ':memory:', migrations.slice(0, version), appVersion)
    return objectsIn(connection)
  } finally {
    connection.close()
  }
}

/**
 * The database in a bundle, in the newest schema. Its author may be anybody: nothing in it can run, and it is refused
 * unless it is whole and made of our tables.
 */
export async function openContent(bytes: Uint8Array, name: string, appVersion: string): Promise<Connection> {
  const Driver = await loadDriver()
  try {
    return openChecked(Driver, bytes, name, appVersion)
  } catch (error) {
    if (error instanceof StoreError && error.code === 'newer') throw error
    if (!(error instanceof StoreError) && sqliteCode(error) === undefined) throw error
    throw new StoreError('corrupt', `${name} cannot be used: ${(error as Error).message}`, { cause: error })
  }
}

function openChecked(Driver: typeof Database, bytes: Uint8Array, name: string, appVersion: string): Connection {
  const connection = new Driver(rollbackJournal(bytes))
  try {
    // Expressions of the schema cannot call what has side effects (https://www.sqlite.org/pragma.html#pragma_trusted_schema).
    connection.pragma('trusted_schema = OFF')
    connection.pragma('cell_size_check = ON')
    connection.pragma('foreign_keys = ON')
    const refuse = (reason: string) => new StoreError('corrupt', reason)
    if (connection.pragma('application_id', { simple: true }) !== APPLICATION_ID)
      throw refuse('its content is no database of this program')
    const version = connection.pragma('user_version', { simple: true }) as number
    if (version === 0) throw refuse('its content has no version')
    refuseForeignSchema(connection, name, migrations)
    // Before a migration: a trigger would run during it.
    const expected = objectsOfVersion(Driver, version, appVersion)
    const stranger = [...objectsIn(connection)].find((object) => !expected.has(object))
    if (stranger !== undefined) throw refuse(`it holds the unknown ${stranger.split('\n')[0]}`)
    const integrity = connection.pragma('integrity_check(1)', { simple: true }) as string
    if (integrity !== 'ok') throw refuse(integrity)
    migrate(connection, name, migrations, appVersion)
    const dangling = connection.pragma('foreign_key_check') as { table: string; parent: string }[]
    if (dangling[0]) throw refuse(`rows of ${dangling[0].table} refer to missing ${dangling[0].parent}`)
    return connection
  } catch (error) {
    connection.close()
    throw error
  }
}

/** Kinds and names of what a schema is made of, e.g. `table runs`; of a trigger, which would run, also its text. */
function objectsIn(connection: Connection): ReadonlySet<string> {
  const objects = connection
    .prepare(
      "SELECT type || ' ' || name || iif(type = 'trigger', char(10) || sql, '') FROM sqlite_schema WHERE type <> 'index' OR sql IS NOT NULL",
    )
    .pluck()
    .all() as string[]
  return new Set(objects)
}
