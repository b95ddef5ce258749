/** How series are told apart without their colours, the same on the screen and in files: a dash and a marker each. */
import { seriesRoles, type SeriesRole } from './figure-data.ts'

/** ECharts' names of them. */
export type Marker = 'circle' | 'triangle' | 'rect' | 'diamond'

export interface SeriesMarks {
  readonly role: SeriesRole
  /** Lengths of dashes and gaps; none is a solid line. */
  readonly dash: readonly number[]
  readonly marker: Marker
}

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

/** For further series of the same role, which have its colour. */
const FURTHER_DASHES = [
  [1, 2],
  [12, 3],
  [5, 1.5, 1.5, 1.5, 1.5, 1.5],
] as const

const MARKERS: readonly Marker[] = ['circle', 'triangle', 'rect', 'diamond']

/** @param nth of its role, from 0 */
export function seriesMarks(role: SeriesRole, nth: number): SeriesMarks {
  return {
    role,
    dash: nth === 0 ? DASHES[role] : FURTHER_DASHES[(nth - 1) % FURTHER_DASHES.length]!,
    marker: MARKERS[(seriesRoles.indexOf(role) + nth) % MARKERS.length]!,
  }
}

/** In the order of the roles. */
export function marksInOrder(roles: readonly SeriesRole[]): SeriesMarks[] {
  const before = new Map<SeriesRole, number>()
  return roles.map((role) => {
    const nth = before.get(role) ?? 0
    before.set(role, nth + 1)
    return seriesMarks(role, nth)
  })
}
