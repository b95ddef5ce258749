import type { MetricName } from '../../core/training/records.ts'
import type { SeriesStretches } from './organisation-rows.ts'
import { runKey } from './run-reference.ts'
import type { SeriesBucket, SeriesQuery } from './rows.ts'
import { read, type Connection } from './transaction.ts'

/** Iterations per row of `metric_buckets`. */
export const STORED_WIDTH = 64

/** What is stored of stretches: a page asks for all metrics of a run at once, and of long runs that is many rows. */
export const LEVELS = [
  { table: 'metric_long_buckets', width: 512 },
  { table: 'metric_buckets', width: STORED_WIDTH },
] as const
type Level = (typeof LEVELS)[number]

export const bucketOf = (iteration: number, width: number = STORED_WIDTH): number => Math.floor((iteration - 1) / width)

/** Adds values to the stored extremes; call it in the transaction that inserts the value itself. */
export function addToBucket(connection: Connection) {
  const upserts = LEVELS.map(({ table, width }) => {
    const upsert = connection.prepare(
      `INSERT INTO ${table} (run, metric, bucket, count, minimum, maximum, total)
       VALUES (@run, @metric, @bucket, 1, @value, @value, @value)
       ON CONFLICT DO UPDATE SET count = count + 1, minimum = min(minimum, excluded.minimum),
         maximum = max(maximum, excluded.maximum), total = total + excluded.total`,
    )
    return { upsert, width }
  })
  return (run: number, metric: number, iteration: number, value: number): void => {
    for (const { upsert, width } of upserts) upsert.run({ run, metric, bucket: bucketOf(iteration, width), value })
  }
}

/** Computes a run's long buckets anew: an older version of the program commits iterations without them. */
export function recountLongBuckets(connection: Connection, run: number): void {
  connection.prepare('DELETE FROM metric_long_buckets WHERE run = ?').run(run)
  connection
    .prepare(
      `INSERT INTO metric_long_buckets (run, metric, bucket, count, minimum, maximum, total)
       SELECT run, metric, bucket / 8 AS long_bucket, sum(count), min(minimum), max(maximum), sum(total)
       FROM metric_buckets WHERE run = ? GROUP BY run, metric, long_bucket`,
    )
    .run(run)
}

// Two look-ups in the index; min and max in one query would read every row.
const ENDS = `
  SELECT (SELECT min(iteration) FROM iterations WHERE run = @run) AS first,
    (SELECT max(iteration) FROM iterations WHERE run = @run) AS last`

// Numbers are bound as REAL, so divisions are truncated by hand.
const fromBuckets = ({ table, width }: Level): string => `
  SELECT min(bucket) * ${width} + 1 AS first, min((max(bucket) + 1) * ${width}, @last) AS last, sum(count) AS count,
    min(minimum) AS min, max(maximum) AS max, sum(total) / sum(count) AS mean
  FROM ${table}
  WHERE run = @run AND metric = @metric AND bucket BETWEEN @from AND @to
  GROUP BY CAST((bucket - @from) / @each AS INTEGER) ORDER BY 1`

/** How a range of a run's iterations is cut into stretches. */
export interface StretchPlan {
  /** Key of the run. */
  readonly run: number
  /** Iterations at which the first stretch begins and the last ends. */
  readonly first: number
  readonly last: number
  /** Iterations per stretch. */
  readonly width: number
  /** The stored buckets that stretches are made of; null: of single values. */
  readonly level: Level | null
}

/**
 * At most `buckets` stretches of equal length; null where there are no iterations. Where a stretch is longer than a stored
 * bucket, the stretches begin and end on stored ones, so the first and last may reach a little beyond the asked range.
 */
