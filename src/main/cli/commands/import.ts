import type { Command } from 'commander'
import { extname } from 'node:path'
import { readBundleFile } from '../../export/bundle.ts'
import { CHECKPOINT_EXTENSIONS, readCheckpointFile } from '../../export/checkpoint.ts'
import { counted } from '../../services/conclusion.ts'
import { printable } from '../../services/run-name.ts'
import { createCommand, outputOf, withDatabase, withStore, type DatabaseOptions } from '../command.ts'
import { databaseArgument, shellWord } from '../shell.ts'
import { formatTable } from '../table.ts'

export function importCommand(): Command {
  return withDatabase(createCommand('import <file>', 'Copy the runs of a bundle, or a checkpoint, into a database.'))
    .addHelpText(
      'after',
      '\nA bundle is made by cmaml export RUN... --format bundle; the zip of cmaml compare --zip holds one. Importing it again\n' +
        'adds nothing.\n' +
        'cmaml delete --source NAME deletes its runs; NAME is the file’s, without .cmaml.\n' +
        'A checkpoint (.safetensors) is made by cmaml export RUN --format safetensors; fine-tune from it by its id.',
    )
    .action((file: string, options: DatabaseOptions) => {
      if (extname(file).toLowerCase() === CHECKPOINT_EXTENSIONS.safetensors) return importCheckpoint(file, options)
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
            ...report.comparisons.map(({ id, name }) => `comparison ${id}: ${printable(name)}`),
            `${counted(added, 'run')} of ${report.runs.length} added to ${store.file}; they go by`,
            `  npx cmaml delete --source ${shellWord(source)}${databaseArgument(options)}`,
          ].join('\n'),
        )
      })
    })
}

function importCheckpoint(file: string, options: DatabaseOptions): Promise<void> {
  const bytes = readCheckpointFile(file)
  return withStore(options, 'write', (store) => {
    const { id, run, iteration, sha256 } = store.importCheckpoint(bytes, file)
    const card = store.checkpointCard(id)
    const value = { file, checkpoint: id, run, iteration, sha256, card, database: store.file }
    outputOf(options).result(value, () =>
      [
        `${printable(file)}: checkpoint ${id}, iteration ${iteration}${card?.run ? ` of ${card.run.name}` : ''}`,
        ...(card === null ? [] : [`trained on ${card.world} under cost limit ${card.costLimit}`]),
        ...(run === null ? [] : [`It is here already, of run ${run}.`]),
        `  npx cmaml finetune --init ${id}${databaseArgument(options)}`,
      ].join('\n'),
    )
  })
}
