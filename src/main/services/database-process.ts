/**
 * A process that works on the database: answers one request after the other, and waits for its end. It loads as little as a
 * query needs.
 */
import { Worker } from 'node:worker_threads'
import { loadDriver } from '../store/driver.ts'
import { StoreError } from '../store/errors.ts'
import type { Store } from '../store/store.ts'
import type {
  BackupRequest,
  CompactRequest,
  ComparisonFileRequest,
  DatabaseReply,
  DatabaseRequest,
  QueryAnswer,
  QueryRequest,
  QueryValue,
} from './database-protocol.ts'

/** `PRAGMA name(argument)` without a value that it sets: these only tell. */
const TELLING_PRAGMA = /^pragma\s+(table_info|table_xinfo|table_list|index_list|index_info|foreign_key_list)\b[^=]*$/i
/** First words of SQLite's statements that do more than read; of any other, reading or no SQL at all, SQLite itself says what is wrong. */
const CHANGING =
  /^(alter|analyze|attach|begin|commit|create|delete|detach|drop|end|insert|pragma|reindex|release|replace|rollback|savepoint|update|vacuum)\b/i
/** Blanks and comments before the first word. */
const LEADING = /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/|;)*/

async function answerQuery({ file, sql, limit }: QueryRequest): Promise<DatabaseReply> {
  const begun = performance.now()
  const text = sql.replace(LEADING, '')
  if (text === '') return { problem: 'There is no statement to answer.' }
  if (CHANGING.test(text) && !TELLING_PRAGMA.test(text.replace(/;\s*$/, '')))
    return { problem: 'Only reading is possible here: SELECT, WITH, VALUES, EXPLAIN or PRAGMA table_info(...).' }
  const Driver = await loadDriver()
  const connection = new Driver(file, { readonly: true, fileMustExist: true })
  try {
    connection.pragma('query_only = ON')
    // The driver takes one statement only. None loads an extension: that would have to be allowed first.
    const statement = connection.prepare(text)
    if (!statement.reader || !statement.readonly)
      return { problem: 'Only reading is possible here, and this statement writes.' }
    const columns = statement.columns().map(({ name }) => name)
    const rows = take(statement.safeIntegers().raw().iterate() as Iterable<unknown[]>, limit)
    return { columns, ...rows, seconds: (performance.now() - begun) / 1000 }
  } finally {
    connection.close()
  }
}

function take(from: Iterable<unknown[]>, limit: number): Pick<QueryAnswer, 'rows' | 'more'> {
  const rows: QueryValue[][] = []
  for (const row of from) {
    if (rows.length === limit) return { rows, more: true }
    rows.push(row.map(shown))
  }
  return { rows, more: false }
}

/** As SQLite has it: a number that cannot be told exactly, here or in JSON, is told in words. */
function shown(value: unknown): QueryValue {
  if (value instanceof Uint8Array) return `${value.byteLength} bytes`
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (value === Infinity) return 'Inf'
  if (value === -Infinity) return '-Inf'
  return typeof value === 'string' || typeof value === 'number' || value === null ? value : String(value)
}

/** Does it while another thread's clock goes, which SQLite does not stop, nor the death of the owner: late, the process ends. */
async function within<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
  const code = "setTimeout(() => process.kill(process.pid, 'SIGKILL'), require('node:worker_threads').workerData)"
  const clock = new Worker(code, { eval: true, workerData: milliseconds })
  clock.unref()
  try {
    return await work()
  } finally {
    void clock.terminate()
  }
}

async function withStore<T>(
  { file, appVersion }: BackupRequest | CompactRequest | ComparisonFileRequest,
  work: (store: Store) => T | Promise<T>,
): Promise<T> {
  // Loaded only where it is needed: a query is to start at once.
  const { openStore } = await import('../store/open.ts')
  const store = await openStore(file, { appVersion, mode: 'existing' })
  try {
    return await work(store)
  } finally {
    store.close()
  }
}

async function comparisonFile(store: Store, { source, layout, format, ...choice }: ComparisonFileRequest) {
  const { comparisonBundle, comparisonZip } = await import('./compare/bundle.ts')
  const { reportFile } = await import('./compare/report.ts')
  if (format === 'report') return reportFile(store, source, layout)
  return (format === 'zip' ? comparisonZip : comparisonBundle)(store, source, choice)
}

function answer(request: DatabaseRequest): Promise<DatabaseReply> {
  switch (request.work) {
    case 'query':
      return within(request.longest, () => answerQuery(request))
    case 'backup':
      return withStore(request, (store) => {
        store.backup(request.target)
        return { target: request.target }
      })
    case 'compact':
      return withStore(request, (store) => store.gc())
    case 'comparison-file':
      return withStore(request, (store) => comparisonFile(store, request))
  }
}

async function replyTo(request: DatabaseRequest): Promise<DatabaseReply> {
  try {
    return await answer(request)
  } catch (error) {
    if (error instanceof StoreError) return { problem: error.message, code: error.code }
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}

interface UtilityPort {
  postMessage(reply: DatabaseReply): void
  on(event: 'message', listener: (message: { data: DatabaseRequest }) => void): void
}

// Before it is asked: whoever started it ahead of a query finds it ready. What is wrong with it is told with the answer.
loadDriver().catch(() => undefined)

const utility = (process as { parentPort?: UtilityPort }).parentPort
if (utility) utility.on('message', ({ data }) => void replyTo(data).then((reply) => utility.postMessage(reply)))
else process.on('message', (request: DatabaseRequest) => void replyTo(request).then((reply) => process.send!(reply)))
process.on('disconnect', () => process.exit(0))
