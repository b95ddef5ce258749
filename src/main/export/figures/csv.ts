/** A figure's numbers as a tidy table: one row per point, estimate, cell, step of a path or object on a map. */
import type { Figure, Panel, ScatterPanel, Series, ValueAxis } from '../../../core/study/figure-data.ts'
import type { SettingAxis } from '../../../core/study/training-comparison/groups.ts'
import type { Layout } from '../../../core/env/layout.ts'
import { VASE_HALF_SIZE } from '../../../core/env/mjcf.ts'
import type { World } from '../../../core/env/world.ts'
import { csvText, type CsvCell } from '../../../core/text/csv.ts'
import { letterOf } from './panel.ts'
import { referencesOf } from './style.ts'

/**
 * `kind` says what the row is: point, start (of an arrow to a point), estimate, cell, value (of a run on the axis that
 * `name` is), reference, step, or an object on a map. `mean` is the value of an estimate, a cell or a reference; the first
 * row is the figure's caption, which says what N is and what low and high mean. Maps: x and y in metres, yaw in radians,
 * size is a radius or half the side of a vase.
 */
export const csvColumns = [
  ...['figure', 'panel', 'title', 'kind', 'series', 'x', 'mean', 'low', 'high', 'n'],
  ...['seed', 'step', 'y', 'yaw', 'size', 'cost', 'name'],
] as const

interface Row {
  readonly kind:
    | 'caption'
    | 'point'
    | 'start'
    | 'estimate'
    | 'cell'
    | 'value'
    | 'reference'
    | 'step'
    | 'robot'
    | 'goal'
    | 'hazard'
    | 'vase'
  readonly series?: string
  readonly x?: number | string
  /** Of a setting, whatever it is. */
  readonly mean?: number | string | undefined
  readonly low?: number | undefined
  readonly high?: number | undefined
  readonly n?: number | undefined
  readonly seed?: number
  readonly step?: number
  readonly y?: number | string
  readonly yaw?: number
  readonly size?: number
  readonly cost?: number
  /** Of a point, of a column, of an axis. */
  readonly name?: string
}

export function renderCsv(figure: Figure): string {
  const caption = {
    figure: figure.id,
    title: figure.title,
    kind: 'caption',
    series: figure.caption.replace(/\s+/g, ' '),
  }
  const records: Readonly<Partial<Record<(typeof csvColumns)[number], CsvCell>>>[] = [
    caption,
    ...figure.panels.flatMap((panel, i) =>
      rowsOf(panel).map((row) => ({ figure: figure.id, panel: letterOf(i), title: panel.title, ...row })),
    ),
  ]
  return csvText([csvColumns, ...records.map((record) => csvColumns.map((name) => cell(record[name])))], '\n')
}

/** A number that could not be computed is not one that is missing. */
const cell = (value: CsvCell): CsvCell => (Number.isNaN(value) ? 'NaN' : value)

function rowsOf(panel: Panel): Row[] {
  switch (panel.kind) {
    case 'curves':
      return [...panel.series.flatMap(pointRows), ...referenceRows(panel)]
    case 'profile':
      return [...panel.series.flatMap(pointRows), ...referenceRows(panel)]
    case 'intervals':
      return [
        ...panel.estimates.map(({ label, value, low, high, n }): Row => ({
          kind: 'estimate',
          series: label,
          mean: value,
          low,
          high,
          n,
        })),
        ...referenceRows(panel),
      ]
    case 'scatter':
      return [...scatterRows(panel), ...referenceRows(panel)]
    case 'matrix':
      return panel.values.map((value, at): Row => ({
        kind: 'cell',
        series: panel.rows[Math.floor(at / panel.columns.length)]!,
        name: panel.columns[at % panel.columns.length]!,
        mean: value,
      }))
    case 'parallel':
      return panel.names.flatMap((series, run) => panel.axes.map((axis) => settingRow(series, axis, run)))
    case 'paths':
      return [
        ...panel.paths.flatMap(({ label, x, y, cost }) =>
          x.map((value, step): Row => ({
            kind: 'step',
            series: label,
            step,
            x: value,
            y: y[step]!,
            cost: cost[step]!,
          })),
        ),
        ...objectRows(panel.world, panel.layout),
      ]
    case 'layouts':
      return panel.tasks.flatMap(({ seed, layout }) => objectRows(panel.world, layout).map((row) => ({ ...row, seed })))
  }
}

function pointRows({ label, x, mean, low, high, n }: Series): Row[] {
  return x.map((value, i) => ({
    kind: 'point',
    series: label,
    x: value,
    mean: mean[i]!,
    low: low?.[i],
    high: high?.[i],
    n: typeof n === 'number' ? n : n?.[i],
  }))
}

/** Only those that are drawn. */
const referenceRows = (panel: Panel): Row[] =>
  referencesOf(panel).map(({ label, value }) => ({ kind: 'reference', series: label, mean: value }))

function scatterRows({ groups, x, y }: ScatterPanel): Row[] {
  const on = ({ categories }: ValueAxis, value: number) => categories?.[value] ?? value
  return groups.flatMap(({ label, points }) =>
    points.flatMap(({ from, name, ...to }): Row[] => {
      const own = { series: label, name }
      const point: Row = { kind: 'point', ...own, x: on(x, to.x), y: on(y, to.y) }
      return from === undefined ? [point] : [{ kind: 'start', ...own, x: on(x, from.x), y: on(y, from.y) }, point]
    }),
  )
}

function settingRow(series: string, axis: SettingAxis, run: number): Row {
  const value = axis.values[run] ?? null
  const shown = value === null ? undefined : axis.kind === 'category' ? axis.categories[value]! : value
  return { kind: 'value', series, name: axis.path, mean: shown }
}

function objectRows(world: World, { robot, goal, hazards, vases }: Layout): Row[] {
  const radii = world.objects.flatMap((set) =>
    set.kind === 'hazard' ? Array.from({ length: set.count }, () => set.radius) : [],
  )
  return [
    { kind: 'robot', x: robot.x, y: robot.y, yaw: robot.yaw },
    { kind: 'goal', x: goal.x, y: goal.y, size: world.goal.radius },
    ...hazards.map(({ x, y }, i): Row => ({ kind: 'hazard', x, y, size: radii[i]! })),
    ...vases.map(({ x, y, yaw }): Row => ({ kind: 'vase', x, y, yaw, size: VASE_HALF_SIZE })),
  ]
}
