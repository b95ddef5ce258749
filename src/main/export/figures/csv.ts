/** A figure's numbers as a tidy table: one row per point, estimate, step of a path or object on a map. */
import type { Figure, Panel, Reference, Series } from '../../../core/study/figure-data.ts'
import type { Layout } from '../../../core/env/layout.ts'
import { VASE_HALF_SIZE } from '../../../core/env/mjcf.ts'
import type { World } from '../../../core/env/world.ts'
import { csvText, type CsvCell } from '../../../core/text/csv.ts'
import { letterOf } from './panel.ts'

/**
 * `kind` says what the row is: point, estimate, reference, step, or an object on a map. `mean` is the value of an
 * estimate or a reference; the first row is the figure's caption, which says what N is and what low and high mean. Maps: x and y in metres, yaw in radians, size is a radius or half the side of a vase.
 */
export const csvColumns = [
  ...['figure', 'panel', 'title', 'kind', 'series', 'x', 'mean', 'low', 'high', 'n'],
  ...['seed', 'step', 'y', 'yaw', 'size', 'cost'],
] as const

interface Row {
  readonly kind: 'caption' | 'point' | 'estimate' | 'reference' | 'step' | 'robot' | 'goal' | 'hazard' | 'vase'
  readonly series?: string
  readonly x?: number
  readonly mean?: number
  readonly low?: number | undefined
  readonly high?: number | undefined
  readonly n?: number | undefined
  readonly seed?: number
  readonly step?: number
  readonly y?: number
  readonly yaw?: number
  readonly size?: number
  readonly cost?: number
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
      return [...panel.series.flatMap(pointRows), ...(panel.references ?? []).map(referenceRow)]
    case 'profile':
      return panel.series.flatMap(pointRows)
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
        ...(panel.references ?? []).map(referenceRow),
      ]
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

function referenceRow({ label, value }: Reference): Row {
  return { kind: 'reference', series: label, mean: value }
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
