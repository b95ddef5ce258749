import type { Command } from 'commander'
import { counted } from '../../services/conclusion.ts'
import { InvalidRequest } from '../../services/invalid-request.ts'
import { runRow } from '../../services/run-rows.ts'
import { names } from '../arguments.ts'
import { createCommand, outputOf, withDatabase, withStore, type DatabaseOptions } from '../command.ts'

interface Options extends DatabaseOptions {
  readonly tag?: string[]
  readonly untag?: string[]
  readonly pin?: true
  readonly unpin?: true
  readonly archive?: true
  readonly unarchive?: true
}

export function organiseCommand(): Command {
  return withDatabase(createCommand('organise <runs...>', 'Tag, pin or archive runs.'))
    .option('--tag <tags>', 'add tags: paper,ablation', names)
    .option('--untag <tags>', 'remove tags', names)
    .option('--pin', 'keep them at the top of the list')
    .option('--unpin', 'no longer')
    .option('--archive', 'out of the list, which shows them again by --archived')
    .option('--unarchive', 'back into the list')
    .addHelpText('after', '\nAll of the runs are changed, or none. cmaml runs --filter tag:paper finds them.')
    .action((references: string[], options: Options) => {
      const change = {
        pinned: either(options, 'pin', 'unpin'),
        archived: either(options, 'archive', 'unarchive'),
        addTags: options.tag,
        removeTags: options.untag,
      }
      if (Object.values(change).every((value) => value === undefined))
        throw new InvalidRequest('Say what to change: --tag, --untag, --pin, --unpin, --archive or --unarchive.')
      return withStore(options, 'read', (store) => {
        const ids = [...new Set(references.map((reference) => store.run(reference).id))]
        store.organise(ids, change)
        const runs = ids.map((id) => {
          const { tags, pinned, archived } = runRow(store, id)
          return { run: id, tags, pinned, archived }
        })
        outputOf(options).result(runs, () => `${counted(runs.length, 'run')} changed.`)
      })
    })
}

function either(options: Options, yes: 'pin' | 'archive', no: 'unpin' | 'unarchive'): boolean | undefined {
  if (options[yes] && options[no]) throw new InvalidRequest(`--${yes} and --${no} exclude each other.`)
  return options[yes] ?? (options[no] ? false : undefined)
}
