import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { FileError } from './file-error.ts'

/**
 * Makes a folder and those above it that are missing, one by one: `mkdirSync` of Node 24 with
 * `recursive` never returns where the parent exists and making a folder in it still fails with ENOENT, as in /proc.
 * @throws FileError
 */
export function makeFolder(folder: string): void {
  try {
    for (const level of missingLevels(resolve(folder))) makeLevel(level)
    if (!statSync(folder).isDirectory()) throw new Error('it is a file')
  } catch (cause) {
    throw new FileError(`The folder ${folder} cannot be made: ${(cause as Error).message}`, { cause })
  }
}

/** From the top. */
function missingLevels(folder: string): string[] {
  const parent = dirname(folder)
  return existsSync(folder) || parent === folder ? [] : [...missingLevels(parent), folder]
}

/** Another process may have made it in the meantime. */
function makeLevel(folder: string): void {
  try {
    mkdirSync(folder)
  } catch (error) {
    if (!existsSync(folder)) throw error
  }
}
