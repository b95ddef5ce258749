// Comparisons that come along with the runs that they compare.
import { StoreError } from '../errors.ts'
import { newId } from '../ids.ts'
import { isPrintable, printableLines, UNPRINTABLE_TEXT } from '../printable.ts'
import type { Connection } from '../transaction.ts'

interface Row {
  readonly key: number
  readonly id: string
  readonly name: string
  readonly notes: string
  readonly layout: string
  readonly created_at: number
  readonly changed_at: number
}

const SELECT = 'SELECT key, id, name, notes, layout, created_at, changed_at FROM comparisons'

/** @param runs keys in the bundle by keys in the database; a run that does not come along is missing there */
export function packComparisons(
  from: Connection,
  bundle: Connection,
  ids: readonly string[],
  runs: ReadonlyMap<number, number>,
): void {
  for (const id of ids) {
    const row = from.prepare(`${SELECT} WHERE id = ? AND removed_at IS NULL`).get(id) as Row | undefined
    if (row === undefined) throw new StoreError('unknown', `There is no comparison "${id}".`)
    copyComparison(from, bundle, row, runs, { id, source: null, sha256: null, sourceComparison: null })
  }
}

export interface UnpackedComparison {
  readonly id: string
  readonly name: string
  /** False where it had been imported before. */
  readonly added: boolean
}

/** @throws StoreError where a text of the bundle could not be shown */
export function unpackComparisons(
  content: Connection,
  to: Connection,
  runs: ReadonlyMap<number, number>,
  { name, source, sha256 }: { readonly name: string; readonly source: string; readonly sha256: string },
): UnpackedComparison[] {
  const rows = content.prepare(`${SELECT} WHERE removed_at IS NULL ORDER BY key`).all() as Row[]
  return rows.map((row) => {
    if (!isPrintable(row.id) || !isPrintable(row.name))
      throw new StoreError(
        'corrupt',
        `${name} cannot be used: the name of a comparison, "${row.name}", ${UNPRINTABLE_TEXT}.`,
      )
    const known = to
      .prepare(
        'SELECT id, name, removed_at AS removed FROM comparisons WHERE source_sha256 = ? AND source_comparison = ?',
      )
      .get(sha256, row.id) as { id: string; name: string; removed: number | null } | undefined
    if (known !== undefined) {
      to.prepare('UPDATE comparisons SET removed_at = NULL WHERE id = ?').run(known.id)
      return { id: known.id, name: known.name, added: known.removed !== null }
    }
    const id = newId()
    const shown = { ...row, notes: printableLines(row.notes) }
    copyComparison(content, to, shown, runs, { id, source, sha256, sourceComparison: row.id })
    return { id, name: row.name, added: true }
  })
}

interface Identity {
  readonly id: string
  readonly source: string | null
  readonly sha256: string | null
  readonly sourceComparison: string | null
}

function copyComparison(
  from: Connection,
  to: Connection,
  { key, ...row }: Row,
  runs: ReadonlyMap<number, number>,
  identity: Identity,
): void {
  const { lastInsertRowid } = to
    .prepare(
      `INSERT INTO comparisons (id, name, notes, layout, created_at, changed_at, source, source_sha256, source_comparison)
       VALUES (@id, @name, @notes, @layout, @created_at, @changed_at, @source, @sha256, @sourceComparison)`,
    )
    .run({ ...row, ...identity })
  const compared = from
    .prepare('SELECT position, compared_run AS run FROM comparison_runs WHERE comparison = ? ORDER BY position')
    .all(key) as { position: number; run: number | null }[]
  const insert = to.prepare('INSERT INTO comparison_runs (comparison, position, compared_run) VALUES (?, ?, ?)')
  for (const { position, run } of compared)
    insert.run(lastInsertRowid, position, run === null ? null : (runs.get(run) ?? null))
}
