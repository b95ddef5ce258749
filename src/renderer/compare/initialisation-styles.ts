/** Dash and marker of every initialisation, the same in all drawings and in the exported figures. */
import type { SeriesRole } from '../../core/study/figure-data.ts'
import { marksInOrder, type SeriesMarks } from '../../core/study/series-styles.ts'

/** By label. */
export function initialisationStyles(
  initialisations: readonly { readonly label: string; readonly role: SeriesRole }[],
): ReadonlyMap<string, SeriesMarks> {
  const marks = marksInOrder(initialisations.map(({ role }) => role))
  return new Map(initialisations.map(({ label }, i) => [label, marks[i]!]))
}
