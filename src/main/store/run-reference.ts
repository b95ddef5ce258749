import { StoreError } from './errors.ts'
import type { Connection } from './transaction.ts'

/** The id behind an id, a unique ending of one (the beginnings are times and much alike), a unique name, or `latest`. */
export function resolveRun(connection: Connection, reference: string): string {
  const ids = (where: string, value: string, inBin = false) =>
    connection
      .prepare(
        `SELECT id FROM runs WHERE ${where} AND binned_at IS ${inBin ? 'NOT NULL' : 'NULL'} ORDER BY key DESC LIMIT 9`,
      )
      .pluck()
      .all({ value }) as string[]
  const exact = ids('id = @value', reference)
  if (exact.length === 1) return exact[0]!
  if (reference === 'latest') {
    const newest = ids('@value IS NOT NULL', reference)[0]
    if (newest === undefined) throw new StoreError('unknown', `There are no runs in ${connection.name} yet.`)
    return newest
  }
  const byName = ids('name = @value', reference)
  const candidates = byName.length > 0 ? byName : isIdEnding(reference) ? ids(ENDING_OF_ID, reference) : []
  if (candidates.length === 1) return candidates[0]!
  if (candidates.length === 0) {
    const [binned] = [ids('id = @value', reference, true), ids('name = @value', reference, true)].flat()
    const where = binned === undefined ? `` : `; run ${binned} is in the bin, from which it can be restored`
    throw new StoreError('unknown', `There is no run "${reference}" in ${connection.name}${where}.`)
  }
  throw new StoreError('unknown', `"${reference}" fits several runs: ${candidates.join(', ')}. Give the id of one.`)
}

const ENDING_OF_ID = `substr(id, -length(@value)) = @value`
const isIdEnding = (text: string): boolean => /^[0-9a-z]{3,13}$/.test(text)

/** The internal key of a run that must exist. */
export function runKey(connection: Connection, id: string): number {
  const key = connection.prepare('SELECT key FROM runs WHERE id = ?').pluck().get(id) as number | undefined
  if (key === undefined) throw new StoreError('unknown', `There is no run "${id}" in ${connection.name}.`)
  return key
}

/** The internal keys of runs, all of which must exist, in any order. */
export function runKeys(connection: Connection, ids: readonly string[]): number[] {
  const keys = connection
    .prepare('SELECT key FROM runs WHERE id IN (SELECT value FROM json_each(?))')
    .pluck()
    .all(JSON.stringify(ids)) as number[]
  // The rare case takes its time to say which.
  if (keys.length < new Set(ids).size) for (const id of ids) runKey(connection, id)
  return keys
}
