/** What all commands share: their common options, and the way their errors become exit codes. */
import { Command, Option } from 'commander'
import { openDatabase } from '../services/database.ts'
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

/** Opens the database of a command for as long as `work` takes. */
export async function withStore<T>(
  { db }: DatabaseOptions,
  use: 'read' | 'write',
  work: (store: Store) => Promise<T> | T,
): Promise<T> {
  const store = await openDatabase(db, use)
  try {
    return await work(store)
  } finally {
    store.close()
  }
}
