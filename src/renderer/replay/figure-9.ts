// Which of the recorded episodes make the paper's figure 9: initialisations by adaptation steps on one task.
import type { EpisodeGrid } from '../../main/api/contract.ts'
import { MOST_PANELS } from './panels.ts'

export interface ChosenCells {
  readonly seed: number
  readonly seeds: readonly number[]
  readonly steps: readonly number[]
  /** Row by row. */
  readonly cells: readonly { readonly id: number; readonly label: string; readonly step: number }[]
}

/**
 * The rows of one seed, and of its adaptation steps as many as fit: the first and the last always, those between at
 * about equal distances. Steps without any episode of these rows are left out.
 */
export function chooseFigure9({ steps, rows }: EpisodeGrid, wantedSeed: number | null): ChosenCells {
  const recorded = rows.filter(({ episodes }) => episodes.some((id) => id !== null))
  const seeds = [...new Set(recorded.map(({ seed }) => seed))].toSorted((a, b) => a - b)
  const seed = wantedSeed !== null && seeds.includes(wantedSeed) ? wantedSeed : (seeds[0] ?? 0)
  const ofSeed = recorded.filter((row) => row.seed === seed).slice(0, MOST_PANELS)
  const columns = steps.map((step, column) => ({ step, column })).filter(({ column }) => hasAny(ofSeed, column))
  const shown = spread(columns, Math.max(1, Math.floor(MOST_PANELS / Math.max(1, ofSeed.length))))
  const cells = ofSeed.flatMap(({ label, episodes }) =>
    shown.flatMap(({ step, column }) => {
      const id = episodes[column]
      return id === null || id === undefined ? [] : [{ id, label, step }]
    }),
  )
  return { seed, seeds, steps: shown.map(({ step }) => step), cells }
}

const hasAny = (rows: EpisodeGrid['rows'], column: number): boolean =>
  rows.some(({ episodes }) => (episodes[column] ?? null) !== null)

function spread<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) return [...all]
  if (most === 1) return all.slice(-1)
  return Array.from({ length: most }, (_, i) => all[Math.round((i * (all.length - 1)) / (most - 1))]!)
}
