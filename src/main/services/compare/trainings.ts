/** What a report says of the trainings behind a comparison, from the database. */
import type { ComparisonData } from '../../../core/study/comparison/compared-data.ts'
import {
  resultsNeeded,
  seriesNeeded,
  type ComparedTrainings,
  type TrainingChoice,
} from '../../../core/study/training-comparison/training-figures.ts'
import type { Store } from '../../store/store.ts'
import { runResults } from '../run-results.ts'

/** Stretches of a curve: as many as a panel has pixels. */
const STRETCHES = 300

/** null where nothing was trained, or where nothing of it is here. */
export function comparedTrainings(
  store: Store,
  data: ComparisonData,
  choice: TrainingChoice,
): ComparedTrainings | null {
  const runs = trainingsOf(data)
  if (runs.length === 0) return null
  return {
    title: data.title,
    results: runResults(store, runs, resultsNeeded(choice)),
    overlaid: runs.map((run) => ({ run, ...store.chartSeries(run, seriesNeeded(choice), { buckets: STRETCHES }) })),
    costLimits: runs.map((run) => store.run(run).config.costLimit),
  }
}

/** Runs behind the initialisations, each once. */
export const trainingsOf = ({ initialisations }: Pick<ComparisonData, 'initialisations'>): string[] => [
  ...new Set(initialisations.flatMap(({ trainings }) => trainings.flatMap(({ run }) => run?.id ?? []))),
]
