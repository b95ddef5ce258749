// What takes how much of the disk.
import { existsSync, statSync } from 'node:fs'
import type { StoreSize } from './organisation-rows.ts'
import { runKey } from './run-reference.ts'
import { ROW_BYTES, type SizedTable } from './row-bytes.ts'
import { read, type Connection } from './transaction.ts'

export function storageReport(connection: Connection): StoreSize {
  return read(connection, () => {
    const content = (table: 'checkpoints' | 'episodes') =>
      connection
        .prepare(
          `SELECT (SELECT count(*) FROM ${table}) AS count, (
             SELECT coalesce(sum(length(data)), 0) FROM blobs WHERE sha256 IN (SELECT sha256 FROM ${table})) AS bytes`,
        )
        .get() as { count: number; bytes: number }
    const pragma = (name: string) => connection.pragma(name, { simple: true }) as number
    const pageSize = pragma('page_size')
    const log = `${connection.name}-wal`
    return {
      database: pragma('page_count') * pageSize,
      writeAheadLog: existsSync(log) ? statSync(log).size : 0,
      reclaimable: pragma('freelist_count') * pageSize,
      runs: connection.prepare('SELECT count(*) FROM runs WHERE binned_at IS NULL').pluck().get() as number,
      checkpoints: content('checkpoints'),
      episodes: content('episodes'),
    }
  })
}

/** Content that nothing outside the run refers to. */
const OWN_BLOBS = `
  SELECT coalesce(sum(length(data)), 0) FROM blobs
  WHERE sha256 IN (SELECT sha256 FROM checkpoints WHERE run = @run UNION SELECT sha256 FROM episodes WHERE run = @run)
    AND NOT EXISTS (SELECT 1 FROM checkpoints WHERE checkpoints.sha256 = blobs.sha256 AND run IS NOT @run)
    AND NOT EXISTS (SELECT 1 FROM episodes WHERE episodes.sha256 = blobs.sha256 AND run IS NOT @run)`

const OWN_TEXTS = `
  SELECT length(config) + length(trainer) + length(notes) + coalesce(length(tasks), 0)
    + coalesce((SELECT length(data) FROM resume_states WHERE run = key), 0)
    + coalesce((SELECT sum(length(text)) FROM run_log WHERE run = key), 0)
  FROM runs WHERE key = @run`

export function runSize(connection: Connection, id: string): number {
  return read(connection, () => {
    const run = runKey(connection, id)
    const one = (sql: string) => connection.prepare(sql).pluck().get({ run }) as number
    const bytesOfRows = Object.entries(rowCounts(one)).reduce(
      (sum, [table, rows]) => sum + ROW_BYTES[table as SizedTable] * rows,
      0,
    )
    return Math.round(one(OWN_BLOBS) + one(OWN_TEXTS) + bytesOfRows)
  })
}

/** Counts single rows where they are few; iterations are alike, so that one stands for the others. */
function rowCounts(one: (sql: string) => number): Record<SizedTable, number> {
  const count = (table: SizedTable, condition = 'TRUE') =>
    one(`SELECT count(*) FROM ${table} WHERE run = @run AND ${condition}`)
  const iterations = count('iterations')
  const metricsPerIteration = one(
    `SELECT count(*) FROM metric_names WHERE EXISTS (
       SELECT 1 FROM metric_buckets WHERE run = @run AND metric = metric_names.key)`,
  )
  const first = `iteration = (SELECT min(iteration) FROM task_steps WHERE run = @run)`
  const lastBucket = one(
    'SELECT coalesce(max(bucket) + 1, 0) FROM metric_buckets WHERE run = @run AND metric = (SELECT min(metric) FROM metric_buckets WHERE run = @run)',
  )
  return {
    iterations,
    metrics: iterations * metricsPerIteration,
    metric_buckets: lastBucket * metricsPerIteration,
    metric_long_buckets: Math.ceil(lastBucket / 8) * metricsPerIteration,
    task_steps: iterations * count('task_steps', first),
    fine_tune_steps: count('fine_tune_steps'),
    run_log: count('run_log'),
  }
}
