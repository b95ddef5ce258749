/** Large databases, made once per schema and kept in the system's folder for temporary files; what runs gets a copy. */
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { migrations } from '../../src/main/store/migrations/index.ts'
import { LONG_METRICS, makeLargeDatabase, type LargeSize } from '../../test/main/store/large-database.ts'

const FOLDER = join(tmpdir(), 'cmaml-bench')
const SIZE: LargeSize = { runs: 10_000, iterations: 1_000_000, taskIterations: 1000 }

/** A copy of the large database in a folder; 10,000 runs and `long`, of 1,000,000 iterations. */
export async function largeDatabase(folder: string): Promise<string> {
  const schema = createHash('sha256')
    .update(JSON.stringify([migrations, SIZE]))
    .digest('hex')
    .slice(0, 12)
  const kept = join(FOLDER, `large-${schema}.sqlite`)
  if (!existsSync(kept)) {
    mkdirSync(FOLDER, { recursive: true })
    const partial = `${kept}.${process.pid}.partial`
    rmSync(partial, { force: true })
    await makeLargeDatabase(partial, SIZE)
    renameSync(partial, kept)
  }
  const copy = join(folder, 'large.sqlite')
  copyFileSync(kept, copy)
  return copy
}

/** The naive way to a chart: every value of the long training, as plain objects. Milliseconds of processor time. */
export function readWholeSeries(file: string): number {
  const connection = new Database(file, { readonly: true })
  try {
    const begun = process.cpuUsage()
    const statement = connection.prepare(
      `SELECT iteration, value FROM metrics WHERE run = (SELECT key FROM runs WHERE name = 'long')
         AND metric = (SELECT key FROM metric_names WHERE name = ?)`,
    )
    for (const metric of LONG_METRICS) statement.all(metric)
    const { user, system } = process.cpuUsage(begun)
    return (user + system) / 1000
  } finally {
    connection.close()
  }
}
