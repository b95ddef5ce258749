import { restoreRuns } from '../bin.ts'
import { decoded } from '../checkpoints.ts'
import { StoreError } from '../errors.ts'
import { newId } from '../ids.ts'
import { isPrintable, printable, printableLines, UNPRINTABLE_TEXT } from '../printable.ts'
import { write, type Connection } from '../transaction.ts'
import type { ImportReport } from './bundle.ts'
import { unpackComparisons } from './comparisons.ts'
import { copyRuns, type CopyRules, type Row } from './copy.ts'
import { decodeBundle } from './file.ts'
import { openContent } from './memory.ts'
import { checkRunRow, withoutOwner } from './run-row.ts'
import { refuseUnprintable } from './shown-texts.ts'

/** Copies the runs of a bundle into the database, in one transaction. */
export async function readBundle(
  connection: Connection,
  appVersion: string,
  bytes: Uint8Array,
  source: string,
): Promise<ImportReport> {
  const name = `The bundle ${source}`
  if (!isPrintable(source)) throw new StoreError('invalid', `${name} cannot be imported: its name ${UNPRINTABLE_TEXT}.`)
  const { database, sha256, ...description } = decodeBundle(bytes, name)
  const content = await openContent(database, name, appVersion)
  try {
    const rows = content.prepare('SELECT * FROM runs ORDER BY key').all() as Row[]
    if (rows.length === 0) throw new StoreError('corrupt', `${name} holds no runs.`)
    for (const row of rows) checkRunRow(row, name)
    refuseUnprintable(content, name)
    const imported = write(connection, () => {
      const present = rows.map((row) => presentKey(connection, sha256, row))
      const keys = copyRuns(content, connection, importRules(connection, { name, source, sha256 }, rows, present))
      const named = connection.prepare('SELECT id, name, source_run AS sourceRun FROM runs WHERE key = ?')
      const here = new Map(rows.map((row, index) => [row['key'] as number, keys[index]!]))
      const runs = keys.map((key, index) => ({
        ...(named.get(key) as { id: string; name: string; sourceRun: string }),
        added: present[index] === null,
      }))
      // Those that are here already may be in the bin.
      restoreRuns(
        connection,
        runs.filter(({ added }) => !added).map(({ id }) => id),
      )
      return {
        runs,
        comparisons: unpackComparisons(content, connection, here, { name, source, sha256 }),
      }
    })
    return { ...description, ...imported }
  } finally {
    content.close()
  }
}

interface Origin {
  /** What errors call the bundle. */
  readonly name: string
  readonly source: string
  readonly sha256: string
}

function presentKey(connection: Connection, sha256: string, { id }: Row): number | null {
  const sql = 'SELECT key FROM runs WHERE source_sha256 = ? AND source_run = ?'
  return (connection.prepare(sql).pluck().get(sha256, id) as number | undefined) ?? null
}

function importRules(
  connection: Connection,
  { name, source, sha256 }: Origin,
  rows: readonly Row[],
  present: readonly (number | null)[],
): CopyRules {
  const byContent = connection
    .prepare('SELECT key FROM checkpoints WHERE sha256 = ? AND removed_at IS NULL ORDER BY key DESC LIMIT 1')
    .pluck()
  return {
    runs: rows.map((row, index) => ({ key: row['key'] as number, present: present[index]! })),
    run: (row) => ({
      ...withoutOwner(row),
      // A message of several lines may be a true one.
      reason: row['reason'] === null ? null : printable(String(row['reason'])),
      notes: printableLines(String(row['notes'])),
      ...{ id: newId(), source, source_sha256: sha256, source_run: row['id']! },
    }),
    checkpoint(row) {
      const known = row['run'] === null ? (byContent.get(row['sha256']) as number | undefined) : undefined
      // A checkpoint without a run is marked with its bundle, so that it goes when the bundle's runs go.
      return known ?? { ...row, id: newId(), removed_at: null, source: row['run'] === null ? source : null }
    },
    content(hash, data, isCheckpoint) {
      if (isCheckpoint) decoded(data, `${name}: the checkpoint ${hash}`)
    },
    // Training goes on where it was done; a bundle has no such state, and one in an older database stays behind.
    only: { resume_states: () => 'FALSE', run_log: () => 'FALSE' },
    episodesOfCheckpoints: 'TRUE',
  }
}
