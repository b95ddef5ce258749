import type { Connection } from '../transaction.ts'
import type { LeftOut } from './bundle.ts'

/** Which iterations keep their metrics: the first, every `every`-th from there, and the last. */
export interface Thinning {
  readonly first: number
  readonly last: number
  readonly every: number
}

/**
 * At most `points` (2 or more) of a run's iterations; null keeps all. The stored extremes of 64 iterations each
 * (`metric_buckets`) stay those of all iterations, so that a chart of a whole run is what it was.
 */
export function thinning(connection: Connection, run: number, points: number | null): Thinning {
  const { first, last, leftOut } = connection
    .prepare(
      `SELECT coalesce((SELECT min(iteration) FROM iterations WHERE run = @run), 0) AS first,
         coalesce((SELECT max(iteration) FROM iterations WHERE run = @run), 0) AS last, left_out AS leftOut
       FROM runs WHERE key = @run`,
    )
    .get({ run }) as { first: number; last: number; leftOut: string | null }
  // A run that was imported is thin already.
  const before = leftOut === null ? 1 : (JSON.parse(leftOut) as LeftOut).metricsEvery
  const steps = Math.ceil((last - first) / before)
  const every = points === null ? 1 : Math.max(1, Math.ceil(steps / (points - 1)))
  return { first, last, every: before * every }
}
