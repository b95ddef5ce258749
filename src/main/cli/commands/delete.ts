import type { Command } from 'commander'
import { counted } from '../../services/conclusion.ts'
import { InvalidRequest } from '../../services/invalid-request.ts'
import type { Store } from '../../store/store.ts'
import { createCommand, outputOf, withDatabase, withStore, type DatabaseOptions } from '../command.ts'

interface Options extends DatabaseOptions {
  readonly source?: string
}

export function deleteCommand(): Command {
  return withDatabase(createCommand('delete [run]', 'Delete a run with its metrics and checkpoints.'))
    .option('--source <bundle>', 'all runs that were imported from a bundle instead, e.g. demonstration')
    .action((reference: string | undefined, options: Options) => {
      const { source } = options
      if ((reference === undefined) === (source === undefined))
        throw new InvalidRequest('Say what to delete: either a run or --source BUNDLE.')
      return withStore(options, 'read', (store) => {
        const { value, text } = source === undefined ? deleteOne(store, reference!) : deleteAll(store, source)
        outputOf(options).result(value, () => `${text}; cmaml gc shrinks the file.`)
      })
    })
}

function deleteOne(store: Store, reference: string) {
  const { id, name } = store.run(reference)
  store.deleteRun(id)
  return { value: { deleted: id }, text: `Run ${id} (${name}) is deleted` }
}

function deleteAll(store: Store, source: string) {
  const runs = store.deleteSource(source)
  return { value: { source, deleted: runs }, text: `${counted(runs, 'run')} of the bundle ${source} deleted` }
}
