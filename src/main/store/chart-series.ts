// Series for charts: several metrics at once as typed arrays, with environment steps and computed time to draw them over.
// Of a long run only stored stretches of 64 iterations are read (`metric_buckets`).
import type { MetricName } from '../../core/training/records.ts'
import type { NewIterations, RunSeries, SeriesAxis } from './organisation-rows.ts'
import { runKey } from './run-reference.ts'
import {
  bucketOf,
  metricKey,
  planStretches,
  readStretches,
  readValues,
  STORED_WIDTH,
  type StretchPlan,
} from './series.ts'
import type { SeriesQuery } from './rows.ts'
import { read, type Connection } from './transaction.ts'

const TIME: MetricName = 'secondsTotal'

export function readChartSeries(
  connection: Connection,
  id: string,
  metrics: readonly MetricName[],
  query: SeriesQuery,
): RunSeries {
  return read(connection, () => {
    const run = runKey(connection, id)
    const plan = planStretches(connection, run, query)
    return {
      cursor: newestIteration(connection, run),
      series: metrics.map((metric) => ({ metric, ...readStretches(connection, metric, plan) })),
      axis: plan === null ? NO_AXIS : axisAt(connection, run, plan),
    }
  })
}

const NO_AXIS: SeriesAxis = {
  iteration: new Float64Array(),
  envSteps: new Float64Array(),
  seconds: new Float64Array(),
}

const newestIteration = (connection: Connection, run: number): number =>
  (connection.prepare('SELECT max(iteration) FROM iterations WHERE run = ?').pluck().get(run) as number | null) ?? 0

/** At the first iteration and at the end of every stretch. */
function axisAt(connection: Connection, run: number, plan: StretchPlan): SeriesAxis {
  const { first, last, width } = plan
  const ends = [first]
  for (let end = first + width - 1; end < last; end += width) if (end > first) ends.push(end)
  if (last > first) ends.push(last)
  // Of a bundle's thinned iterations, the newest one up to there.
  const steps = connection
    .prepare('SELECT env_steps FROM iterations WHERE run = ? AND iteration <= ? ORDER BY iteration DESC LIMIT 1')
    .pluck()
  return {
    iteration: Float64Array.from(ends),
    envSteps: Float64Array.from(ends, (end) => (steps.get(run, end) as number | undefined) ?? Number.NaN),
    seconds: secondsAt(connection, run, Float64Array.from(ends)),
  }
}

/**
 * Time spent computing the iterations up to given ones: whole stored buckets before, and single values within. A bundle
 * keeps all buckets, so that thinned iterations cost no time in the sum but those of the last, incomplete bucket.
 *
 * @param ends ascending iterations, at least one
 */
function secondsAt(connection: Connection, run: number, ends: Float64Array): Float64Array {
  const metric = metricKey(connection, TIME)
  if (metric === null) return new Float64Array(ends.length).fill(Number.NaN)
  const begin = bucketOf(ends[0]!)
  let sum = connection
    .prepare('SELECT coalesce(sum(total), 0) FROM metric_buckets WHERE run = ? AND metric = ? AND bucket < ?')
    .pluck()
    .get(run, metric, begin) as number
  const buckets = connection
    .prepare(
      'SELECT bucket, total FROM metric_buckets WHERE run = ? AND metric = ? AND bucket BETWEEN ? AND ? ORDER BY bucket',
    )
    .raw()
    .all(run, metric, begin, bucketOf(ends.at(-1)!)) as [number, number][]
  const withinBucket = partialSums(connection, run, metric, ends)
  let next = 0
  return ends.map((end) => {
    const bucket = bucketOf(end)
    // The last iteration of a bucket has all of it.
    const whole = isLastOfBucket(end) ? bucket + 1 : bucket
    for (; next < buckets.length && buckets[next]![0] < whole; next++) sum += buckets[next]![1]
    return isLastOfBucket(end) ? sum : sum + withinBucket(end)
  })
}

const isLastOfBucket = (iteration: number): boolean => iteration % STORED_WIDTH === 0

/** From the first iteration of its bucket to each of the ends that do not end a bucket, when asked in their order. */
function partialSums(connection: Connection, run: number, metric: number, ends: Float64Array): (end: number) => number {
  const startOf = (iteration: number) => bucketOf(iteration) * STORED_WIDTH + 1
  const [first, last] = [ends[0]!, ends.at(-1)!]
  // Else ends are far from each other, and nearly all of them end a bucket.
  const isDense = last - first < STORED_WIDTH * ends.length
  let start = startOf(first)
  let read = readValues(connection, run, metric, start, isDense ? last : start + STORED_WIDTH - 1)
  let at = 0
  let part = 0
  return (end) => {
    if (startOf(end) !== start) {
      start = startOf(end)
      part = 0
      if (!isDense) [read, at] = [readValues(connection, run, metric, start, start + STORED_WIDTH - 1), 0]
    }
    for (; at < read.values.length && read.iterationAt(at) <= end; at++)
      if (read.iterationAt(at) >= start) part += read.values[at]!
    return part
  }
}

export function readIterationsAfter(
  connection: Connection,
  id: string,
  after: number,
  metrics: readonly MetricName[],
  limit: number,
): NewIterations {
  return read(connection, () => {
    const run = runKey(connection, id)
    const rows = connection
      .prepare('SELECT iteration, env_steps FROM iterations WHERE run = ? AND iteration > ? ORDER BY iteration LIMIT ?')
      .raw()
      .all(run, after, limit) as [number, number][]
    const iteration = Float64Array.from(rows, (row) => row[0])
    const values = metrics.map((metric) => valuesAt(connection, run, metric, iteration))
    return {
      cursor: rows.at(-1)?.[0] ?? after,
      metrics: [...metrics],
      iteration,
      envSteps: Float64Array.from(rows, (row) => row[1]),
      seconds: secondsOf(connection, run, iteration),
      values,
    }
  })
}

/** One value per iteration (ascending), NaN where there is none. */
function valuesAt(connection: Connection, run: number, metric: MetricName, iterations: Float64Array): Float64Array {
  const values = new Float64Array(iterations.length).fill(Number.NaN)
  const key = metricKey(connection, metric)
  if (key === null || iterations.length === 0) return values
  const read = readValues(connection, run, key, iterations[0]!, iterations.at(-1)!)
  let at = 0
  read.values.forEach((value, index) => {
    const iteration = read.iterationAt(index)
    while (iterations[at]! < iteration) at++
    if (iterations[at] === iteration) values[at++] = value
  })
  return values
}

/** The running sum at each of successive iterations. */
function secondsOf(connection: Connection, run: number, iterations: Float64Array): Float64Array {
  const seconds = valuesAt(connection, run, TIME, iterations)
  if (seconds.length === 0) return seconds
  let sum = secondsAt(connection, run, iterations.subarray(0, 1))[0]!
  seconds[0] = sum
  for (let i = 1; i < seconds.length; i++) {
    if (!Number.isNaN(seconds[i]!)) sum += seconds[i]!
    seconds[i] = sum
  }
  return seconds
}
