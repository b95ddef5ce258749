/** A comparison with all that is behind it, for other installations and other programs. */
import { zipSync, type Zippable } from 'fflate'
import { CUBE_QUANTITIES, cellAt } from '../../../core/study/comparison/cube.ts'
import type { StudyTable } from '../../../core/study/figures/tables/table.ts'
import { csvText, type CsvCell } from '../../../core/text/csv.ts'
import { BUNDLE_EXTENSION, bundleIn, bundleSource, ZIPPED_BUNDLE } from '../../export/bundle.ts'
import { checkpointFile } from '../../export/checkpoint.ts'
import { reportPage } from '../../export/comparison/report.ts'
import { renderCsv } from '../../export/figures/csv.ts'
import { renderPng } from '../../export/figures/png.ts'
import { renderSvg } from '../../export/figures/svg.ts'
import type { ImportReport } from '../../store/bundle/bundle.ts'
import type { Store } from '../../store/store.ts'
import { fileStem, reportOf, type NamedFile } from './report.ts'
import { comparisonData } from './saved.ts'
import type { ComparisonData, ComparisonSource } from '../../../core/study/comparison/compared-data.ts'

export interface BundleChoice {
  /** Recorded episodes come along. */
  readonly episodes: boolean
  /** Trainings behind the initialisations come along with their series, not only with their checkpoints. */
  readonly trainings: boolean
}

/** Metrics of at most so many iterations of each training: more than a chart has pixels. */
const POINTS = 2000

/** A bundle that `cmaml import` reads; a kept comparison comes along. */
export async function comparisonBundle(
  store: Store,
  source: ComparisonSource,
  choice: BundleChoice,
): Promise<NamedFile> {
  const data = comparisonData(store, source)
  const bytes = await bundleOf(store, source, data, choice)
  return { name: `${fileStem(data.title)}${BUNDLE_EXTENSION}`, type: 'application/octet-stream', bytes }
}

function bundleOf(store: Store, source: ComparisonSource, data: ComparisonData, choice: BundleChoice) {
  const trainings = data.initialisations.flatMap((one) => one.trainings.flatMap(({ run }) => run?.id ?? []))
  // One in the bin stays behind, as far as it is not needed.
  const present = new Set(store.runs().map(({ id }) => id))
  const runs = [...data.runs.map(({ id }) => id), ...(choice.trainings ? trainings : [])]
  return store.writeBundle({
    runs: [...new Set(runs)].filter((id) => present.has(id)),
    points: POINTS,
    episodes: choice.episodes ? 'all' : [],
    comparisons: 'comparison' in source ? [store.comparisons.find(source.comparison).id] : [],
    description: `Comparison: ${data.title}`,
  })
}

/** Report, figures, tables, numbers, settings and checkpoints as files that other programs read, and the bundle. */
export async function comparisonZip(store: Store, source: ComparisonSource, choice: BundleChoice): Promise<NamedFile> {
  const report = reportOf(store, source)
  const { data, figures, trainingFigures, tables } = report
  const bundle = await bundleOf(store, source, data, choice)
  const files: Zippable = { 'README.txt': encoded(README), 'report.html': encoded(reportPage(report)) }
  for (const figure of [...figures, ...trainingFigures]) {
    const svg = renderSvg(figure)
    files[`figures/${figure.id}.svg`] = encoded(svg)
    // A PNG is compressed already.
    files[`figures/${figure.id}.png`] = [renderPng(svg), { level: 0 }]
    files[`figures/${figure.id}.csv`] = encoded(renderCsv(figure))
  }
  for (const table of tables) files[`tables/${fileStem(table.title)}.csv`] = encoded(tableCsv(table))
  files['data.csv'] = encoded(csvText(dataRows(data), '\n'))
  for (const id of runsBehind(data)) files[`settings/${id}.json`] = encoded(settingsOf(store, id))
  for (const [name, checkpoint] of checkpointsOf(data))
    files[`checkpoints/${name}.safetensors`] = checkpointFile(store, checkpoint, 'safetensors')
  files[ZIPPED_BUNDLE] = [bundle, { level: 0 }]
  return { name: `${fileStem(data.title)}.zip`, type: 'application/zip', bytes: zipSync(files, { level: 6 }) }
}

const README = `A comparison of initialisations, written by C-MAML Studio.

report.html      figures, tables and what is behind them; needs nothing else
figures/         each figure as SVG, PNG, and CSV of exactly what is drawn
tables/          the tables of the report, with all digits
data.csv         every number: initialisation, seeds, task, adaptation step
settings/        settings of every run
checkpoints/     the policies that fine-tuning started from, as safetensors
${ZIPPED_BUNDLE} all of it for another C-MAML Studio: cmaml import FILE, with this file or the whole zip
`

const encoded = (text: string): Uint8Array => new TextEncoder().encode(text)

const tableCsv = ({ title, columns, rows, notes }: StudyTable): string =>
  csvText([[title], columns, ...rows, ...notes.map((note) => [note])], '\n')

/** A row for every policy that was measured. */
function* dataRows(data: ComparisonData): Generator<readonly CsvCell[]> {
  const { initialisations, replicates, tasks, steps, values, starts, startOf } = data
  yield ['initialisation', 'training_seed', 'fine_tuning_seed', 'task', 'origin', 'step', ...CUBE_QUANTITIES, 'run']
  for (const [i, { label }] of initialisations.entries())
    for (const [r, { trainingSeed, fineTuningSeed }] of replicates.entries())
      for (const [t, { seed, origin }] of tasks.entries()) {
        const at = cellAt(data, i, r, t)
        const start = starts[startOf[at / (steps + 1)]!]
        if (start === undefined) continue
        for (let step = 0; step <= steps; step++)
          yield [
            ...[label, trainingSeed, fineTuningSeed, seed, origin, step],
            ...CUBE_QUANTITIES.map((quantity) => values[quantity][at + step]),
            start.run,
          ]
      }
}

const runsBehind = ({ runs, initialisations }: ComparisonData): string[] => [
  ...new Set([
    ...runs.map(({ id }) => id),
    ...initialisations.flatMap(({ trainings }) => trainings.flatMap(({ run }) => run?.id ?? [])),
  ]),
]

function settingsOf(store: Store, id: string): string {
  const { name, kind, appVersion, trainer, config } = store.run(id)
  return `${JSON.stringify({ run: id, name, kind, appVersion, trainer, settings: config }, null, 2)}\n`
}

/** By a name that no other of the comparison has. */
function checkpointsOf({ initialisations }: ComparisonData): Map<string, string> {
  const checkpoints = new Map<string, string>()
  for (const { label, trainings } of initialisations)
    for (const { checkpoint, seed } of trainings)
      if (checkpoint !== null) checkpoints.set(`${fileStem(label)}-seed-${seed ?? 'unknown'}-${checkpoint}`, checkpoint)
  return checkpoints
}

/**
 * Imports a bundle, or the one in a comparison's zip.
 *
 * @param name of the file; without its extension, what the runs are marked with
 */
export function importComparison(store: Store, bytes: Uint8Array, name: string): Promise<ImportReport> {
  return store.importBundle(bundleIn(bytes, name), bundleSource(name))
}
