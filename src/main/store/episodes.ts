import { deleteBlobIfUnreferenced, getBlob, putBlob } from './blobs.ts'
import { StoreError } from './errors.ts'
import { runKey } from './run-reference.ts'
import { assertStorable } from './step-columns.ts'
import type { EpisodeKey, EpisodeRow } from './store.ts'
import { read, write, type Connection } from './transaction.ts'

/** In the table, for a policy of training: a unique index takes no two NULLs for equal. */
const NO_INITIALISATION = -1

const COLUMNS = `
  key AS id, (SELECT id FROM runs WHERE runs.key = episodes.run) AS run,
  nullif(initialisation, ${NO_INITIALISATION}) AS initialisation, iteration, task, step, episode,
  episode_return AS "return", episode_cost AS cost, episode_length AS length, sha256,
  (SELECT length(data) FROM blobs WHERE blobs.sha256 = episodes.sha256) AS size`

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
      run: runKey(connection, key.run),
      initialisation: key.initialisation ?? NO_INITIALISATION,
      sha256: putBlob(connection, data),
    }
    const same = `run = @run AND initialisation = @initialisation AND iteration = @iteration AND task = @task
      AND step = @step AND episode = @episode`
    const old = connection.prepare(`SELECT sha256 FROM episodes WHERE ${same}`).pluck().get(values) as
      string | undefined
    connection
      .prepare(
        `INSERT INTO episodes (run, initialisation, iteration, task, step, episode, episode_return, episode_cost,
           episode_length, sha256)
         VALUES (@run, @initialisation, @iteration, @task, @step, @episode, @return, @cost, @length, @sha256)
         ON CONFLICT DO UPDATE SET episode_return = excluded.episode_return, episode_cost = excluded.episode_cost,
           episode_length = excluded.episode_length, sha256 = excluded.sha256`,
      )
      .run(values)
    if (old !== undefined) deleteBlobIfUnreferenced(connection, old)
    return connection.prepare(`SELECT ${COLUMNS} FROM episodes WHERE ${same}`).get(values) as EpisodeRow
  })
}

export function listEpisodes(connection: Connection, run: string): EpisodeRow[] {
  return read(connection, () =>
    connection
      .prepare(`SELECT ${COLUMNS} FROM episodes WHERE run = ? ORDER BY iteration, initialisation, task, step, episode`)
      .all(runKey(connection, run)),
  ) as EpisodeRow[]
}

export function readEpisode(connection: Connection, id: number): Uint8Array {
  return read(connection, () => {
    const hash = connection.prepare('SELECT sha256 FROM episodes WHERE key = ?').pluck().get(id) as string | undefined
    if (hash === undefined) throw new StoreError('unknown', `There is no episode ${id}.`)
    return getBlob(connection, hash, `episode ${id}`)
  })
}
