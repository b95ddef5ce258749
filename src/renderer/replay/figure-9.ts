// Which of the recorded episodes make the paper's figure 9: initialisations by adaptation steps on one task.
import type { EpisodeGrid } from '../../main/api/contract.ts'
import { MOST_PANELS } from './panels.ts'

export type FigureRow = EpisodeGrid['rows'][number]

export interface ChosenCells {
  readonly seed: number
  readonly seeds: readonly number[]
  readonly steps: readonly number[]
  /** Row by row. */
  readonly cells: readonly { readonly id: number; readonly label: string; readonly step: number }[]
  /** Initialisations whose episodes come from another run than was asked for. */
  readonly others: readonly { readonly label: string; readonly runName: string }[]
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
  const others = ofSeed.filter(({ isOther }) => isOther).map(({ label, runName }) => ({ label, runName }))
  return { seed, seeds, steps: shown.map(({ step }) => step), cells, others }
}

export interface MissingRecordings {
  readonly seed: number
  readonly sources: readonly { readonly run: string; readonly initialisations: number[] }[]
}

/** What has to be recorded where nothing is: all initialisations of one seed, the smallest where none is wanted. */
export function missingRecordings(rows: readonly FigureRow[], wantedSeed: number | null): MissingRecordings {
  const seeds = rows.map(({ seed }) => seed)
  const seed = wantedSeed !== null && seeds.includes(wantedSeed) ? wantedSeed : Math.min(...seeds)
  const byRun = Map.groupBy(
    rows.filter((row) => row.seed === seed),
    ({ run }) => run,
  )
  const sources = [...byRun].map(([run, of]) => ({ run, initialisations: of.map((row) => row.initialisation) }))
  return { seed, sources }
}

const hasAny = (rows: EpisodeGrid['rows'], column: number): boolean =>
  rows.some(({ episodes }) => (episodes[column] ?? null) !== null)

function spread<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) return [...all]
  if (most === 1) return all.slice(-1)
  return Array.from({ length: most }, (_, i) => all[Math.round((i * (all.length - 1)) / (most - 1))]!)
}
