import { statSync } from 'node:fs'
import { Option, type Command } from 'commander'
import { CHECKPOINT_FORMATS, exportCheckpoint, type CheckpointFormat } from '../../export/checkpoint.ts'
import { createCommand, outputOf, withDatabase, withStore, type DatabaseOptions } from '../command.ts'

interface Options extends DatabaseOptions {
  readonly format: CheckpointFormat
  readonly out?: string
}

export function exportCommand(): Command {
  return withDatabase(createCommand('export <checkpoint>', 'Write a checkpoint to a file.'))
    .addOption(new Option('--format <format>', 'format of the file').choices(CHECKPOINT_FORMATS).makeOptionMandatory())
    .option('--out <file>', 'where to; by default RUN-ITERATION.FORMAT in this folder')
    .addHelpText(
      'after',
      '\nCHECKPOINT is an id, the beginning of a sha-256, RUN (its newest state) or RUN@120 (a milestone).',
    )
    .action((reference: string, options: Options) =>
      withStore(options, 'read', (store) => {
        const { format } = options
        const { id, run, iteration, sha256 } = store.checkpoint(reference)
        const file = options.out ?? `${run ?? id}-${iteration}.${format}`
        exportCheckpoint(store, id, format, file)
        const bytes = statSync(file).size
        const value = { file, format, checkpoint: id, sha256, bytes }
        outputOf(options).result(value, () => `${file}: checkpoint ${id}, iteration ${iteration}, ${bytes} bytes`)
      }),
    )
}
