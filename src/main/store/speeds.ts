import type { RunConfig } from '../../core/config/settings.ts'
import { storedConfig } from './stored-config.ts'
import { read, type Connection } from './transaction.ts'

/** What the speed of a training mostly depends on. */
export interface SpeedQuery {
  readonly method: string
  readonly world: string
  readonly algorithm: string
  readonly physics: string
  /** What computed the updates: `simd` for all of its kernels, else as runs record it. */
  readonly engine: string
  /** Model of the processor. */
  readonly cpu: string
  readonly fewestWorkers: number
  readonly mostWorkers: number
  /** Newest first. */
  readonly limit: number
}

export interface MeasuredSpeed {
  readonly run: string
  /** Computing, without pauses between sessions. */
  readonly seconds: number
  /** That took this time. */
  readonly iterations: number
  readonly config: RunConfig
}

export function measuredSpeeds(connection: Connection, query: SpeedQuery): MeasuredSpeed[] {
  const rows = read(connection, () =>
    connection
      .prepare(
        // Buckets hold sums: no need to read a metric of every iteration.
        `SELECT id AS run, done AS iterations, config, config_version AS configVersion,
           (SELECT sum(total) FROM metric_buckets WHERE run = runs.key
              AND metric = (SELECT key FROM metric_names WHERE name = 'secondsTotal')) AS seconds
         FROM runs
         WHERE kind = 'train' AND method = @method AND world = @world AND algorithm = @algorithm
           AND source IS NULL AND done > 0 AND seconds > 0
           AND config ->> '$.environment.physics' = @physics AND trainer ->> '$.cpu' = @cpu
           AND (trainer ->> '$.engine' = @engine OR trainer ->> '$.engine' LIKE @engine || '/%')
           AND trainer ->> '$.workers' BETWEEN @fewestWorkers AND @mostWorkers
         ORDER BY key DESC LIMIT @limit`,
      )
      .all(query),
  ) as (Omit<MeasuredSpeed, 'config'> & { readonly config: string; readonly configVersion: number })[]
  return rows.map(({ run, seconds, iterations, ...stored }) => ({
    ...{ run, seconds, iterations },
    config: storedConfig(run, stored),
  }))
}