export function planStretches(connection: Connection, run: number, query: SeriesQuery): StretchPlan | null {
  if (!(query.buckets >= 1)) throw new RangeError(`buckets is ${query.buckets}, at least 1 is needed`)
  const ends = connection.prepare(ENDS).get({ run }) as { first: number | null; last: number | null }
  if (ends.first === null || ends.last === null) return null
  const from = Math.max(query.from ?? ends.first, ends.first)
  const to = Math.min(query.to ?? ends.last, ends.last)
  if (from > to) return null
  const width = Math.ceil((to - from + 1) / query.buckets)
  // Half as many stretches as asked for are better than thirty times the rows.
  const level = LEVELS.find((stored) => width >= stored.width) ?? (2 * width >= STORED_WIDTH ? LEVELS[1] : null)
  if (level === null) return { run, first: from, last: to, width, level }
  const [firstBucket, lastBucket] = [bucketOf(from, level.width), bucketOf(to, level.width)]
  return {
    run,
    first: firstBucket * level.width + 1,
    last: Math.min((lastBucket + 1) * level.width, ends.last),
    width: Math.ceil((lastBucket - firstBucket + 1) / query.buckets) * level.width,
    level,
  }
}

/** A metric's stretches as columns, in order; all of one length. */
export type StretchColumns = Omit<SeriesStretches, 'metric'>

const COLUMNS = ['first', 'last', 'count', 'min', 'max', 'mean'] as const satisfies readonly (keyof StretchColumns)[]

const columnsOf = (rows: readonly (readonly number[])[]): StretchColumns => {
  const column = (index: number) => Float64Array.from(rows, (row) => row[index]!)
  return Object.fromEntries(COLUMNS.map((name, index) => [name, column(index)])) as Record<
    keyof StretchColumns,
    Float64Array
  >
}

export function readStretches(connection: Connection, metric: MetricName, plan: StretchPlan | null): StretchColumns {
  const key = metricKey(connection, metric)
  if (plan === null || key === null) return columnsOf([])
  const { run, first, last, width, level } = plan
  if (level === null) return columnsOf(stretchesOf(readValues(connection, run, key, first, last), plan))
  const range = { from: bucketOf(first, level.width), to: bucketOf(last, level.width), each: width / level.width }
  const rows = connection
    .prepare(fromBuckets(level))
    .raw()
    .all({ run, metric: key, ...range, last })
  return columnsOf(rows as number[][])
}

/** Summed up here: SQLite would sort all values by stretch first, which takes thrice the time. */
function stretchesOf({ iterationAt, values }: Values, { first, width }: StretchPlan): number[][] {
  const rows: number[][] = []
  for (let i = 0; i < values.length;) {
    const begins = iterationAt(i)
    const end = begins + width - ((begins - first) % width)
    let [min, max, sum] = [Infinity, -Infinity, 0]
    const start = i
    for (; i < values.length && iterationAt(i) < end; i++) {
      const value = values[i]!
      if (value < min) min = value
      if (value > max) max = value
      sum += value
    }
    rows.push([begins, iterationAt(i - 1), i - start, min, max, sum / (i - start)])
  }
  return rows
}

export interface Values {
  readonly values: readonly number[]
  /** The iteration of a value by its index; ascending. */
  iterationAt(index: number): number
}

const BETWEEN = 'FROM metrics WHERE run = ? AND metric = ? AND iteration BETWEEN ? AND ? ORDER BY iteration'

/** A metric's single values. They are mostly of all iterations, and values alone are read in half the time. */
export function readValues(connection: Connection, run: number, metric: number, from: number, to: number): Values {
  const of = [run, metric, from, to]
  const values = connection.prepare(`SELECT value ${BETWEEN}`).pluck().all(of) as number[]
  if (values.length === to - from + 1) return { values, iterationAt: (index) => from + index }
  const iterations = connection.prepare(`SELECT iteration ${BETWEEN}`).pluck().all(of) as number[]
  return { values, iterationAt: (index) => iterations[index]! }
}

export const metricKey = (connection: Connection, metric: MetricName): number | null =>
  (connection.prepare('SELECT key FROM metric_names WHERE name = ?').pluck().get(metric) as number | undefined) ?? null

export function readSeries(connection: Connection, id: string, metric: MetricName, query: SeriesQuery): SeriesBucket[] {
  return read(connection, () => {
    const plan = planStretches(connection, runKey(connection, id), query)
    const { first, last, count, min, max, mean } = readStretches(connection, metric, plan)
    return Array.from(first, (firstIteration, i) => ({
      firstIteration,
      lastIteration: last[i]!,
      count: count[i]!,
      min: min[i]!,
      max: max[i]!,
      mean: mean[i]!,
    }))
  })
}
