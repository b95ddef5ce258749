import type Database from 'better-sqlite3'
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { makeFolder } from '../make-folder.ts'
import { loadDriver } from './driver.ts'
import { StoreError } from './errors.ts'
import { APPLICATION_ID, migrate, refuseForeignSchema } from './migrate.ts'
import { migrations } from './migrations/index.ts'
import type { OpenOptions } from './store.ts'
import { sqliteCode, translating, type Connection } from './transaction.ts'

const DEFAULT_BUSY_TIMEOUT_MS = 10_000

/** https://www.sqlite.org/pragma.html#pragma_auto_vacuum */
const INCREMENTAL = 2

/** The write-ahead log is cut back to this size after it has been larger (bytes). */
const WAL_SIZE_LIMIT = 16 * 2 ** 20

/** Opens a database, creates or migrates it, or says why not. A file that is not ours is not written to. */
export async function connect(file: string, options: OpenOptions): Promise<Connection> {
  const Driver = await loadDriver()
  prepareFile(file, options.mode)
  if (options.mode === 'existing' && !isWritable(dirname(file))) return readFrozen(Driver, file)
  return translating(file, () => {
    const connection = new Driver(file, { timeout: options.busyTimeout ?? DEFAULT_BUSY_TIMEOUT_MS })
    try {
      refuseForeign(connection, file)
      configure(connection)
      migrate(connection, file, migrations, options.appVersion)
      return connection
    } catch (error) {
      connection.close()
      throw error
    }
  })
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** Bytes 18 and 19 of the header: 2 in WAL mode, 1 else (https://www.sqlite.org/fileformat.html#the_database_header). */
const VERSION_BYTES = [18, 19]

/** A database file's content as SQLite opens it in memory, where there is no write-ahead log; the bytes are a copy. */
export function rollbackJournal(content: Uint8Array): Buffer {
  const bytes = Buffer.from(content)
  for (const at of VERSION_BYTES) if (bytes[at] === 2) bytes[at] = 1
  return bytes
}

/**
 * A copy in memory, for reading only: in WAL mode even a reader has to write beside the database, and better-sqlite3 has
 * no `immutable=1`. A log that is still there may hold the newest commits, which such a copy would silently lack.
 */
function readFrozen(Driver: typeof Database, file: string): Connection {
  const log = `${file}-wal`
  if (existsSync(log) && statSync(log).size > 0)
    throw new StoreError(
      'denied',
      `${file} lies in a folder that cannot be written, and some of its content is still in ${log}: copy both to a ` +
        'folder you can write to.',
    )
  return translating(file, () => {
    const connection = new Driver(rollbackJournal(readFileSync(file)))
    try {
      refuseForeign(connection, file)
      refuseForeignSchema(connection, file, migrations)
      if (connection.pragma('user_version', { simple: true }) !== migrations.length)
        throw new StoreError('denied', `${file} is from an older version: copy it to a folder you can write to.`)
      connection.pragma('query_only = ON')
      return connection
    } catch (error) {
      connection.close()
      throw error
    }
  })
}

function prepareFile(file: string, mode: OpenOptions['mode']): void {
  const folder = dirname(file)
  if (mode === 'create-folder') makeDataFolder(folder)
  if (existsSync(file)) {
    if (!statSync(file).isFile()) throw new StoreError('foreign', `${file} is not a file, so it cannot be a database.`)
    return
  }
  if (!existsSync(folder)) throw new StoreError('missing', `The folder ${folder} of the database does not exist.`)
  if (!statSync(folder).isDirectory())
    throw new StoreError('missing', `${folder} is not a folder, so it cannot hold a database.`)
  if (mode === 'existing') throw new StoreError('missing', `There is no database at ${file}.`)
}

function makeDataFolder(folder: string): void {
  try {
    makeFolder(folder)
  } catch (cause) {
    throw new StoreError('denied', (cause as Error).message, { cause })
  }
}

/** Reads only: changing the journal mode of somebody else's database would already be a change. */
function refuseForeign(connection: Connection, file: string): void {
  // One read transaction: another process may be creating this very database, and must be seen before or after it.
  const isForeign = connection.transaction(() => {
    const applicationId = connection.pragma('application_id', { simple: true })
    if (applicationId === APPLICATION_ID) return false
    const { objects } = connection.prepare('SELECT count(*) AS objects FROM sqlite_schema').get() as { objects: number }
    const userVersion = connection.pragma('user_version', { simple: true })
    return applicationId !== 0 || userVersion !== 0 || objects > 0
  })
  if (isForeign())
    throw new StoreError('foreign', `${file} is a SQLite database of another program; it was left as it is.`)
}

function configure(connection: Connection): void {
  // Before the first table: lets `gc` give pages back without a rewrite. On a database that has it already it would be a
  // write, which a full disk refuses.
  if (connection.pragma('auto_vacuum', { simple: true }) !== INCREMENTAL) connection.pragma('auto_vacuum = INCREMENTAL')
  enterWalMode(connection)
  // A commit comes once per meta-iteration (about a second): an fsync each costs nothing and survives a power cut.
  connection.pragma('synchronous = FULL')
  connection.pragma('foreign_keys = ON')
  connection.pragma(`journal_size_limit = ${WAL_SIZE_LIMIT}`)
}

/** Entering WAL mode takes the whole file for a moment, and SQLite does not wait for it by itself. */
function enterWalMode(connection: Connection): void {
  const deadline = Date.now() + DEFAULT_BUSY_TIMEOUT_MS
  for (;;) {
    try {
      if (connection.pragma('journal_mode = WAL', { simple: true }) === 'wal') return
    } catch (error) {
      if (sqliteCode(error) !== 'SQLITE_BUSY' || Date.now() > deadline) throw error
    }
    if (Date.now() > deadline)
      throw new StoreError(
        'denied',
        `${connection.name} lies on a file system without shared memory (a network drive?).`,
      )
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
  }
}
