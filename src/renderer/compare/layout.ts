/** How a comparison is shown: what is usual, and what of it is kept. */
import type { Cube } from '../../core/study/comparison/cube.ts'
import { USUAL, usualTasks } from '../../core/study/comparison/layout.ts'
import type { ComparisonLayout } from '../../main/api/contract.ts'
import type { ShownLayout } from './context.ts'

export const USUAL_LAYOUT: ShownLayout = {
  ...USUAL,
  tasks: 'all',
  step: null,
  panels: [],
  training: {},
}

export const usualLayout = (data: Pick<Cube, 'tasks'>): ShownLayout => ({ ...USUAL_LAYOUT, tasks: usualTasks(data) })

/** A kept layout with what it leaves out. */
export function shownLayout({ quantities: _, ...kept }: ComparisonLayout, usual = USUAL_LAYOUT): ShownLayout {
  const named = Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined))
  return { ...usual, ...named }
}

/** A layout to keep: what is usual is left out, so that a later version may change what is usual. */
export function keptLayout(layout: ShownLayout, usual = USUAL_LAYOUT): ComparisonLayout {
  const differs = ([name, value]: [string, unknown]) =>
    JSON.stringify(value) !== JSON.stringify(usual[name as keyof ShownLayout])
  return Object.fromEntries(Object.entries(layout).filter(differs)) as ComparisonLayout
}
