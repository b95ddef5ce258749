// Runs from one database into another: into a bundle and out of it. Keys of rows belong to a database, so everything
// that refers to a row is given the key that the row gets in the other one.
import type { Statement } from 'better-sqlite3'
import { deleteBlobIfUnreferenced, getBlob, putBlob } from '../blobs.ts'
import { RUN_TABLES, type RunTable } from '../run-tables.ts'
import type { Connection } from '../transaction.ts'

export type Row = Record<string, string | number | Uint8Array | null>

export interface RunToCopy {
  /** Key in the database that is copied from. */
  readonly key: number
  /** Key of a run in the other database that already is this one: only what refers to it is copied. */
  readonly present: number | null
}

export interface CopyRules {
  /** In the order of their creation. */
  readonly runs: readonly RunToCopy[]
  /** The row of a run as it is to be in the other database. */
  run(row: Row): Row
  /**
   * The row of a checkpoint as it is to be there, or the key of one that is there and takes its place. A checkpoint whose
   * run is not copied is asked for with `run` null and the kind `imported`.
   */
  checkpoint(row: Row): Row | number
  /** Sees content before it is stored; its hash is checked already. */
  content(sha256: string, data: Uint8Array, isCheckpoint: boolean): void
  /** SQL condition on the rows of a table that are copied, over its columns and `@run`, where not all are. */
  readonly only: Readonly<Partial<Record<RunTable, (run: number) => string>>>
  /** SQL condition on the episodes of checkpoints without a run that chosen runs start from: those are copied. */
  readonly episodesOfCheckpoints: string
}

/** Checkpoints come first: some take the place of others, and may come without their run. */
const AFTER_CHECKPOINTS = RUN_TABLES.filter((table) => table !== 'checkpoints')

/** Checkpoints that chosen runs start from; they are needed wherever those runs go. */
export const STARTED_FROM = `
  SELECT checkpoint FROM initialisations WHERE checkpoint IS NOT NULL AND run IN (SELECT value FROM json_each(@runs))
  UNION
  SELECT parent_checkpoint FROM runs WHERE parent_checkpoint IS NOT NULL AND key IN (SELECT value FROM json_each(@runs))`

/** Copies within the caller's transactions. Returns the keys of the runs in the other database, in the same order. */
export function copyRuns(from: Connection, to: Connection, rules: CopyRules): number[] {
  const insert = inserter(to)
  const added = rules.runs.filter(({ present }) => present === null)
  const runs = new Map(rules.runs.map(({ key, present }) => [key, present ?? copyRun(from, insert, rules, key)]))
  const copy: Copy = { from, to, rules, insert, runs, checkpoints: new Map() }
  for (const run of rules.runs) copyCheckpoints(copy, run)
  copyForeignStarts(copy, added)
  const metric = metricKeys(from, to)
  for (const { key } of added) {
    linkParent(copy, key)
    for (const table of AFTER_CHECKPOINTS)
      for (const row of rowsOf(copy, table, key)) {
        if (table === 'episodes') copyBlob(copy, row, false)
        insert(table, {
          ...row,
          run: runs.get(key)!,
          ...('metric' in row ? { metric: metric(row['metric'] as number) } : {}),
          ...('checkpoint' in row ? { checkpoint: mapped(copy, row['checkpoint']) } : {}),
        })
      }
  }
  return rules.runs.map(({ key }) => runs.get(key)!)
}

type Insert = (table: RunTable | 'runs', row: Row) => number

interface Copy {
  readonly from: Connection
  readonly to: Connection
  readonly rules: CopyRules
  readonly insert: Insert
  /** Keys in the other database by the keys in this one. */
  readonly runs: ReadonlyMap<number, number>
  readonly checkpoints: Map<number, number>
}

/** null where the checkpoint is not copied, as after its deletion. */
const mapped = ({ checkpoints }: Copy, key: Row[string] | undefined): number | null =>
  typeof key === 'number' ? (checkpoints.get(key) ?? null) : null

function copyRun(from: Connection, insert: Insert, rules: CopyRules, key: number): number {
  const row = from.prepare('SELECT * FROM runs WHERE key = ?').get(key) as Row
  // The checkpoint is linked once it is there.
  return insert('runs', { ...rules.run(row), parent_checkpoint: null })
}

function copyCheckpoints(copy: Copy, { key, present }: RunToCopy): void {
  const run = copy.runs.get(key)!
  for (const row of rowsOf(copy, 'checkpoints', key)) {
    const there = present === null ? copyCheckpoint(copy, { ...row, run }) : sameCheckpoint(copy.to, run, row)
    if (there !== undefined) copy.checkpoints.set(row['key'] as number, there)
  }
}

