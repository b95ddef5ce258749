import type { Command } from 'commander'
import { runName } from '../../services/run-name.ts'
import { createCommand, outputOf, withDatabase, withStore, type DatabaseOptions } from '../command.ts'

export function renameCommand(): Command {
  return withDatabase(createCommand('rename <run> <name>', 'Give a run another name.')).action(
    (reference: string, text: string, options: DatabaseOptions) =>
      withStore(options, 'read', (store) => {
        const name = runName(text)
        const { id, name: before } = store.run(reference)
        store.rename(id, name)
        outputOf(options).result({ run: id, name, before }, () => `Run ${id} (${before}) is now called ${name}.`)
      }),
  )
}
