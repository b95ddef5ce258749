/**
 * Figures as plain data: what is drawn, without saying how. The same data make the SVG, the PNG and the CSV of a figure,
 * and the charts on the screen.
 */
import type { SettingAxis } from './training-comparison/groups.ts'
import type { Layout } from '../env/layout.ts'
import { countObjects } from '../env/world.ts'
import type { World } from '../env/world.ts'

/** Names the files of the figure: lower-case letters, digits and dashes. */
export type FigureId = string

export interface Figure {
  readonly id: FigureId
  readonly title: string
  /** What N is, what the bands mean, seeds, limit. A line break starts a new paragraph. */
  readonly caption: string
  readonly panels: readonly Panel[]
  /** Panels beside each other; chosen by their kind and number where it is missing. */
  readonly columns?: number
}

export type Panel =
  CurvesPanel | ProfilePanel | IntervalsPanel | ScatterPanel | MatrixPanel | ParallelPanel | PathsPanel | LayoutsPanel

/**
 * Who a series belongs to. Each initialisation has its colour in every figure (the paper's: C-MAML blue, random orange,
 * pre-trained green, MAML red); the others are for runs that are none of the four.
 */
export const seriesRoles = [
  'c-maml',
  'random',
  'pre-trained',
  'maml',
  'other-1',
  'other-2',
  'other-3',
  'other-4',
] as const
export type SeriesRole = (typeof seriesRoles)[number]

export interface AxisLabel {
  readonly label: string
  /** Written in parentheses after the label; none where the number has no unit. */
  readonly unit?: string
}

export interface Series {
  readonly label: string
  readonly role: SeriesRole
  /** Ascending. */
  readonly x: readonly number[]
  /** As long as x. What is not finite is a gap. */
  readonly mean: readonly number[]
  /** Lower and upper end of the band, as long as x; no band where an end is missing or not finite. */
  readonly low?: readonly number[]
  readonly high?: readonly number[]
  /** Independent units behind every point, or behind each. */
  readonly n?: number | readonly number[]
}

/** A level to hold curves against, e.g. the cost limit d. */
export interface Reference {
  readonly label: string
  readonly value: number
}

export interface CurvesPanel {
  readonly kind: 'curves'
  readonly title: string
  readonly x: AxisLabel
  readonly y: AxisLabel
  /** A logarithmic y axis; values that are not positive are gaps. */
  readonly logarithmic?: boolean
  /** Paths: x may turn back. */
  readonly turning?: boolean
  readonly series: readonly Series[]
  /** Horizontal. */
  readonly references?: readonly Reference[]
}

/** Share of runs (y, 0 to 1) above a score (x): a step function that holds its value until the next x. */
export interface ProfilePanel {
  readonly kind: 'profile'
  readonly title: string
  readonly x: AxisLabel
  readonly y: AxisLabel
  readonly series: readonly Series[]
  /** Vertical. */
  readonly references?: readonly Reference[]
}

export interface Estimate {
  readonly label: string
  readonly role: SeriesRole
  readonly value: number
  /** No interval where an end is missing or not finite, as with a single seed. */
  readonly low?: number
  readonly high?: number
  readonly n?: number
}

export interface IntervalsPanel {
  readonly kind: 'intervals'
  readonly title: string
  readonly x: AxisLabel
  /** From top to bottom. */
  readonly estimates: readonly Estimate[]
  /** Vertical. */
  readonly references?: readonly Reference[]
}

export interface ValueAxis extends AxisLabel {
  /** Values that are not positive have no place on it. */
  readonly logarithmic?: boolean
  /** Names at 0, 1, ..., in place of numbers. */
  readonly categories?: readonly string[]
  /** Values that it holds besides those drawn, as where several panels have equal axes. */
  readonly include?: readonly number[]
}

export interface ScatterGroup {
  readonly label: string
  readonly role: SeriesRole
  readonly points: readonly {
    readonly x: number
    readonly y: number
    /** Where its arrow begins. */
    readonly from?: { readonly x: number; readonly y: number }
    /** What it is, e.g. a task. */
    readonly name: string
  }[]
}

export interface ScatterPanel {
  readonly kind: 'scatter'
  readonly title: string
  readonly x: ValueAxis
  readonly y: ValueAxis
  readonly groups: readonly ScatterGroup[]
  /** Vertical. */
  readonly references?: readonly Reference[]
}