/** Of a run that was there before; undefined where it was deleted since. */
function sameCheckpoint(to: Connection, run: number, { sha256 }: Row): number | undefined {
  const sql = 'SELECT key FROM checkpoints WHERE sha256 = ? ORDER BY run = ? DESC LIMIT 1'
  return to.prepare(sql).pluck().get(sha256, run) as number | undefined
}

/** Of runs that stay behind, the checkpoints that copied runs start from. */
function copyForeignStarts(copy: Copy, added: readonly RunToCopy[]): void {
  const runs = JSON.stringify(added.map(({ key }) => key))
  const rows = copy.from.prepare(`SELECT * FROM checkpoints WHERE key IN (${STARTED_FROM})`).all({ runs }) as Row[]
  for (const row of rows) {
    if (copy.runs.has(row['run'] as number)) continue
    const there = copyCheckpoint(copy, { ...row, run: null, kind: 'imported' })
    copy.checkpoints.set(row['key'] as number, there)
    if (row['run'] === null) copyEpisodes(copy, row['key'] as number, there)
  }
}

/** Of a checkpoint without its run. One that stands in for it there may have a run, whose episodes they are then. */
function copyEpisodes({ from, to, rules, ...copy }: Copy, checkpoint: number, there: number): void {
  const rows = from
    .prepare(`SELECT * FROM episodes WHERE checkpoint = ? AND (${rules.episodesOfCheckpoints})`)
    .all(checkpoint) as Row[]
  if (rows.length === 0) return
  const { run } = to.prepare('SELECT run FROM checkpoints WHERE key = ?').get(there) as { run: number | null }
  const owner = run === null ? { run, checkpoint: there } : { run, checkpoint: null }
  // The same one may be there; out of sight, it comes back.
  const insert = to.prepare(`${insertSql(to, 'episodes')} ON CONFLICT DO UPDATE SET removed_at = NULL`)
  for (const row of rows) {
    copyBlob({ from, to, rules, ...copy }, row, false)
    insert.run({ ...row, ...owner })
    deleteBlobIfUnreferenced(to, String(row['sha256']))
  }
}

function copyCheckpoint(copy: Copy, row: Row): number {
  const checkpoint = copy.rules.checkpoint(row)
  if (typeof checkpoint === 'number') return checkpoint
  copyBlob(copy, row, true)
  return copy.insert('checkpoints', checkpoint)
}

function copyBlob({ from, to, rules }: Copy, { sha256 }: Row, isCheckpoint: boolean): void {
  const data = getBlob(from, String(sha256), 'a run')
  rules.content(String(sha256), data, isCheckpoint)
  putBlob(to, data)
}

function linkParent(copy: Copy, key: number): void {
  const parent = copy.from.prepare('SELECT parent_checkpoint FROM runs WHERE key = ?').pluck().get(key) as number | null
  copy.to.prepare('UPDATE runs SET parent_checkpoint = ? WHERE key = ?').run(mapped(copy, parent), copy.runs.get(key)!)
}

/** Keys of metric names in the other database. */
function metricKeys(from: Connection, to: Connection): (key: number) => number {
  const names = from.prepare('SELECT key, name FROM metric_names').all() as { key: number; name: string }[]
  const add = to.prepare('INSERT INTO metric_names (name) VALUES (?) ON CONFLICT DO NOTHING')
  const find = to.prepare('SELECT key FROM metric_names WHERE name = ?').pluck()
  const keys = new Map<number, number>()
  for (const { key, name } of names) {
    add.run(name)
    keys.set(key, find.get(name) as number)
  }
  return (key) => keys.get(key)!
}

function rowsOf({ from, rules }: Copy, table: RunTable, run: number): Row[] {
  const only = rules.only[table]?.(run) ?? 'TRUE'
  return from.prepare(`SELECT * FROM ${table} WHERE run = @run AND (${only})`).all({ run }) as Row[]
}

/** Inserts all columns but the row's key, which the database chooses, and those that it computes. Returns the key. */
function inserter(to: Connection): Insert {
  const statements = new Map<RunTable | 'runs', Statement>()
  return (table, row) => {
    const statement = statements.get(table) ?? to.prepare(insertSql(to, table))
    statements.set(table, statement)
    return Number(statement.run(row).lastInsertRowid)
  }
}

function insertSql(to: Connection, table: RunTable | 'runs'): string {
  // Hidden 2 and 3 are generated columns (https://www.sqlite.org/pragma.html#pragma_table_xinfo).
  const all = to.pragma(`table_xinfo(${table})`) as { name: string; hidden: number }[]
  const columns = all.filter(({ name, hidden }) => hidden === 0 && name !== 'key').map(({ name }) => name)
  const values = columns.map((column) => `@${column}`)
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${values.join(', ')})`
}
