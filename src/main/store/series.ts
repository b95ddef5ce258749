import type { MetricName } from '../../core/training/records.ts'
import { runKey } from './run-reference.ts'
import type { SeriesBucket, SeriesQuery } from './store.ts'
import { read, type Connection } from './transaction.ts'

/** Iterations per row of `metric_buckets`. */
const STORED_WIDTH = 64

const bucketOf = (iteration: number): number => Math.floor((iteration - 1) / STORED_WIDTH)

/** Adds values to the stored extremes; call it in the transaction that inserts the value itself. */
export function addToBucket(connection: Connection) {
  const upsert = connection.prepare(
    `INSERT INTO metric_buckets (run, metric, bucket, count, minimum, maximum, total)
     VALUES (@run, @metric, @bucket, 1, @value, @value, @value)
     ON CONFLICT DO UPDATE SET count = count + 1, minimum = min(minimum, excluded.minimum),
       maximum = max(maximum, excluded.maximum), total = total + excluded.total`,
  )
  return (run: number, metric: number, iteration: number, value: number): void => {
    upsert.run({ run, metric, bucket: bucketOf(iteration), value })
  }
}

// Two look-ups in the index; min and max in one query would read every row.
const ENDS = `
  SELECT (SELECT min(iteration) FROM iterations WHERE run = @run) AS first,
    (SELECT max(iteration) FROM iterations WHERE run = @run) AS last`

// Numbers are bound as REAL, so divisions are truncated by hand.
const FROM_VALUES = `
  SELECT min(iteration) AS firstIteration, max(iteration) AS lastIteration, count(*) AS count, min(value) AS min,
    max(value) AS max, avg(value) AS mean
  FROM metrics WHERE run = @run AND metric = @metric AND iteration BETWEEN @from AND @to
  GROUP BY CAST((iteration - @from) / @width AS INTEGER) ORDER BY 1`

const FROM_BUCKETS = `
  SELECT min(bucket) * ${STORED_WIDTH} + 1 AS firstIteration,
    min((max(bucket) + 1) * ${STORED_WIDTH}, @last) AS lastIteration, sum(count) AS count, min(minimum) AS min,
    max(maximum) AS max, sum(total) / sum(count) AS mean
  FROM metric_buckets
  WHERE run = @run AND metric = @metric AND bucket BETWEEN @from AND @to
  GROUP BY CAST((bucket - @from) / @width AS INTEGER) ORDER BY 1`

/**
 * A metric as at most `buckets` stretches of equal length. Where a stretch is longer than a stored bucket, the stretches
 * begin and end on stored ones, so the first and last may reach a little beyond the asked range.
 */
export function readSeries(connection: Connection, id: string, metric: MetricName, query: SeriesQuery): SeriesBucket[] {
  if (!(query.buckets >= 1)) throw new RangeError(`buckets is ${query.buckets}, at least 1 is needed`)
  return read(connection, () => {
    const run = runKey(connection, id)
    const key = connection.prepare('SELECT key FROM metric_names WHERE name = ?').pluck().get(metric) as
      number | undefined
    const { first, last } = connection.prepare(ENDS).get({ run }) as { first: number | null; last: number | null }
    if (key === undefined || first === null || last === null) return []
    const from = Math.max(query.from ?? first, first)
    const to = Math.min(query.to ?? last, last)
    if (from > to) return []
    const width = Math.ceil((to - from + 1) / query.buckets)
    const of = { run, metric: key, last }
    if (width < STORED_WIDTH) return connection.prepare(FROM_VALUES).all({ ...of, from, to, width }) as SeriesBucket[]
    const stored = { from: bucketOf(from), to: bucketOf(to) }
    const storedWidth = Math.ceil((stored.to - stored.from + 1) / query.buckets)
    return connection.prepare(FROM_BUCKETS).all({ ...of, ...stored, width: storedWidth }) as SeriesBucket[]
  })
}
