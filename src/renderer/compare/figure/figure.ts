/** The paper's figure as data: return, cost and feasible share over adaptation. */
import { bands, feasibleShares, type Bands } from '../../../core/study/comparison/bands.ts'
import type { BandKind } from '../../../core/study/comparison/band-kinds.ts'
import type { ComparedPart } from '../../../core/study/comparison/part.ts'
import type { InitialisationStyle } from '../initialisation-styles.ts'

export const PANEL_IDS = ['return', 'cost', 'feasible'] as const
export type PanelId = (typeof PANEL_IDS)[number]

/** A horizontal line to hold curves against. */
export interface Level {
  readonly label: string
  readonly value: number
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
  readonly styles: ReadonlyMap<string, InitialisationStyle>
  /** N, what line and band are, what is left out. */
  readonly caption: string
}

/** Enough for bands that look like the final ones, and few enough for the page itself. */
const ROUGH = { resamples: 200, seed: 1 }

/** What stands until the worker has the bands of ten thousand resamples. */
export const roughBands = (part: ComparedPart, panel: PanelId, kind: BandKind): Bands =>
  panel === 'feasible' ? feasibleShares(part, ROUGH) : bands(part, panel, kind, ROUGH)

/** Exactly what is drawn, one row for each initialisation and step; first the names of the columns. */
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
  return [['initialisation', 'step', ...names, 'tasks', 'seeds', ...meanings], ...rows]
}
