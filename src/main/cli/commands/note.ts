import type { Command } from 'commander'
import { createCommand, outputOf, withDatabase, withStore, type DatabaseOptions } from '../command.ts'

interface Options extends DatabaseOptions {
  readonly set?: string
}

export function noteCommand(): Command {
  return withDatabase(createCommand('note <run>', 'Show the notes on a run, or write them.'))
    .option('--set <text>', 'the new notes, in place of the old ones; an empty text removes them')
    .action((reference: string, { set, ...options }: Options) =>
      withStore(options, 'read', (store) => {
        const { id, notes } = store.run(reference)
        if (set !== undefined) store.setNotes(id, set)
        const now = set ?? notes
        outputOf(options).result({ run: id, notes: now }, () => (now === '' ? `Run ${id} has no notes.` : now))
      }),
    )
}
