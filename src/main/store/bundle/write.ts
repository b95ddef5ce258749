import { basename } from 'node:path'
import { keepLast } from '../checkpoints.ts'
import { StoreError } from '../errors.ts'
import { refuseLivingRun } from '../runs.ts'
import { read, write, type Connection } from '../transaction.ts'
import { descriptionProblem, type BundleRequest, type LeftOut } from './bundle.ts'
import { packComparisons } from './comparisons.ts'
import { copyRuns, STARTED_FROM, type CopyRules, type Row } from './copy.ts'
import { encodeBundle } from './file.ts'
import { openEmpty } from './memory.ts'
import { withoutOwner } from './run-row.ts'
import { thinning, type Thinning } from './thinning.ts'

/** Makes the bundle in memory, from one snapshot of the database; others may go on writing. */
export async function writeBundle(connection: Connection, appVersion: string, request: BundleRequest): Promise<Buffer> {
  const { description } = request
  const problem = descriptionProblem(description)
  if (problem !== null) throw new StoreError('invalid', problem)
  const bundle = await openEmpty(appVersion)
  try {
    read(connection, () => write(bundle, () => fill(bundle, connection, request)))
    // Pages are filled in order, without the gaps of their making.
    bundle.exec('VACUUM')
    return encodeBundle({ appVersion, createdAt: Date.now(), description }, bundle.serialize())
  } finally {
    bundle.close()
  }
}

function fill(bundle: Connection, connection: Connection, request: BundleRequest): void {
  const keys = runKeys(connection, request.runs)
  const episodes = request.episodes === 'all' ? null : episodeKeys(connection, keys, request.episodes)
  const thinned = new Map(keys.map((key) => [key, thinning(connection, key, request.points)]))
  const runs = JSON.stringify(keys)
  const needed = connection.prepare(STARTED_FROM).pluck().all({ runs }) as number[]
  // What runs start from, and the newest of each; milestones besides.
  const keptCheckpoints = `kind = 'last' OR key IN (${needed.join(', ')})`
  const keptEpisodes = `removed_at IS NULL AND ${episodes === null ? 'TRUE' : `key IN (${episodes.join(', ')})`}`
  const ofIterations = (key: number) => kept(thinned.get(key)!)
  const rules: CopyRules = {
    runs: keys.map((key) => ({ key, present: null })),
    run: (row) => ({
      ...withoutOwner(row),
      ...{ source: null, source_sha256: null, source_run: null },
      left_out: JSON.stringify(leftOut(connection, row, thinned, keptCheckpoints, keptEpisodes)),
    }),
    // What a run starts from goes with it, also where it is in nobody's list any more.
    checkpoint: (row) => ({ ...row, source: foreignSource(connection, row), removed_at: null }),
    content: () => {},
    only: {
      checkpoints: () => keptCheckpoints,
      iterations: ofIterations,
      metrics: ofIterations,
      task_steps: () => 'FALSE',
      // It tells of sessions and machines, not of results.
      run_log: () => 'FALSE',
      episodes: () => keptEpisodes,
    },
    episodesOfCheckpoints: keptEpisodes,
  }
  const copied = copyRuns(connection, bundle, rules)
  const inBundle = new Map(keys.map((key, index) => [key, copied[index]!]))
  packComparisons(connection, bundle, request.comparisons ?? [], inBundle)
  // A run that failed or was interrupted has its newest state only there.
  for (const run of copied) keepLast(bundle, run)
  bundle.exec(`
    DELETE FROM resume_states;
    DELETE FROM blobs WHERE sha256 NOT IN (SELECT sha256 FROM checkpoints UNION SELECT sha256 FROM episodes)`)
}

/** In the order of their creation. */
function runKeys(connection: Connection, ids: readonly string[]): number[] {
  for (const id of ids) refuseLivingRun(connection, id, 'exported')
  return connection
    .prepare('SELECT key FROM runs WHERE id IN (SELECT value FROM json_each(?)) ORDER BY key')
    .pluck()
    .all(JSON.stringify(ids)) as number[]
}

function episodeKeys(connection: Connection, runs: readonly number[], episodes: readonly number[]): readonly number[] {
  const known = connection
    .prepare(
      `SELECT key FROM episodes
       WHERE (run IN (SELECT value FROM json_each(@runs)) OR checkpoint IN (${STARTED_FROM})) AND removed_at IS NULL`,
    )
    .pluck()
    .all({ runs: JSON.stringify(runs) }) as number[]
  const unknown = episodes.find((episode) => !known.includes(episode))
  if (unknown === undefined) return episodes
  const those = known.length === 0 ? 'they have none' : `they have ${known.join(', ')}`
  throw new StoreError('unknown', `The chosen runs have no recorded episode ${unknown}; ${those}.`)
}

/** On the columns of `iterations` and `metrics`. */
const kept = ({ first, last, every }: Thinning): string =>
  `(iteration - ${first}) % ${every} = 0 OR iteration = ${last}`

/** Adds to what a bundle before left out of the run. */
function leftOut(
  connection: Connection,
  row: Row,
  thinned: ReadonlyMap<number, Thinning>,
  keptCheckpoints: string,
  keptEpisodes: string,
): LeftOut {
  const run = row['key'] as number
  const rowsOf = (table: string, condition: string) =>
    connection.prepare(`SELECT count(*) FROM ${table} WHERE run = ? AND ${condition}`).pluck().get(run) as number
  const before = row['left_out'] === null ? null : (JSON.parse(String(row['left_out'])) as LeftOut)
  return {
    metricsEvery: thinned.get(run)!.every,
    taskRows: (before?.taskRows ?? 0) + rowsOf('task_steps', 'TRUE'),
    milestones: (before?.milestones ?? 0) + rowsOf('checkpoints', `NOT (${keptCheckpoints})`),
    episodes: (before?.episodes ?? 0) + rowsOf('episodes', `NOT (${keptEpisodes})`),
  }
}

/** Where a checkpoint without its run comes from: of a file the name only, folders are private. */
function foreignSource(connection: Connection, { run, source, id }: Row): string | null {
  if (run !== null) return null
  if (typeof source === 'string') return basename(source)
  const origin = connection
    .prepare(
      `SELECT 'run ' || runs.id || ', iteration ' || iteration FROM checkpoints JOIN runs ON runs.key = run
       WHERE checkpoints.id = ?`,
    )
    .pluck()
  return origin.get(id) as string
}
