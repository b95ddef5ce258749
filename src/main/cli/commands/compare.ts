import { InvalidArgumentError } from 'commander'
import type { Command } from 'commander'
import { writeWhole } from '../../export/files.ts'
import { compareRuns } from '../../services/comparison.ts'
import { comparisonZip } from '../../services/compare/bundle.ts'
import { reportFile } from '../../services/compare/report.ts'
import { namedRuns, savedComparisons } from '../../services/compare/saved.ts'
import { suggestComparisons } from '../../services/compare/suggestions.ts'
import type { ComparisonSource } from '../../../core/study/comparison/compared-data.ts'
import { InvalidRequest } from '../../services/invalid-request.ts'
import { printable, runName } from '../../services/run-name.ts'
import type { Store } from '../../store/store.ts'
import { createCommand, outputOf, withDatabase, withStore, type DatabaseOptions } from '../command.ts'
import { comparisonText } from '../comparison-table.ts'
import type { Output } from '../output.ts'
import { formatTable } from '../table.ts'
import { refuseToReplace } from './export.ts'

interface Options extends DatabaseOptions {
  readonly saved?: string
  readonly list?: true
  readonly save?: string
  readonly notes?: string
  readonly html?: string
  readonly zip?: string
  readonly episodes?: true
  readonly force?: true
  readonly forget?: true
}

export function compareCommand(): Command {
  return withDatabase(
    createCommand('compare [runs...]', 'Return and cost over adaptation, initialisation by initialisation.'),
  )
    .option('--saved <name>', 'a kept comparison (name or id) instead of runs')
    .option('--list', 'kept comparisons, and what could be compared')
    .option('--save <name>', 'keep the comparison under this name', newName)
    .option('--notes <text>', 'notes of what is kept by --save')
    .option('--html <file>', 'write a report: one file with figures and tables')
    .option('--zip <file>', 'write everything: report, data, settings, checkpoints, and a bundle for cmaml import')
    .option('--episodes', 'the bundle of --zip holds the recorded episodes too')
    .option('--force', 'replace files where they exist')
    .option('--forget', 'delete the comparison of --saved; its runs stay')
    .addHelpText(
      'after',
      '\nRuns are fine-tunings, or trainings that were fine-tuned; those that differ in their seeds only are pooled.' +
        '\nOf several fine-tunings of a training, the one with the most tasks in common with the others is taken.',
    )
    .action((references: string[], options: Options) =>
      withStore(options, 'read', async (store) => {
        const output = outputOf(options)
        if (options.list) return listComparisons(store, output)
        const source = sourceOf(store, references, options)
        if (options.forget) return forget(store, source, output)
        await compare(store, source, options, output)
      }),
    )
}

function newName(text: string): string {
  try {
    return runName(text)
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message)
  }
}

function sourceOf(store: Store, references: readonly string[], { saved }: Options): ComparisonSource {
  if (saved !== undefined && references.length > 0)
    throw new InvalidRequest('Name runs, or a kept comparison by --saved, not both.')
  if (saved !== undefined) return { comparison: store.comparisons.find(saved).id }
  if (references.length === 0)
    throw new InvalidRequest('Name runs, or a kept comparison by --saved; --list shows what there is.')
  return { runs: [...new Set(references.map((reference) => store.run(reference).id))] }
}

async function compare(store: Store, source: ComparisonSource, options: Options, output: Output): Promise<void> {
  const { save, notes, html, zip, episodes = false, force } = options
  if (notes !== undefined && save === undefined) throw new InvalidRequest('--notes are kept with --save NAME.')
  for (const file of [html, zip]) if (file !== undefined) refuseToReplace(file, force)
  const { runs } = namedRuns(store, source)
  const comparison = compareRuns(store, runs)
  const kept = save === undefined ? null : store.comparisons.save({ name: save, runs, notes: notes ?? '', layout: {} })
  const written = kept === null ? source : { comparison: kept.id }
  if (html !== undefined) writeWhole(html, reportFile(store, written).bytes)
  if (zip !== undefined) writeWhole(zip, (await comparisonZip(store, written, { episodes, trainings: true })).bytes)
  const files = { ...(html === undefined ? {} : { html }), ...(zip === undefined ? {} : { zip }) }
  const saved = kept === null ? {} : { saved: { id: kept.id, name: kept.name } }
  output.result({ ...comparison, ...saved, ...((html ?? zip) ? { files } : {}) }, () =>
    [
      comparisonText(comparison),
      ...(kept === null ? [] : [`Kept as comparison ${kept.id} (${printable(kept.name)}).`]),
      ...Object.values(files).map((file) => `Written: ${file}`),
    ].join('\n\n'),
  )
}

function listComparisons(store: Store, output: Output): void {
  const saved = savedComparisons(store)
  const suggested = suggestComparisons(store)
  output.result({ saved, suggested }, () =>
    [
      saved.length === 0
        ? 'No comparison is kept yet: cmaml compare RUN... --save NAME'
        : formatTable(
            [{ title: 'kept' }, { title: 'name' }, { title: 'runs', align: 'right' }, { title: '' }],
            saved.map(({ id, name, runs, missing }) => [
              id,
              printable(name),
              String(runs.length),
              missing > 0 ? `${missing} more were deleted` : '',
            ]),
          ),
      ...suggested.map(({ title, runs }) => `${title}\n  cmaml compare ${runs.join(' ')}`),
    ].join('\n\n'),
  )
}

function forget(store: Store, source: ComparisonSource, output: Output): void {
  if (!('comparison' in source)) throw new InvalidRequest('--forget needs a kept comparison: --saved NAME.')
  const { id, name } = store.comparisons.find(source.comparison)
  store.comparisons.remove(id)
  store.comparisons.drop([id])
  output.result({ forgotten: id }, () => `Comparison ${id} (${printable(name)}) was deleted; its runs stay.`)
}
