/** Comparisons that people keep, and what any of the ways to name a comparison means. */
import { comparisonLayout, type ComparisonLayout } from '../../../core/study/comparison/layout.ts'
import type { ComparisonRow, Store } from '../../store/store.ts'
import { InvalidRequest } from '../invalid-request.ts'
import { compareAll } from './cube-of-runs.ts'
import { comparisonOfStudy, subjectOf } from './suggestions.ts'
import type { ComparisonData, ComparisonSource } from '../../../core/study/comparison/compared-data.ts'

export interface SavedComparison extends Omit<ComparisonRow, 'layout'> {
  readonly runs: string[]
  readonly layout: ComparisonLayout
}

export const savedComparisons = (store: Store): SavedComparison[] => store.comparisons.list().map(savedComparison)

/** A layout of another version, or of whoever made a bundle, is left aside where it is not understood. */
export function savedComparison(row: ComparisonRow): SavedComparison {
  const layout = comparisonLayout.safeParse(row.layout)
  return { ...row, runs: [...row.runs], layout: layout.success ? layout.data : {} }
}

export interface NamedRuns {
  /** That people gave. */
  readonly title?: string
  /** What it is about. */
  readonly subject?: string
  readonly runs: readonly string[]
}

/** @throws InvalidRequest where nothing of it is left to be compared */
export function namedRuns(store: Store, source: ComparisonSource): NamedRuns {
  if ('runs' in source) return { runs: source.runs }
  if ('study' in source) {
    const { study, scale } = source
    return { runs: comparisonOfStudy(store, study, scale).runs, subject: subjectOf(study, scale) }
  }
  const { name, runs, missing } = store.comparisons.find(source.comparison)
  if (runs.length === 0)
    throw new InvalidRequest(
      missing === 0
        ? `The comparison ${name} names no runs.`
        : `All ${missing} runs of the comparison ${name} were deleted.`,
    )
  return { title: name, runs }
}

export function comparisonData(store: Store, source: ComparisonSource): ComparisonData {
  const { runs, ...named } = namedRuns(store, source)
  return compareAll(store, runs, named)
}
