/** A comparison as one HTML file: figures, tables, what is behind them, and what computed it. */
import type { ComparisonData } from '../../../core/study/comparison/compared-data.ts'
import type { Figure } from '../../../core/study/figure-data.ts'
import type { StudyTable } from '../../../core/study/figures/tables/table.ts'
import { shown } from '../../../core/study/training-comparison/groups.ts'
import { renderSvg } from '../figures/svg.ts'
import { element, joined, page, picture, table, text, type Html } from './html.ts'

export interface Report {
  readonly data: ComparisonData
  /** Of adaptation. */
  readonly figures: readonly Figure[]
  /** Of what is behind it; none where nothing was trained. */
  readonly trainingFigures: readonly Figure[]
  readonly tables: readonly StudyTable[]
  /** Of a kept comparison, what people wrote. */
  readonly notes: string
  /** Of the program that wrote the report, and milliseconds since the Unix epoch. */
  readonly appVersion: string
  readonly writtenAt: number
  /** Versions that computed the runs, with the ids of those. */
  readonly software: readonly { readonly name: string; readonly runs: readonly string[] }[]
}

export function reportPage(report: Report): string {
  const { data, figures, trainingFigures, tables, notes, appVersion, writtenAt } = report
  const written = `Written by C-MAML Studio ${appVersion} on ${new Date(writtenAt).toISOString().slice(0, 10)}.`
  const parts: Html[] = [
    element('h1', text(data.title)),
    element('p', text(written), 'quiet'),
    ...(notes === ''
      ? []
      : [element('h2', text('Notes')), element('p', joined(notes.split(/\r?\n/).map(text)), 'notes')]),
    ...(data.notes.length === 0 ? [] : [element('h2', text('To be known')), list(data.notes)]),
    element('h2', text('Adaptation')),
    ...figures.map((figure) => picture(renderSvg(figure))),
    ...(trainingFigures.length === 0 ? [] : [element('h2', text('Training'))]),
    ...trainingFigures.map((figure) => picture(renderSvg(figure))),
    element('h2', text('Tables')),
    ...tables.map(tableWithNotes),
    element('h2', text('What is behind it')),
    budgets(data),
    ...(data.differences.length === 0 ? [] : [differences(data)]),
    runs(data),
    table(
      'Software that computed the runs',
      ['software', 'runs'],
      report.software.map((one) => [one.name, one.runs.join(', ')]),
    ),
    ...(data.references.length === 0 ? [] : [references(data)]),
  ]
  return page(data.title, joined(parts))
}

const list = (items: readonly string[]): Html => element('ul', joined(items.map((item) => element('li', text(item)))))

const tableWithNotes = ({ title, columns, rows, notes }: StudyTable): Html =>
  element('section', joined([table(title, columns, rows), ...notes.map((note) => element('p', text(note), 'quiet'))]))

function budgets({ initialisations }: ComparisonData): Html {
  return table(
    'Interaction behind each initialisation (environment steps)',
    ['initialisation', 'trainings', 'seeds of training', 'training, mean', 'fine-tuning of one task, mean'],
    initialisations.map(({ label, trainings, trainingSteps, fineTuningSteps }) => [
      label,
      trainings.length,
      trainings.map(({ seed }) => seed ?? 'unknown').join(', '),
      trainings.length === 0 ? 0 : trainingSteps === null ? 'unknown' : Math.round(trainingSteps),
      Math.round(fineTuningSteps),
    ]),
  )
}

const differences = ({ initialisations, differences: settings }: ComparisonData): Html =>
  table(
    'Settings of training that differ',
    ['setting', ...initialisations.map(({ label }) => label)],
    settings.map(({ path, values }) => [path, ...values.map((value) => (value === null ? '' : shown(value)))]),
  )

const runs = ({ runs: all }: ComparisonData): Html =>
  table(
    'Fine-tunings',
    ['run', 'name', 'seed', 'status'],
    all.map(({ id, name, seed, status }) => [id, name, seed, status]),
  )

const references = ({ references: all }: ComparisonData): Html =>
  table(
    'Published results',
    ['result', 'quantity', 'mean', 'standard deviation', 'source'],
    all.map(({ label, quantity, mean, deviation, source }) => [label, quantity, mean, deviation, source]),
  )
