import { existsSync, statSync } from 'node:fs'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { BUNDLE_EXTENSION, exportBundle } from '../../export/bundle.ts'
import {
  CHECKPOINT_EXTENSIONS,
  CHECKPOINT_FORMATS,
  checkpointFileName,
  exportCheckpoint,
  type CheckpointFormat,
} from '../../export/checkpoint.ts'
import type { TableFormat } from '../../export/metrics-table.ts'
import { metricsFiles } from '../../services/metrics-files.ts'
import { writeWhole } from '../../export/files.ts'
import { counted } from '../../services/conclusion.ts'
import { InvalidRequest } from '../../services/invalid-request.ts'
import { descriptionProblem, type BundleRequest } from '../../store/bundle/bundle.ts'
import type { Store } from '../../store/store.ts'
import { integer } from '../arguments.ts'
import { createCommand, outputOf, withDatabase, withStore, type DatabaseOptions } from '../command.ts'
import type { Output } from '../output.ts'

type Format = CheckpointFormat | 'bundle'

/** By extension, for files that are named without a format. */
const FORMATS: ReadonlyMap<string, Format> = new Map<string, Format>([
  ...CHECKPOINT_FORMATS.map((format) => [CHECKPOINT_EXTENSIONS[format], format] as const),
  [BUNDLE_EXTENSION, 'bundle'],
])

interface Options extends DatabaseOptions {
  readonly format?: Format
  readonly out?: string
  readonly force?: true
  readonly points?: number
  readonly episodes?: BundleRequest['episodes'] | true
  readonly description?: string
  readonly metrics?: TableFormat
}

export function exportCommand(): Command {
  return withDatabase(
    createCommand('export <what...>', 'Write a checkpoint, runs as a bundle, or their metrics, to a file.'),
  )
    .addOption(
      new Option('--format <format>', 'format of the file; by default what the extension of --out says').choices([
        ...FORMATS.values(),
      ]),
    )
    .option(
      '--out <file>',
      `where to; by default RUN-ITERATION and the extension of the format, or RUN${BUNDLE_EXTENSION} of the first run, in this folder`,
    )
    .option('--force', 'replace the file where it exists')
    .option('--points <n>', 'bundle: metrics of at most so many iterations of each run', integer({ min: 2, max: 1e9 }))
    .option('--episodes [ids]', 'bundle: with recorded episodes, all or those (cmaml show lists ids: 3,7)', episodeIds)
    .option('--description <text>', 'bundle: a line that says what it is')
    .addOption(
      new Option(
        '--metrics <format>',
        'the numbers of the runs instead: metrics by iteration; of fine-tunings, results by task and step',
      ).choices(['csv', 'parquet']),
    )
    .addHelpText(
      'after',
      '\nA checkpoint is an id, the beginning of a sha-256, RUN (its newest state) or RUN@120 (a milestone).\n' +
        'safetensors holds all of it, for cmaml import; json the same to read; onnx and tfjs (a zip with model.json and\n' +
        'weights.bin) are the policy alone: from raw observations to mean and log_std, scaling inside.\n' +
        'A bundle holds runs for cmaml import: fine-tunings whole, trainings with their newest checkpoint and what else\n' +
        'the chosen runs start from; rows per task of training, other milestones and the state to go on from stay behind.',
    )
    .action((references: string[], options: Options) => {
      if (options.metrics !== undefined) return writeMetrics(references, options.metrics, options)
      const format = formatOf(options)
      return withStore(options, 'read', async (store) => {
        const output = outputOf(options)
        if (format === 'bundle') await writeRuns(store, references, options, output)
        else writeCheckpoint(store, references, format, options, output)
      })
    })
}

function writeMetrics(references: readonly string[], format: TableFormat, options: Options): Promise<void> {
  const { out, force, points, episodes, description } = options
  if ([options.format, points, episodes, description].some((option) => option !== undefined))
    throw new InvalidRequest('--format, --points, --episodes and --description are not for --metrics.')
  return withStore(options, 'read', async (store) => {
    const runs = [...new Set(references.map((reference) => store.run(reference).id))]
    const files = await metricsFiles(store, runs, format)
    if (out !== undefined && files.length > 1)
      throw new InvalidRequest(
        'Trainings and fine-tunings make two files: leave --out away, or export them one by one.',
      )
    const written = files.map(({ name, bytes }) => ({ file: out ?? name, bytes }))
    for (const { file } of written) refuseToReplace(file, force)
    for (const { file, bytes } of written) writeWhole(file, bytes)
    const value = { format, runs, files: written.map(({ file, bytes }) => ({ file, bytes: bytes.length })) }
    outputOf(options).result(value, () => written.map(({ file, bytes }) => `${file}: ${bytes.length} bytes`).join('\n'))
  })
}

function formatOf({ format, out }: Options): Format {
  const known = format ?? [...FORMATS].find(([extension]) => out?.toLowerCase().endsWith(extension))?.[1]
  if (known !== undefined) return known
  const named = out === undefined ? '' : `The extension of ${out} tells no format. `
  throw new InvalidRequest(
    `${named}Name one by --format (${[...FORMATS.values()].join(', ')}) or by an --out that ends with ` +
      `${[...FORMATS.keys()].join(', ')}.`,
  )
}

/** Before anything is read: a file that is there may hold what cannot be made again. */
export function refuseToReplace(file: string, force: true | undefined): void {
  if (!existsSync(file)) return
  if (statSync(file).isDirectory()) throw new InvalidRequest(`${file} is a folder; name a file by --out.`)
  if (!force) throw new InvalidRequest(`${file} exists already; name another by --out, or replace it by --force.`)
}

function episodeIds(text: string): number[] {
  const ids = text.split(',').map(Number)
  if (!/^\d+(,\d+)*$/.test(text)) throw new InvalidArgumentError('It must be ids of recorded episodes such as 3,7.')
  return ids
}

async function writeRuns(
  store: Store,
  references: readonly string[],
  { out, force, points, episodes = [], description = '' }: Options,
  output: Output,
): Promise<void> {
  const problem = descriptionProblem(description)
  if (problem !== null) throw new InvalidRequest(problem)
  const runs = [...new Set(references.map((reference) => store.run(reference).id))]
  const file = out ?? `${runs[0]}${BUNDLE_EXTENSION}`
  refuseToReplace(file, force)
  const request = {
    runs,
    points: points ?? null,
    episodes: episodes === true ? ('all' as const) : episodes,
    description,
  }
  const bytes = await exportBundle(store, request, file)
  output.result(
    { file, format: 'bundle', runs, bytes },
    () => `${file}: ${counted(runs.length, 'run')}, ${bytes} bytes`,
  )
}

function writeCheckpoint(
  store: Store,
  references: readonly string[],
  format: CheckpointFormat,
  { out, force, points, episodes, description }: Options,
  output: Output,
): void {
  if (references.length > 1) throw new InvalidRequest(`Format ${format} holds one checkpoint; name one.`)
  if ([points, episodes, description].some((option) => option !== undefined))
    throw new InvalidRequest('--points, --episodes and --description are for --format bundle.')
  const row = store.checkpoint(references[0]!)
  const { id, iteration, sha256 } = row
  const file = out ?? checkpointFileName(row, format)
  refuseToReplace(file, force)
  exportCheckpoint(store, id, format, file)
  const bytes = statSync(file).size
  const value = { file, format, checkpoint: id, sha256, bytes }
  output.result(value, () => `${file}: checkpoint ${id}, iteration ${iteration}, ${bytes} bytes`)
}
