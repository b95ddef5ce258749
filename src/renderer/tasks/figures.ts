// The figures of a task that a gallery is sorted, filtered and coloured by: of its layout, and of chosen results.
import type { TaskDifficulty } from '../../core/env/task-difficulty.ts'
import { formatFixed, formatPercent, NO_VALUE } from '../format/numbers.ts'

export const LAYOUT_FIGURES = ['distance', 'bearing', 'stretch', 'hazards', 'vases', 'clearance'] as const
export const RESULT_FIGURES = ['return', 'cost', 'feasible'] as const
export const FIGURE_IDS = ['seed', ...LAYOUT_FIGURES, ...RESULT_FIGURES] as const
export type LayoutFigure = (typeof LAYOUT_FIGURES)[number]
export type ResultFigure = (typeof RESULT_FIGURES)[number]
export type FigureId = (typeof FIGURE_IDS)[number]

export interface FigureWords {
  readonly label: string
  /** In words, for a reader who has not seen it before. */
  readonly about: string
  readonly format: (value: number) => string
}

const metres = (value: number): string => (Number.isFinite(value) ? `${formatFixed(value, 2)}\u00a0m` : NO_VALUE)
const whole = (value: number): string => formatFixed(value, 0)

export const FIGURES: Readonly<Record<FigureId, FigureWords>> = {
  seed: { label: 'Seed', about: 'The seed that the layout is drawn from.', format: String },
  distance: { label: 'Distance', about: "From the robot's start to the first goal.", format: metres },
  bearing: {
    label: 'Bearing',
    about: "The goal's direction from the robot's heading; left is positive.",
    format: (value) => `${formatFixed(value, 0)}°`,
  },
  stretch: {
    label: 'Hazard stretch',
    about: 'Metres of the straight way to the goal that lie within hazards.',
    format: metres,
  },
  hazards: {
    label: 'Hazards near',
    about: 'Hazards that come closer than 0.2 m to the straight way.',
    format: whole,
  },
  vases: { label: 'Vases near', about: 'Vases centred closer than 0.2 m to the straight way.', format: whole },
  clearance: {
    label: 'Clearance',
    about: "From the straight way to the nearest hazard's edge; negative where it leads through one.",
    format: metres,
  },
  return: { label: 'Return', about: 'Episode return of the chosen results.', format: (value) => formatFixed(value, 2) },
  cost: { label: 'Cost', about: 'Episode cost of the chosen results.', format: (value) => formatFixed(value, 1) },
  feasible: {
    label: 'Feasible',
    about: 'Share of the chosen results within the cost limit.',
    format: (value) => (Number.isNaN(value) ? NO_VALUE : formatPercent(value)),
  },
}

export const isFigure = (name: string): name is FigureId => (FIGURE_IDS as readonly string[]).includes(name)
export const isResultFigure = (name: FigureId): name is ResultFigure =>
  (RESULT_FIGURES as readonly string[]).includes(name)

/** Values of one task, by figure; NaN where there is none. */
export type FigureValues = Readonly<Record<FigureId, number>>

export type ResultValues = Readonly<Record<ResultFigure, number>>
export const NO_RESULT: ResultValues = { return: NaN, cost: NaN, feasible: NaN }

export const layoutValues = (seed: number, difficulty: TaskDifficulty): Record<'seed' | LayoutFigure, number> => ({
  seed,
  distance: difficulty.distance,
  bearing: difficulty.bearing,
  stretch: difficulty.hazardStretch,
  hazards: difficulty.hazardsNear,
  vases: difficulty.vasesNear,
  clearance: difficulty.clearance,
})
