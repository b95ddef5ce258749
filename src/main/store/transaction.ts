import type Database from 'better-sqlite3'
import { StoreError } from './errors.ts'

export type Connection = Database.Database

/** One transaction that takes the write lock first, so that it waits for other writers instead of failing half-way. */
export function write<T>(connection: Connection, work: () => T): T {
  return translating(connection.name, () => connection.transaction(work).immediate())
}

/** One consistent snapshot over several queries. */
export function read<T>(connection: Connection, work: () => T): T {
  return translating(connection.name, () => connection.transaction(work).deferred())
}

/** Says in words what SQLite says in codes (https://www.sqlite.org/rescode.html). */
export function translating<T>(file: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    const code = sqliteCode(error)
    if (code === undefined) throw error
    throw translate(file, code, error as Error)
  }
}

function translate(file: string, code: string, cause: Error): StoreError {
  const primary = /^SQLITE_[A-Z]+/.exec(code)?.[0]
  const detail = `${cause.message}, ${code}`
  switch (primary) {
    case 'SQLITE_FULL':
      return new StoreError('full', `No space is left for ${file}. What was committed before is safe.`, { cause })
    case 'SQLITE_BUSY':
    case 'SQLITE_LOCKED':
      return new StoreError('busy', `${file} is in use by another process, which did not release it in time.`, {
        cause,
      })
    case 'SQLITE_NOTADB':
      return new StoreError('foreign', `${file} is not a SQLite database; it was left as it is.`, { cause })
    case 'SQLITE_CORRUPT':
      return new StoreError('corrupt', `${file} is damaged (${detail}). Restore a backup.`, { cause })
    case 'SQLITE_READONLY':
    case 'SQLITE_CANTOPEN':
    case 'SQLITE_PERM':
    case 'SQLITE_AUTH':
      return new StoreError(
        'denied',
        `${file} cannot be opened for writing (${detail}). Copy it to a folder you can write to.`,
        { cause },
      )
    case 'SQLITE_IOERR':
      return new StoreError('denied', `The system refuses to read or write ${file} (${detail}).`, { cause })
    case 'SQLITE_CONSTRAINT':
      return new StoreError('invalid', `${file} refuses a value (${detail}).`, { cause })
    default:
      return new StoreError('corrupt', `${file} cannot be used (${detail}).`, { cause })
  }
}

/** undefined where the error is not SQLite's. */
export function sqliteCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined
  return error.code.startsWith('SQLITE_') ? error.code : undefined
}
