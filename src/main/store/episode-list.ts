/** Pages of all recorded episodes, in any order, whichever run they belong to. */
import { NO_INITIALISATION } from './episodes.ts'
import { StoreError } from './errors.ts'
import type { EpisodeList, EpisodeListing, EpisodeOwners, EpisodeQuery } from './store.ts'
import { runKey } from './run-reference.ts'
import { read, type Connection } from './transaction.ts'

/** What the rows are sorted by; equal ones by their key. */
const SORTS = {
  newest: 'coalesce(recorded_at, 0)',
  task: 'task',
  return: 'episode_return',
  cost: 'episode_cost',
  length: 'episode_length',
} as const satisfies Record<EpisodeQuery['sort'], string>

const COLUMNS = `
  episodes.key AS id, runs.id AS run, checkpoints.id AS checkpoint, coalesce(runs.name, checkpoints.source) AS runName,
  runs.cost_limit AS costLimit,
  nullif(episodes.initialisation, ${NO_INITIALISATION}) AS "index", initialisations.label, episodes.iteration, task, step, episode, stochastic, episode_return AS "return", episode_cost AS cost,
  episode_length AS length, recorded_at AS recordedAt,
  (SELECT length(data) FROM blobs WHERE blobs.sha256 = episodes.sha256) AS size`

interface SelectedRow extends Omit<EpisodeListing, 'initialisation' | 'stochastic'> {
  readonly index: number | null
  readonly label: string | null
  readonly stochastic: number
  readonly place: number
}

export function pageOfEpisodes(connection: Connection, query: EpisodeQuery): EpisodeList {
  return read(connection, () => {
    const values = {
      ...(query.run === undefined ? {} : { run: runKey(connection, query.run) }),
      ...(query.checkpoint === undefined ? {} : { checkpoint: keyOfCheckpoint(connection, query.checkpoint) }),
      ...(query.task === undefined ? {} : { task: query.task }),
      ...(query.step === undefined ? {} : { step: query.step }),
      ...(query.initialisation === undefined ? {} : { initialisation: query.initialisation ?? NO_INITIALISATION }),
    }
    const chosen = [
      'episodes.removed_at IS NULL',
      'runs.binned_at IS NULL',
      'checkpoints.removed_at IS NULL',
      ...Object.keys(values).map((column) => `episodes.${column} = @${column}`),
      ...(query.ids === undefined ? [] : ['episodes.key IN (SELECT value FROM json_each(@ids))']),
    ].join(' AND ')
    const ids = query.ids === undefined ? {} : { ids: JSON.stringify(query.ids) }
    const from = `episodes LEFT JOIN runs ON runs.key = episodes.run
      LEFT JOIN checkpoints ON checkpoints.key = episodes.checkpoint`
    const total = connection
      .prepare(`SELECT count(*) FROM ${from} WHERE ${chosen}`)
      .pluck()
      .get({ ...values, ...ids }) as number
    // The newest come first where nothing else is asked for.
    const [direction, beyond] = query.descending !== (query.sort === 'newest') ? ['DESC', '<'] : ['ASC', '>']
    const place = SORTS[query.sort]
    const after = query.after === null ? null : parsePlace(query.after)
    // Which rows first, what they say then: sorting would carry, and compute, all columns of all rows.
    const rows = connection
      .prepare(
        `SELECT ${COLUMNS}, place
         FROM (
           SELECT episodes.key AS chosen, ${place} AS place FROM ${from}
           WHERE ${chosen} ${after === null ? '' : `AND (${place}, episodes.key) ${beyond} (@place, @key)`}
           ORDER BY place ${direction}, episodes.key ${direction} LIMIT @limit
         )
         JOIN episodes ON episodes.key = chosen LEFT JOIN runs ON runs.key = episodes.run
         LEFT JOIN checkpoints ON checkpoints.key = episodes.checkpoint
         LEFT JOIN initialisations
           ON initialisations.run = episodes.run AND initialisations.position = episodes.initialisation
         ORDER BY place ${direction}, episodes.key ${direction}`,
      )
      .all({ ...values, ...ids, ...after, limit: query.limit }) as SelectedRow[]
    const last = rows.length === query.limit ? rows.at(-1) : undefined
    return { rows: rows.map(listing), total, next: last ? JSON.stringify([last.place, last.id]) : null }
  })
}

export const ownersOfEpisodes = (connection: Connection): EpisodeOwners =>
  read(connection, () => {
    const ids = (sql: string) => connection.prepare(sql).pluck().all() as string[]
    const some = (owner: string) =>
      `EXISTS (SELECT 1 FROM episodes WHERE episodes.${owner}.key AND episodes.removed_at IS NULL)`
    return {
      runs: ids(`SELECT id FROM runs WHERE binned_at IS NULL AND ${some('run = runs')}`),
      checkpoints: ids(`SELECT id FROM checkpoints WHERE removed_at IS NULL AND ${some('checkpoint = checkpoints')}`),
    }
  })

/** -1, which no row has, of one that is not there. */
const keyOfCheckpoint = (connection: Connection, id: string): number =>
  (connection.prepare('SELECT key FROM checkpoints WHERE id = ?').pluck().get(id) as number | undefined) ?? -1

function listing({ index, label, place: _, stochastic, ...row }: SelectedRow): EpisodeListing {
  const initialisation = index === null ? null : { index, label: label ?? `initialisation ${index + 1}` }
  return { ...row, initialisation, stochastic: stochastic === 1 }
}

/** A place in the order, as a page before gave it out. */
function parsePlace(text: string): { place: number; key: number } {
  const parsed = ((): unknown => {
    try {
      return JSON.parse(text)
    } catch {
      return null
    }
  })()
  const [place, key] = Array.isArray(parsed) ? (parsed as unknown[]) : []
  if (typeof place !== 'number' || typeof key !== 'number')
    throw new StoreError(
      'invalid',
      `No page of episodes starts at "${text}": hand back what the page before calls next.`,
    )
  return { place, key }
}
