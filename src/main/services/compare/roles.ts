import { arms } from '../../../core/study/plan/arms.ts'
import type { SeriesRole } from '../../../core/study/figure-data.ts'
import type { Origin } from '../curves.ts'
import { initialisationLabel, RANDOM_LABEL } from '../../../core/study/plan/initialisation-label.ts'

const FREE = ['other-1', 'other-2', 'other-3', 'other-4'] as const satisfies readonly SeriesRole[]

/**
 * The colours of a comparison: those that the studies give to such initialisations, else free ones. Of several of one kind
 * the first has its own; with more than four others colours repeat, and dashes tell them apart.
 */
export function rolesOf(
  initialisations: readonly { readonly label: string; readonly origins: readonly Origin[] }[],
): SeriesRole[] {
  const taken = new Set<SeriesRole>()
  const own = initialisations.map(({ label, origins }) => {
    const role = naturalRole(label, origins)
    if (role === null || taken.has(role)) return null
    taken.add(role)
    return role
  })
  const free = FREE.filter((role) => !taken.has(role))
  let others = 0
  return own.map((role) => role ?? (free.length > 0 ? free : FREE)[others++ % (free.length || FREE.length)]!)
}

function naturalRole(label: string, origins: readonly Origin[]): SeriesRole | null {
  const [first] = origins
  if (first === undefined) return label.startsWith(RANDOM_LABEL) ? arms.random.role : null
  if (first.trained === null) return null
  const kind = initialisationLabel(first.trained.config)
  return Object.values(arms).find((arm) => arm.label === kind)?.role ?? null
}
