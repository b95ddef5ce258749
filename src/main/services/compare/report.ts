/** What a report says of a comparison, from the database. */
import { BOOTSTRAP } from '../../../core/study/comparison/bands.ts'
import { comparisonFigures } from '../../../core/study/comparison/figures.ts'
import { USUAL, usualTasks, type ComparisonLayout } from '../../../core/study/comparison/layout.ts'
import { completePart } from '../../../core/study/comparison/part.ts'
import { referenceKey } from '../../../core/study/comparison/published-references.ts'
import { comparisonTables } from '../../../core/study/comparison/tables.ts'
import { revisionOf } from '../../../core/training/numerics-revision.ts'
import {
  trainingChoice,
  trainingFigures,
  trainingTables,
} from '../../../core/study/training-comparison/training-figures.ts'
import { titleOf } from '../../../core/study/comparison/title.ts'
import { reportPage, type Report } from '../../export/comparison/report.ts'
import type { Store } from '../../store/store.ts'
import { appVersion } from '../database.ts'
import { comparedTrainings } from './trainings.ts'
import { comparisonData, savedComparison } from './saved.ts'
import type { ComparisonData, ComparisonSource } from '../../../core/study/comparison/compared-data.ts'

/**
 * As the comparison is shown: its band, its tasks, its initialisations.
 *
 * @param layout as it is kept, else as usual, where left out
 */
export function reportOf(store: Store, source: ComparisonSource, layout?: ComparisonLayout): Report {
  const kept = 'comparison' in source ? savedComparison(store.comparisons.find(source.comparison)) : null
  const all = comparisonData(store, source)
  const {
    hidden = USUAL.hidden,
    tasks = usualTasks(all),
    band = USUAL.band,
    logarithmicCost = USUAL.logarithmicCost,
    references: withReferences = USUAL.references,
    step = null,
    sort = USUAL.sort,
    training = {},
  } = layout ?? kept?.layout ?? {}
  const part = completePart(all, { hidden, tasks })
  const data = { ...all, title: titleOf(all, part) }
  const published = withReferences ? data.references : []
  const references = published.map(({ label, quantity, mean }) => ({ label, quantity, value: mean }))
  const choice = trainingChoice(training)
  const trainings = comparedTrainings(store, data, choice)
  return {
    data,
    figures: comparisonFigures(part, data, {
      band,
      bootstrap: BOOTSTRAP,
      logarithmicCost,
      references,
      referenceKey: referenceKey(published, 'by name'),
      ...{ step, sort },
    }),
    trainingFigures: trainings === null ? [] : trainingFigures(trainings, choice),
    tables: [
      ...comparisonTables(part, data, band, BOOTSTRAP),
      ...(trainings === null ? [] : trainingTables(trainings, choice)),
    ],
    notes: kept?.notes ?? '',
    appVersion,
    writtenAt: Date.now(),
    software: softwareOf(store, data),
  }
}

function softwareOf(store: Store, { runs }: ComparisonData): Report['software'] {
  const described = runs.map(({ id }) => {
    const { appVersion: version, trainer } = store.run(id)
    const { engine, multiplyAdd, mujoco, node } = trainer
    const numerics = `numerics ${revisionOf(trainer)}`
    return {
      id,
      name: `C-MAML Studio ${version} (${numerics}), ${engine} (${multiplyAdd}), MuJoCo ${mujoco}, Node ${node}`,
    }
  })
  return [...Map.groupBy(described, ({ name }) => name)].map(([name, of]) => ({ name, runs: of.map(({ id }) => id) }))
}

export interface NamedFile {
  readonly name: string
  readonly type: string
  readonly bytes: Uint8Array
}

export function reportFile(store: Store, source: ComparisonSource, layout?: ComparisonLayout): NamedFile {
  const report = reportOf(store, source, layout)
  return {
    name: `${fileStem(report.data.title)}.html`,
    type: 'text/html',
    bytes: new TextEncoder().encode(reportPage(report)),
  }
}

/** Letters, digits and dashes, as every system takes them. */
export const fileStem = (title: string): string =>
  title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 80) || 'comparison'
