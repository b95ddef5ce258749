import { deleteBlobIfUnreferenced, getBlob, putBlob } from './blobs.ts'
import { StoreError } from './errors.ts'
import { runKey } from './run-reference.ts'
import { assertStorable } from './step-columns.ts'
import type { EpisodeKey, EpisodeRow } from './store.ts'
import { read, write, type Connection } from './transaction.ts'

/** In the table, for a policy of training: a unique index takes no two NULLs for equal. */
export const NO_INITIALISATION = -1

const COLUMNS = `
  key AS id, (SELECT id FROM runs WHERE runs.key = episodes.run) AS run,
  (SELECT id FROM checkpoints WHERE checkpoints.key = episodes.checkpoint) AS checkpoint,
  nullif(initialisation, ${NO_INITIALISATION}) AS initialisation, iteration, task, step, episode, stochastic,
  episode_return AS "return", episode_cost AS cost, episode_length AS length, sha256, recorded_at AS recordedAt,
  (SELECT length(data) FROM blobs WHERE blobs.sha256 = episodes.sha256) AS size`

type SelectedRow = Omit<EpisodeRow, 'stochastic'> & { readonly stochastic: number }
const episodeRow = (row: SelectedRow): EpisodeRow => ({ ...row, stochastic: row.stochastic === 1 })

export function saveEpisode(
  connection: Connection,
  key: EpisodeKey,
  numbers: { readonly return: number; readonly cost: number; readonly length: number },
  data: Uint8Array,
): EpisodeRow {
  for (const [name, value] of Object.entries(numbers)) assertStorable(`an episode of task ${key.task}`, name, value)
  return write(connection, () => {
    const values = {
      ...key,
      ...numbers,
      ...ownerKeys(connection, key),
      initialisation: key.initialisation ?? NO_INITIALISATION,
      stochastic: key.stochastic ? 1 : 0,
      sha256: putBlob(connection, data),
      now: Date.now(),
    }
    const same = `run IS @run AND checkpoint IS @checkpoint AND initialisation = @initialisation AND iteration = @iteration AND task = @task
      AND step = @step AND episode = @episode AND stochastic = @stochastic`
    const old = connection.prepare(`SELECT sha256 FROM episodes WHERE ${same}`).pluck().get(values) as
      string | undefined
    connection
      .prepare(
        `INSERT INTO episodes (run, checkpoint, initialisation, iteration, task, step, episode, stochastic,
           episode_return, episode_cost, episode_length, sha256, recorded_at)
         VALUES (@run, @checkpoint, @initialisation, @iteration, @task, @step, @episode, @stochastic, @return, @cost,
           @length, @sha256, @now)
         ON CONFLICT DO UPDATE SET episode_return = excluded.episode_return, episode_cost = excluded.episode_cost,
           episode_length = excluded.episode_length, sha256 = excluded.sha256, recorded_at = excluded.recorded_at,
           removed_at = NULL`,
      )
      .run(values)
    if (old !== undefined) deleteBlobIfUnreferenced(connection, old)
    return episodeRow(connection.prepare(`SELECT ${COLUMNS} FROM episodes WHERE ${same}`).get(values) as SelectedRow)
  })
}

/** Keys in the database of the run, or of the checkpoint without one. */
function ownerKeys(connection: Connection, { run, checkpoint = null }: EpisodeKey) {
  if (run !== null) return { run: runKey(connection, run), checkpoint: null }
  const key = connection.prepare('SELECT key FROM checkpoints WHERE id = ? AND run IS NULL').pluck().get(checkpoint) as
    number | undefined
  if (key === undefined) throw new StoreError('unknown', `There is no imported checkpoint ${checkpoint}.`)
  return { run: null, checkpoint: key }
}

/** Of a run. */
export function listEpisodes(connection: Connection, run: string): EpisodeRow[] {
  return read(connection, () => {
    const rows = connection
      .prepare(
        `SELECT ${COLUMNS} FROM episodes WHERE run = ? AND removed_at IS NULL
         ORDER BY iteration, initialisation, task, step, episode, stochastic DESC`,
      )
      .all(runKey(connection, run)) as SelectedRow[]
    return rows.map(episodeRow)
  })
}

/** Also of one that is out of sight. */
export function findEpisode(connection: Connection, id: number): EpisodeRow {
  const row = read(connection, () => connection.prepare(`SELECT ${COLUMNS} FROM episodes WHERE key = ?`).get(id)) as
    SelectedRow | undefined
  if (row === undefined) throw new StoreError('unknown', `There is no episode ${id}.`)
  return episodeRow(row)
}

export function readEpisode(connection: Connection, id: number): Uint8Array {
  return read(connection, () => {
    const hash = connection.prepare('SELECT sha256 FROM episodes WHERE key = ?').pluck().get(id) as string | undefined
    if (hash === undefined) throw new StoreError('unknown', `There is no episode ${id}.`)
    return getBlob(connection, hash, `episode ${id}`)
  })
}

/** Takes episodes out of sight; returns since when (ms). What is not there, or is out of sight already, stays as it is. */
export function removeEpisodes(connection: Connection, ids: readonly number[]): { removed: number; at: number } {
  const at = Date.now()
  return write(connection, () => {
    const sql = `UPDATE episodes SET removed_at = ?
      WHERE key IN (SELECT value FROM json_each(?)) AND removed_at IS NULL`
    return { removed: connection.prepare(sql).run(at, JSON.stringify(ids)).changes, at }
  })
}

/** Returns how many are back in sight: those that are deleted meanwhile are not. */
export function restoreEpisodes(connection: Connection, ids: readonly number[]): number {
  return write(connection, () => {
    const sql = `UPDATE episodes SET removed_at = NULL
      WHERE key IN (SELECT value FROM json_each(?)) AND removed_at IS NOT NULL`
    return connection.prepare(sql).run(JSON.stringify(ids)).changes
  })
}

/** Episodes per transaction: others wait for milliseconds at most. */
const PURGED_AT_ONCE = 100

/** Deletes some of the episodes that were removed before a time (ms), alone or with their checkpoint; returns whether there may be more. */
export function purgeSomeEpisodes(connection: Connection, before: number): boolean {
  return write(connection, () => {
    const some = connection
      .prepare(
        `SELECT key, sha256 FROM episodes
         WHERE removed_at < @before OR checkpoint IN (SELECT key FROM checkpoints WHERE removed_at < @before)
         LIMIT ${PURGED_AT_ONCE}`,
      )
      .all({ before }) as { key: number; sha256: string }[]
    for (const { key, sha256 } of some) {
      connection.prepare('DELETE FROM episodes WHERE key = ?').run(key)
      deleteBlobIfUnreferenced(connection, sha256)
    }
    return some.length === PURGED_AT_ONCE
  })
}
