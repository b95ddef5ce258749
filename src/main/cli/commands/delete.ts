import type { Command } from 'commander'
import { createCommand, outputOf, withDatabase, withStore, type DatabaseOptions } from '../command.ts'

export function deleteCommand(): Command {
  return withDatabase(createCommand('delete <run>', 'Delete a run with its metrics and checkpoints.')).action(
    (reference: string, options: DatabaseOptions) =>
      withStore(options, 'read', (store) => {
        const { id, name } = store.run(reference)
        store.deleteRun(id)
        outputOf(options).result({ deleted: id }, () => `Run ${id} (${name}) is deleted; cmaml gc shrinks the file.`)
      }),
  )
}