/** Rows x columns as coloured cells. */
export interface MatrixPanel {
  readonly kind: 'matrix'
  readonly title: string
  /** Of the columns. */
  readonly x: AxisLabel
  /** What the colours mean. */
  readonly value: AxisLabel
  /** From the top. */
  readonly rows: readonly string[]
  readonly columns: readonly string[]
  /** Row-major, [rows x columns]; what is not finite is a hole. */
  readonly values: readonly number[]
  /** Where the colours change sides, as at a limit; one side where it is missing. */
  readonly middle?: number
}

/** Runs as lines through their settings to a result, the last axis, whose rank is their colour. */
export interface ParallelPanel {
  readonly kind: 'parallel'
  readonly title: string
  /** `values` in the order of the names. */
  readonly axes: readonly SettingAxis[]
  readonly names: readonly string[]
}

/** Where a robot went in one episode: its start, then its place after every step, metres. */
export interface Path {
  readonly label: string
  readonly role: SeriesRole
  readonly x: readonly number[]
  readonly y: readonly number[]
  /** The step's cost, as long as x; that of the start is 0. */
  readonly cost: readonly number[]
}

/** One task from above, with trajectories. */
export interface PathsPanel {
  readonly kind: 'paths'
  readonly title: string
  readonly world: World
  readonly layout: Layout
  readonly paths: readonly Path[]
}

/** Many tasks of one world from above. A `Task` of `src/core/env/tasks.ts` is one of them. */
export interface LayoutsPanel {
  readonly kind: 'layouts'
  readonly title: string
  readonly world: World
  readonly tasks: readonly {
    readonly seed: number
    readonly layout: Layout
    /** A result on the task: the colour of the map's frame, and its number beside the seed. */
    readonly mark?: { readonly colour: string; readonly text: string }
  }[]
}

/** Throws a RangeError that names the panel and the series where data do not fit together. */
export function checkFigure(figure: Figure): void {
  if (!/^[a-z0-9][a-z0-9-]{0,99}$/.test(figure.id))
    throw new RangeError(
      `A figure is named with lower-case letters, digits and dashes, not ${JSON.stringify(figure.id)}`,
    )
  if (figure.columns !== undefined && !(Number.isInteger(figure.columns) && figure.columns >= 1))
    throw new RangeError(`${figure.id}: columns must be a positive integer, not ${figure.columns}`)
  for (const panel of figure.panels) checkPanel(panel, `${figure.id}, panel "${panel.title}"`)
}

function checkPanel(panel: Panel, where: string): void {
  switch (panel.kind) {
    case 'curves':
    case 'profile':
      for (const series of panel.series)
        checkSeries(series, panel.kind === 'curves' && panel.turning === true, `${where}, series "${series.label}"`)
      break
    case 'matrix':
      if (panel.values.length !== panel.rows.length * panel.columns.length)
        throw new RangeError(
          `${where}: ${panel.values.length} values for ${panel.rows.length} x ${panel.columns.length} cells`,
        )
      break
    case 'parallel':
      for (const { path, values } of panel.axes)
        if (values.length !== panel.names.length)
          throw new RangeError(`${where}: ${path} has ${values.length} values for ${panel.names.length} runs`)
      break
    case 'paths':
      checkLayout(panel.world, panel.layout, where)
      for (const path of panel.paths)
        checkLengths(path.x.length, { y: path.y, cost: path.cost }, `${where}, path "${path.label}"`)
      break
    case 'layouts':
      for (const { seed, layout } of panel.tasks) checkLayout(panel.world, layout, `${where}, seed ${seed}`)
      break
    case 'intervals':
    case 'scatter':
      break
  }
}

function checkSeries({ x, mean, low, high, n }: Series, turning: boolean, where: string): void {
  checkLengths(x.length, { mean, low, high, n: typeof n === 'number' ? undefined : n }, where)
  x.forEach((value, i) => {
    if (!Number.isFinite(value)) throw new RangeError(`${where}: x[${i}] is ${value}, it must be finite`)
    if (!turning && i > 0 && value < x[i - 1]!) throw new RangeError(`${where}: x must ascend, but x[${i}] is ${value}`)
  })
}

function checkLayout(world: World, layout: Layout, where: string): void {
  for (const [kind, { length }] of [
    ['hazard', layout.hazards],
    ['vase', layout.vases],
  ] as const)
    if (length !== countObjects(world, kind))
      throw new RangeError(`${where}: ${kind}s: ${length}, but ${world.name} has ${countObjects(world, kind)}`)
}

function checkLengths(length: number, columns: Record<string, readonly number[] | undefined>, where: string): void {
  for (const [name, column] of Object.entries(columns))
    if (column && column.length !== length)
      throw new RangeError(`${where}: ${name} has ${column.length} values, x has ${length}`)
}
