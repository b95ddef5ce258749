/** Questions to the database in SQL: read only, in a process of their own that is ended when one takes too long. */
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { InvalidRequest } from './invalid-request.ts'
import { launchQuery, type QueryProcess } from './query-launch.ts'
import type { QueryAnswer, QueryReply } from './query-protocol.ts'

export type { QueryAnswer } from './query-protocol.ts'

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
export async function queryDatabase(file: string, sql: string, options: QueryOptions): Promise<QueryAnswer> {
  const { limit, timeLimit = TIME_LIMIT, signal } = options
  const { promise, resolve } = Promise.withResolvers<QueryReply>()
  const entry = fileURLToPath(new URL(`./query-process${extname(import.meta.url)}`, import.meta.url))
  const stop = () => resolve({ problem: 'The query was ended.' })
  if (signal?.aborted) throw new InvalidRequest('The query was ended.')
  signal?.addEventListener('abort', stop)
  const timer = setTimeout(() => {
    resolve({ problem: `The query took longer than ${timeLimit / 1000} s and was ended. Ask for less.` })
  }, timeLimit)
  let running: QueryProcess | undefined
  try {
    running = await launchQuery(
      entry,
      { file, sql, limit, longest: 2 * timeLimit },
      { reply: resolve, ended: () => resolve({ problem: 'The query ended without an answer.' }) },
    )
    const reply = await promise
    if ('problem' in reply) throw new InvalidRequest(reply.problem)
    return reply
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
    running?.kill()
  }
}
