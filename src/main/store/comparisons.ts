// Comparisons that people keep: what is compared, their notes on it, and how it is shown.
import { StoreError } from './errors.ts'
import { newId } from './ids.ts'
import { runKeys } from './run-reference.ts'
import { read, write, type Connection } from './transaction.ts'

export interface ComparisonContent {
  readonly name: string
  /** Ids of runs, in the order in which they were named. */
  readonly runs: readonly string[]
  readonly notes: string
  /** JSON of whoever shows it. */
  readonly layout: unknown
}

export interface ComparisonRow extends ComparisonContent {
  readonly id: string
  /** How many of its runs are in the bin, or were deleted since; `runs` are the others. */
  readonly missing: number
  readonly createdAt: number
  readonly changedAt: number
  /** Name of the bundle that it was imported from. */
  readonly source: string | null
}

/** A comparison that was deleted and can still come back. */
export interface RemovedComparison {
  readonly id: string
  readonly name: string
  /** How many runs it names. */
  readonly runs: number
  readonly removedAt: number
}

/** What the program asks about kept comparisons. Changes of one that is not there (any more) are refused. */
export interface ComparisonStore {
  /** Newest first. */
  list(): ComparisonRow[]
  /** @param reference its id, or a name that only one has */
  find(reference: string): ComparisonRow
  save(content: ComparisonContent): ComparisonRow
  rename(id: string, name: string): void
  setRuns(id: string, runs: readonly string[]): void
  setLayout(id: string, layout: unknown): void
  /**
   * @param was what they must be for the new ones to take their place; anything if left out
   * @returns what is stored instead, and stays; null where the new ones are stored
   */
  setNotes(id: string, notes: string, was?: string): string | null
  /** Puts it out of sight; returns the time that it is marked with. Its runs stay. */
  remove(id: string): number
  restore(id: string): void
  /** Those that can be brought back, the newest deletion first. */
  removed(): RemovedComparison[]
  /** Deletes those that were removed before a time (ms since the epoch). */
  purge(before: number): void
  /** Deletes those of them that were removed, whatever their time. */
  drop(ids: readonly string[]): void
}

export function openComparisons(connection: Connection): ComparisonStore {
  const change = (id: string, assignment: string, value: string) =>
    void write(connection, () => {
      const key = comparisonKey(connection, id)
      connection.prepare(`UPDATE comparisons SET ${assignment}, changed_at = @now WHERE key = @key`).run({
        value,
        key,
        now: Date.now(),
      })
    })
  const mark = (id: string, time: number | null) =>
    void write(connection, () => {
      const { changes } = connection.prepare('UPDATE comparisons SET removed_at = ? WHERE id = ?').run(time, id)
      if (changes === 0) throw unknown(id)
    })
  return {
    list: () => read(connection, () => rows(connection, 'TRUE', {})),
    find: (reference) => read(connection, () => find(connection, reference)),
    save: (content) => write(connection, () => save(connection, content)),
    rename: (id, name) => change(id, 'name = @value', name),
    setLayout: (id, layout) => change(id, 'layout = @value', JSON.stringify(layout)),
    setRuns: (id, runs) =>
      void write(connection, () => {
        const key = comparisonKey(connection, id)
        connection.prepare('DELETE FROM comparison_runs WHERE comparison = ?').run(key)
        addRuns(connection, key, runs)
        connection.prepare('UPDATE comparisons SET changed_at = ? WHERE key = ?').run(Date.now(), key)
      }),
    setNotes: (id, notes, was) =>
      write(connection, () => {
        const stored = connection
          .prepare('SELECT notes FROM comparisons WHERE key = ?')
          .pluck()
          .get(comparisonKey(connection, id)) as string
        if (was !== undefined && stored !== was) return stored
        connection.prepare('UPDATE comparisons SET notes = ?, changed_at = ? WHERE id = ?').run(notes, Date.now(), id)
        return null
      }),
    remove: (id) => {
      comparisonKey(connection, id)
      const now = Date.now()
      mark(id, now)
      return now
    },
    restore: (id) => mark(id, null),
    removed: () =>
      read(connection, () =>
        connection
          .prepare(
            `SELECT id, name, removed_at AS removedAt,
               (SELECT count(*) FROM comparison_runs WHERE comparison = comparisons.key) AS runs
             FROM comparisons WHERE removed_at IS NOT NULL ORDER BY removed_at DESC, key DESC`,
          )
          .all(),
      ) as RemovedComparison[],
    purge: (before) =>
      void write(connection, () => connection.prepare('DELETE FROM comparisons WHERE removed_at < ?').run(before)),
    drop: (ids) =>
      void write(connection, () =>
        connection
          .prepare('DELETE FROM comparisons WHERE removed_at IS NOT NULL AND id IN (SELECT value FROM json_each(?))')
          .run(JSON.stringify(ids)),
      ),
  }
}

const unknown = (reference: string) => new StoreError('unknown', `There is no comparison "${reference}".`)

function comparisonKey(connection: Connection, id: string): number {
  const key = connection.prepare('SELECT key FROM comparisons WHERE id = ? AND removed_at IS NULL').pluck().get(id)
  if (typeof key !== 'number') throw unknown(id)
  return key
}

function save(connection: Connection, { name, runs, notes, layout }: ComparisonContent): ComparisonRow {
  const id = newId()
  const now = Date.now()
  const { lastInsertRowid } = connection
    .prepare(
      `INSERT INTO comparisons (id, name, notes, layout, created_at, changed_at)
       VALUES (@id, @name, @notes, @layout, @now, @now)`,
    )
    .run({ id, name, notes, layout: JSON.stringify(layout), now })
  addRuns(connection, Number(lastInsertRowid), runs)
  return find(connection, id)
}

function addRuns(connection: Connection, comparison: number, runs: readonly string[]): void {
  const distinct = [...new Set(runs)]
  runKeys(connection, distinct)
  const insert = connection.prepare(
    `INSERT INTO comparison_runs (comparison, position, compared_run)
     VALUES (?, ?, (SELECT key FROM runs WHERE id = ?))`,
  )
  distinct.forEach((run, position) => insert.run(comparison, position, run))
}

function find(connection: Connection, reference: string): ComparisonRow {
  const [byId] = rows(connection, 'id = @reference', { reference })
  if (byId) return byId
  const byName = rows(connection, 'name = @reference', { reference })
  if (byName.length > 1)
    throw new StoreError(
      'unknown',
      `"${reference}" is the name of several comparisons: ${byName.map(({ id }) => id).join(', ')}. Give the id of one.`,
    )
  if (!byName[0]) throw unknown(reference)
  return byName[0]
}

function rows(connection: Connection, where: string, parameters: object): ComparisonRow[] {
  const found = connection
    .prepare(
      `SELECT key, id, name, notes, layout, created_at AS createdAt, changed_at AS changedAt, source
       FROM comparisons WHERE removed_at IS NULL AND ${where} ORDER BY key DESC`,
    )
    .all(parameters) as (Omit<ComparisonRow, 'runs' | 'missing' | 'layout'> & { key: number; layout: string })[]
  const compared = connection
    .prepare(
      `SELECT runs.id FROM comparison_runs LEFT JOIN runs ON runs.key = compared_run AND binned_at IS NULL
       WHERE comparison = ? ORDER BY position`,
    )
    .pluck()
  return found.map(({ key, layout, ...row }) => {
    const all = compared.all(key) as (string | null)[]
    const runs = all.filter((id) => id !== null)
    return { ...row, layout: JSON.parse(layout) as unknown, runs, missing: all.length - runs.length }
  })
}
