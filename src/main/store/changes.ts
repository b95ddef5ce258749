// The list of runs and what happens to it, whichever process does it; the triggers that count are those of migration 10.
import { isAlive } from './owner.ts'
import type { RunListChanges, RunListRow } from './organisation-rows.ts'
import { shownStatus, type StoredStatus } from './runs.ts'
import { read, write, type Connection } from './transaction.ts'

const COLUMNS = `
  key, id, name, kind, method, status, reason, world, algorithm, seed, cost_limit AS costLimit, done, total,
  env_steps AS envSteps, created_at AS createdAt, started_at AS startedAt, finished_at AS finishedAt,
  active_seconds AS activeSeconds, last_return AS lastReturn, last_cost AS lastCost, best_return AS bestReturn,
  best_cost AS bestCost, source, notes <> '' AS hasNotes, pinned, archived, binned_at AS binnedAt,
  owner_pid AS pid, owner_host AS host, heartbeat_at AS heartbeatAt`

type SelectedRow = Omit<RunListRow, 'status' | 'tags' | 'hasNotes' | 'pinned' | 'archived'> & {
  readonly key: number
  readonly status: StoredStatus
  readonly hasNotes: number
  readonly pinned: number
  readonly archived: number
  readonly binnedAt: number | null
  readonly pid: number
  readonly host: string
  readonly heartbeatAt: number
}

/** Of a list that the database knows nothing of, everything has changed. */
const BEGINNING = -1

/** @param of the epoch that the cursor came with; undefined: that of this database */
export function changesSince(connection: Connection, cursor: number | null, of?: string): RunListChanges {
  return read(connection, () => {
    const { revision, forgotten, epoch } = connection
      .prepare('SELECT revision, forgotten, epoch FROM run_changes')
      .get() as { revision: number; forgotten: number; epoch: string }
    const isOther = of !== undefined && of !== epoch
    const complete = cursor === null || isOther || cursor > revision || cursor < forgotten
    const since = complete ? BEGINNING : cursor
    if (since === revision) return { cursor: revision, epoch, complete, rows: [], removed: [] }
    const selected = connection
      .prepare(`SELECT ${COLUMNS} FROM runs WHERE revision > ? ORDER BY key DESC`)
      .all(since) as SelectedRow[]
    const tags = tagsOf(connection, since)
    const binned = selected.filter(({ binnedAt }) => binnedAt !== null).map(({ id }) => id)
    return {
      cursor: revision,
      epoch,
      complete,
      rows: selected.filter(({ binnedAt }) => binnedAt === null).map((row) => listRow(row, tags.get(row.key) ?? [])),
      removed: complete ? [] : [...binned, ...deletedSince(connection, since)],
    }
  })
}

/** A run as the list shows it; null where it is in the bin, or not there at all. */
export function listedRun(connection: Connection, id: string): RunListRow | null {
  return read(connection, () => {
    const row = connection.prepare(`SELECT ${COLUMNS} FROM runs WHERE id = ? AND binned_at IS NULL`).get(id)
    if (row === undefined) return null
    const selected = row as SelectedRow
    const tags = connection.prepare('SELECT tag FROM run_tags WHERE run = ? ORDER BY tag').pluck().all(selected.key)
    return listRow(selected, tags as string[])
  })
}

/** By key of the run. */
function tagsOf(connection: Connection, since: number): Map<number, string[]> {
  const tags = new Map<number, string[]>()
  const rows = connection
    .prepare('SELECT run, tag FROM run_tags JOIN runs ON key = run WHERE revision > ? ORDER BY run, tag')
    .raw()
    .all(since) as [number, string][]
  for (const [run, tag] of rows) {
    const known = tags.get(run)
    if (known) known.push(tag)
    else tags.set(run, [tag])
  }
  return tags
}

const deletedSince = (connection: Connection, since: number): string[] =>
  connection.prepare('SELECT id FROM run_removals WHERE revision > ?').pluck().all(since) as string[]

function listRow(row: SelectedRow, tags: string[]): RunListRow {
  const { key: _, binnedAt: __, pid, host, heartbeatAt, status, hasNotes, pinned, archived, ...same } = row
  return {
    ...same,
    status: shownStatus(status, { pid, host }, heartbeatAt),
    tags,
    hasNotes: hasNotes === 1,
    pinned: pinned === 1,
    archived: archived === 1,
  }
}

/** Removals that are kept; a list that is older than them is answered as a whole. */
const REMOVALS_KEPT = 10_000

/** Within the caller's transaction. */
export function forgetOldRemovals(connection: Connection): void {
  const oldest = connection
    .prepare('SELECT revision FROM run_removals ORDER BY revision DESC LIMIT 1 OFFSET ?')
    .pluck()
    .get(REMOVALS_KEPT) as number | undefined
  if (oldest === undefined) return
  connection.prepare('DELETE FROM run_removals WHERE revision <= ?').run(oldest)
  connection.prepare('UPDATE run_changes SET forgotten = ?').run(oldest)
}

export const dataVersion = (connection: Connection): number =>
  connection.pragma('data_version', { simple: true }) as number

/** Finds running runs whose owner died, or lives again, since the last call. */
export function interruptionWatch(connection: Connection): () => number {
  const interrupted = new Set<number>()
  return () => {
    // A copy in memory of a database that cannot be written: nobody else sees it either.
    if (connection.pragma('query_only', { simple: true }) === 1) return 0
    const running = connection.prepare(
      "SELECT key, owner_pid AS pid, owner_host AS host, heartbeat_at AS heartbeatAt FROM runs WHERE status = 'running'",
    )
    const rows = read(connection, () => running.all()) as {
      key: number
      pid: number
      host: string
      heartbeatAt: number
    }[]
    const dead = new Set(rows.filter((row) => !isAlive(row, row.heartbeatAt, Date.now())).map(({ key }) => key))
    const changed = rows.map(({ key }) => key).filter((key) => dead.has(key) !== interrupted.has(key))
    if (changed.length > 0) markChanged(connection, changed)
    interrupted.clear()
    for (const key of dead) interrupted.add(key)
    return changed.length
  }
}

function markChanged(connection: Connection, runs: readonly number[]): void {
  write(connection, () => {
    connection.prepare('UPDATE run_changes SET revision = revision + 1').run()
    connection
      .prepare(
        'UPDATE runs SET revision = (SELECT revision FROM run_changes) WHERE key IN (SELECT value FROM json_each(?))',
      )
      .run(JSON.stringify(runs))
  })
}
