import { StoreError } from './errors.ts'
import type { Connection } from './transaction.ts'

/** The id behind an id, a unique ending of one (the beginnings are times and much alike), a unique name, or `latest`. */
export function resolveRun(connection: Connection, reference: string): string {
  const ids = (where: string, value: string) =>
    connection
      .prepare(`SELECT id FROM runs WHERE ${where} ORDER BY key DESC LIMIT 9`)
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
  if (candidates.length === 0) throw new StoreError('unknown', `There is no run "${reference}" in ${connection.name}.`)
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
