import type Database from 'better-sqlite3'
import { StoreError } from './errors.ts'

/** better-sqlite3's binary needs the Node-API of Node 22; under an older Node it ends the process without a word. */
export async function loadDriver(): Promise<typeof Database> {
  const major = Number(process.versions.node.split('.')[0])
  if (major < 22)
    throw new StoreError('runtime', `The database needs Node 22 or newer; this is Node ${process.versions.node}.`)
  return (await import('better-sqlite3')).default
}
