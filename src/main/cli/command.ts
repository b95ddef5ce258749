/** What all commands share: their common options, and the way their errors become exit codes. */
import { Command, Option } from 'commander'
import { existsSync, rmSync } from 'node:fs'
import { databasePath, openDatabase } from '../services/database.ts'
import type { Store } from '../store/store.ts'
import { createOutput, type Output } from './output.ts'

export interface CommonOptions {
  readonly json?: true
}

export interface DatabaseOptions extends CommonOptions {
  readonly db?: string
}

/** A command with `--json`; errors of parsing are thrown, not exited on. */
export function createCommand(usage: string, description: string): Command {
  const [name = '', ...rest] = usage.split(' ')
  const command = new Command(name).description(description).exitOverride().showSuggestionAfterError()
  for (const argument of rest) command.argument(argument)
  return command.addOption(new Option('--json', 'machine-readable output'))
}

/** Adds `--db`. */
export function withDatabase(command: Command): Command {
  return command.option('--db <file>', 'database of runs (default: CMAML_DB, else one in your data folder)')
}

export const outputOf = ({ json }: CommonOptions): Output => createOutput(json === true)

/** `write` and `run` make a database that is not there, the latter for the sake of runs. */
export type DatabaseUse = 'read' | 'write' | 'run'

/**
 * Opens the database of a command for as long as `work` takes. One that was made for it, and in which nothing has come of
 * it when it fails, is removed: much is known only with a database and a trainer at hand, and a refusal leaves nothing.
 */
export async function withStore<T>(
  { db }: DatabaseOptions,
  use: DatabaseUse,
  work: (store: Store) => Promise<T> | T,
): Promise<T> {
  const isNew = use !== 'read' && !existsSync(databasePath(db))
  const store = await openDatabase(db, use === 'read' ? 'read' : 'write')
  let isLeft = true
  try {
    return await work(store)
  } catch (error) {
    isLeft = !isNew || hasResults(store, use)
    throw error
  } finally {
    store.close()
    if (!isLeft) removeUnused(store.file)
  }
}

/** Checkpoint files that runs were to start from are no results. */
const hasResults = (store: Store, use: DatabaseUse): boolean =>
  store.runs().length > 0 || (use === 'write' && store.checkpoints().length > 0)

function removeUnused(file: string): void {
  // SQLite takes its log away with the last connection: where there is one, another process uses the database.
  if (!existsSync(`${file}-wal`)) rmSync(file, { force: true })
}
