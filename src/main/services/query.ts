/** Questions to the database in SQL: read only, in a process of their own that is ended when one takes too long. */
import { askDatabase } from './database-launch.ts'
import type { QueryAnswer } from './database-protocol.ts'

export type { QueryAnswer } from './database-protocol.ts'

/** A query may take so long (ms). */
const TIME_LIMIT = 5000

export interface QueryOptions {
  /** Rows that are answered at most. */
  readonly limit: number
  /** Milliseconds. */
  readonly timeLimit?: number
  readonly signal?: AbortSignal
}

/**
 * Answers one SELECT (or WITH, VALUES, EXPLAIN, PRAGMA table_info) statement.
 *
 * @param file of the database, which must exist
 * @throws InvalidRequest with SQLite's words, or why the statement is not answered
 */
export function queryDatabase(file: string, sql: string, options: QueryOptions): Promise<QueryAnswer> {
  const { limit, timeLimit = TIME_LIMIT, signal } = options
  return askDatabase('query', { work: 'query', file, sql, limit, longest: 2 * timeLimit }, { timeLimit, signal })
}
