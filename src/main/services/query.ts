/** Questions to the database in SQL: read only, in a process of their own that is ended when one takes too long. */
import { askDatabase, startDatabaseProcess, type DatabaseProcess, type WorkOptions } from './database-launch.ts'
import type { QueryAnswer, QueryRequest } from './database-protocol.ts'
import type { Service } from './life-cycle.ts'

export type { QueryAnswer } from './database-protocol.ts'

/** A query may take so long (ms). */
const TIME_LIMIT = 5000

/** A process that nobody asks is kept so long (ms). */
const IDLE_LIMIT = 60_000

export interface QueryOptions {
  /** Rows that are answered at most. */
  readonly limit: number
  /** Milliseconds. */
  readonly timeLimit?: number
  readonly signal?: AbortSignal
}

type Query = (file: string, sql: string, options: QueryOptions) => Promise<QueryAnswer>

/**
 * Answers one SELECT (or WITH, VALUES, EXPLAIN, PRAGMA table_info) statement.
 *
 * @param file of the database, which must exist
 * @throws InvalidRequest with SQLite's words, or why the statement is not answered
 */
export const queryDatabase: Query = (file, sql, options) => askDatabase('query', ...asWork(file, sql, options))

function asWork(file: string, sql: string, { limit, timeLimit = TIME_LIMIT, signal }: QueryOptions) {
  const request: QueryRequest = { work: 'query', file, sql, limit, longest: 2 * timeLimit }
  return [request, { timeLimit, signal }] satisfies [QueryRequest, WorkOptions]
}

/** Answers one query after the other without a new process for each: whoever asks once soon asks again. */
export interface Queries extends Service {
  /** As `queryDatabase`. */
  readonly query: Query
}

export function createQueries(): Queries {
  const all = new Set<DatabaseProcess>()
  let spare: DatabaseProcess | undefined
  let idle: NodeJS.Timeout | undefined
  let isStarted = false

  async function take(): Promise<DatabaseProcess> {
    clearTimeout(idle)
    const kept = spare
    spare = undefined
    if (kept?.isAlive()) return kept
    const begun = await startDatabaseProcess()
    all.add(begun)
    return begun
  }

  function end(one: DatabaseProcess): void {
    if (spare === one) spare = undefined
    all.delete(one)
    one.kill()
  }

  function putBack(one: DatabaseProcess): void {
    if (!isStarted || spare !== undefined || !one.isAlive()) return end(one)
    spare = one
    idle = setTimeout(() => end(one), IDLE_LIMIT)
    idle.unref()
  }

  return {
    name: 'queries',
    start: () => Promise.resolve(void (isStarted = true)),
    stop() {
      isStarted = false
      clearTimeout(idle)
      for (const one of all) end(one)
      return Promise.resolve()
    },
    async query(file, sql, options) {
      const one = await take()
      try {
        return await one.ask('query', ...asWork(file, sql, options))
      } finally {
        putBack(one)
      }
    },
  }
}
