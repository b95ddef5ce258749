import type { Command } from 'commander'
import { readBundleFile } from '../../export/bundle.ts'
import { counted } from '../../services/conclusion.ts'
import { printable } from '../../services/run-name.ts'
import { createCommand, outputOf, withDatabase, withStore, type DatabaseOptions } from '../command.ts'
import { databaseArgument, shellWord } from '../shell.ts'
import { formatTable } from '../table.ts'

export function importCommand(): Command {
  return withDatabase(createCommand('import <file>', 'Copy the runs of a bundle into a database.'))
    .addHelpText(
      'after',
      '\nA bundle is made by cmaml export RUN... --format bundle. Importing it again adds nothing.\n' +
        'cmaml delete --source NAME deletes its runs; NAME is the file’s, without .cmaml.',
    )
    .action((file: string, options: DatabaseOptions) => {
      const { bytes, source } = readBundleFile(file)
      return withStore(options, 'write', async (store) => {
        const report = await store.importBundle(bytes, source)
        const added = report.runs.filter((run) => run.added).length
        const value = { file, source, ...report, added, database: store.file }
        outputOf(options).result(value, () =>
          [
            formatTable(
              [{ title: 'run' }, { title: 'name' }, { title: 'in the bundle' }, { title: '' }],
              report.runs.map((run) => [run.id, run.name, run.sourceRun, run.added ? '' : 'was here already']),
            ),
            '',
            ...(report.description === '' ? [] : [printable(report.description)]),
            `${counted(added, 'run')} of ${report.runs.length} added to ${store.file}; they go by`,
            `  npx cmaml delete --source ${shellWord(source)}${databaseArgument(options)}`,
          ].join('\n'),
        )
      })
    })
}
