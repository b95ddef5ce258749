import { StoreError } from './errors.ts'
import { sha256 } from './sha256.ts'
import type { Connection } from './transaction.ts'

/** Stores content under its hash, once. Call it in the transaction that stores the reference, or `gc` may be faster. */
export function putBlob(connection: Connection, data: Uint8Array): string {
  const hash = sha256(data)
  connection.prepare('INSERT INTO blobs (sha256, data) VALUES (?, ?) ON CONFLICT DO NOTHING').run(hash, data)
  return hash
}

/** @param what names the content in an error, e.g. `checkpoint 1nv3q8k2c7fz` */
export function getBlob(connection: Connection, hash: string, what: string): Uint8Array {
  const row = connection.prepare('SELECT data FROM blobs WHERE sha256 = ?').get(hash) as
    { data: Uint8Array } | undefined
  if (!row) throw new StoreError('corrupt', `The content of ${what} is missing from ${connection.name}.`)
  return verified(row.data, hash, `${what} in ${connection.name}`)
}

export function verified(data: Uint8Array, hash: string, what: string): Uint8Array {
  const actual = sha256(data)
  if (actual === hash) return data
  throw new StoreError('corrupt', `The content of ${what} is damaged: its sha-256 is ${actual}, stored was ${hash}.`)
}

const UNREFERENCED = `
  sha256 NOT IN (SELECT sha256 FROM checkpoints) AND
  sha256 NOT IN (SELECT sha256 FROM episodes)`

/** Deletes content that nothing refers to any more. */
export function deleteUnreferencedBlobs(connection: Connection): number {
  return connection.prepare(`DELETE FROM blobs WHERE ${UNREFERENCED}`).run().changes
}

/** The same for one blob, when one of its references went. */
export function deleteBlobIfUnreferenced(connection: Connection, hash: string): void {
  connection.prepare(`DELETE FROM blobs WHERE sha256 = ? AND ${UNREFERENCED}`).run(hash)
}
