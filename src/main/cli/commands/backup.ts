import { resolve } from 'node:path'
import { statSync } from 'node:fs'
import type { Command } from 'commander'
import { backUp } from '../../services/storage.ts'
import { createCommand, outputOf, withDatabase, withStore, type DatabaseOptions } from '../command.ts'

export function backupCommand(): Command {
  return withDatabase(createCommand('backup <file>', 'Copy the database to a new file, while others work with it.'))
    .addHelpText('after', '\nThe copy is a database like any other: cmaml runs --db FILE.')
    .action((target: string, options: DatabaseOptions) =>
      withStore(options, 'read', async (store) => {
        const file = await backUp(store.file, resolve(target))
        const bytes = statSync(file).size
        outputOf(options).result({ file, bytes }, () => `${file}: ${bytes} bytes`)
      }),
    )
}
