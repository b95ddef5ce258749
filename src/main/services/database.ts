/** Which database a command works on. */
import { homedir } from 'node:os'
import packageJson from '../../../package.json' with { type: 'json' }
import { defaultDatabasePath } from '../store/location.ts'
import { StoreError } from '../store/errors.ts'
import { openStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'

export const appVersion = packageJson.version

/** Of the named database, else of the default one. */
export const databasePath = (file: string | undefined): string =>
  file ?? defaultDatabasePath(process.env, process.platform, homedir())

/**
 * Opens the named database, else the default one.
 *
 * @param use `write` creates a database that is not there; only the default's folder is created too
 */
export async function openDatabase(file: string | undefined, use: 'read' | 'write'): Promise<Store> {
  const path = databasePath(file)
  const mode = use === 'read' ? 'existing' : file === undefined ? 'create-folder' : 'create'
  try {
    return await openStore(path, { appVersion, mode })
  } catch (error) {
    const isNew = file === undefined && error instanceof StoreError && error.code === 'missing'
    if (!isNew) throw error
    throw new Error(`There are no runs yet: "cmaml train quickstart" makes the first, in ${path}.`, { cause: error })
  }
}
