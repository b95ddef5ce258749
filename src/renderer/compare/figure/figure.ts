/** The paper's figure as data: return, cost and feasible share over adaptation. */
import { bands, feasibleShares, type Bands } from '../../../core/study/comparison/bands.ts'
import type { BandKind } from '../../../core/study/comparison/band-kinds.ts'
import type { ComparedPart } from '../../../core/study/comparison/part.ts'
import type { SeriesMarks } from '../../../core/study/series-styles.ts'

export const PANEL_IDS = ['return', 'cost', 'feasible'] as const
export type PanelId = (typeof PANEL_IDS)[number]

/** A horizontal line to hold curves against. */
export interface Level {
  readonly label: string
  /** What stands beside the line where the caption tells the rest; else its name and value do. */
  readonly mark?: string
  readonly value: number
  /** Of a published value, its standard deviation over seeds; it is told, not drawn. */
  readonly deviation?: number
  /** The cost limit; others are published values. */
  readonly isLimit: boolean
}

export interface FigurePanel {
  readonly id: PanelId
  readonly title: string
  readonly bands: Bands
  readonly levels: readonly Level[]
  readonly logarithmic: boolean
}

export interface AdaptationFigure {
  readonly title: string
  /** K */
  readonly steps: number
  readonly panels: readonly FigurePanel[]
  readonly styles: ReadonlyMap<string, SeriesMarks>
  /** N, what line and band are, what is left out. */
  readonly caption: string
}

/** Enough for bands that look like the final ones, and few enough for the page itself. */
const ROUGH = { resamples: 200, seed: 1 }

/** What stands until the worker has the bands of ten thousand resamples. */
export const roughBands = (part: ComparedPart, panel: PanelId, kind: BandKind): Bands =>
  panel === 'feasible' ? feasibleShares(part, ROUGH) : bands(part, panel, kind, ROUGH)

/** Exactly what is drawn, one row for each initialisation and step, then the lines across; first the names of the columns. */
export function figureRows({ panels, steps }: AdaptationFigure): (string | number)[][] {
  const [first] = panels
  const names = panels.flatMap(({ id }) => [id, `${id}_low`, `${id}_high`])
  const rows = (first?.bands.curves ?? []).flatMap(({ label }, i) =>
    Array.from({ length: steps + 1 }, (_, step) => [
      ...[label, step],
      ...panels.flatMap(({ bands: { curves } }) => {
        const { value, low, high } = curves[i]!
        return [value[step]!, low?.[step] ?? '', high?.[step] ?? '']
      }),
      ...[first!.bands.tasks, first!.bands.replicates, ...panels.map(({ bands: { meaning } }) => meaning)],
    ]),
  )
  const meanings = panels.map(({ id }) => `${id}_line_and_band`)
  return [['initialisation', 'step', ...names, 'tasks', 'seeds', ...meanings], ...rows, ...levelRows(panels)]
}

/** Lines across: they hold at every step, and are of no task or seed of ours. */
function levelRows(panels: readonly FigurePanel[]): (string | number)[][] {
  const labels = [...new Set(panels.flatMap(({ levels }) => levels.map(({ label }) => label)))]
  return labels.map((label) => {
    const own = panels.map(({ levels }) => levels.find((level) => level.label === label))
    const values = own.flatMap((level) => [level?.value ?? '', '', ''])
    const told = own.map((level) => {
      if (level === undefined) return ''
      return level.deviation === undefined ? 'limit of the mean cost' : `published mean, SD ${level.deviation}`
    })
    return [label, '', ...values, '', '', ...told]
  })
}
