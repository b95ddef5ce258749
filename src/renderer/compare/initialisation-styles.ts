/** Colour, dash and marker of every initialisation, the same in all drawings: those of the exported figures. */
import { seriesRoles, type SeriesRole } from '../../core/study/figure-data.ts'

export interface InitialisationStyle {
  readonly role: SeriesRole
  /** Lengths of dashes and gaps; none is a solid line. */
  readonly dash: readonly number[]
  /** ECharts' name of it. */
  readonly symbol: (typeof SYMBOLS)[number]
}

const SYMBOLS = ['circle', 'triangle', 'rect', 'diamond'] as const

/** As in the exported figures: they tell roles apart where colour does not. */
const DASHES: Record<SeriesRole, readonly number[]> = {
  'c-maml': [],
  random: [2, 2.5],
  'pre-trained': [7, 3],
  maml: [7, 2.5, 2, 2.5],
  'other-1': [4, 2],
  'other-2': [],
  'other-3': [1.5, 2],
  'other-4': [10, 3],
}

/** For further initialisations of the same role. */
const FURTHER_DASHES = [
  [1, 2],
  [12, 3],
  [5, 1.5, 1.5, 1.5, 1.5, 1.5],
] as const

/** By label. */
export function initialisationStyles(
  initialisations: readonly { readonly label: string; readonly role: SeriesRole }[],
): ReadonlyMap<string, InitialisationStyle> {
  const before = new Map<SeriesRole, number>()
  return new Map(
    initialisations.map(({ label, role }) => {
      const nth = before.get(role) ?? 0
      before.set(role, nth + 1)
      const dash = nth === 0 ? DASHES[role] : FURTHER_DASHES[(nth - 1) % FURTHER_DASHES.length]!
      return [label, { role, dash, symbol: SYMBOLS[(seriesRoles.indexOf(role) + nth) % SYMBOLS.length]! }]
    }),
  )
}
