/** Metrics of trainings as curves: of groups with a band over their runs, and of each run. */
import type { SeriesRole } from '../figure-data.ts'
import {
  averaged,
  commonGrid,
  curveAgainst,
  curveOver,
  type Axis,
  type AxisName,
  type Curve,
  type Stretches,
} from './curves.ts'
import type { ComparedRun, TrainingGroup } from './training-groups.ts'

export interface OverlaidRun {
  readonly run: string
  readonly series: readonly ({ readonly metric: string } & Stretches)[]
  readonly axis: Axis
}

export interface MetricCurve {
  /** Unique among the curves of a metric. */
  readonly id: string
  readonly name: string
  readonly role: SeriesRole
  readonly dash: readonly number[]
  readonly x: Float64Array
  readonly y: Float64Array
  /** Ends of the band; NaN where there is none. */
  readonly low?: Float64Array
  readonly high?: Float64Array
  /** One of many that stand behind the others. */
  readonly faint?: boolean
  /** Runs behind it. */
  readonly count: number
}

export interface MetricCurves {
  readonly groups: readonly MetricCurve[]
  /** One for each run, behind the groups. */
  readonly runs: readonly MetricCurve[]
}

export const AXIS_NAMES: Record<AxisName, string> = {
  iteration: 'Iteration',
  envSteps: 'Environment steps',
  seconds: 'Computing time (s)',
}
export const isAxis = (name: string): name is AxisName => Object.hasOwn(AXIS_NAMES, name)

/** Of the runs of a group, which have its colour. */
const RUN_DASHES = [[], [7, 3], [2, 2.5], [7, 2.5, 2, 2.5], [12, 3], [4, 2], [1, 2], [12, 3, 1.5, 3]] as const

/** Points of an averaged curve: three runs of 400 stretches that share no position have 1200. */
const MOST_POINTS = 2000

/**
 * A metric of all groups over an axis, mean and band over the runs of each; over another metric every run is a path of
 * its own, because a mean of paths that turn back means nothing.
 */
export function metricCurves(
  overlaid: readonly OverlaidRun[],
  runs: readonly ComparedRun[],
  groups: readonly TrainingGroup[],
  metric: string,
  x: string,
): MetricCurves {
  const byRun = new Map(overlaid.map((one) => [one.run, one]))
  const curveOf = (run: number): Curve | null => {
    const one = byRun.get(runs[run]!.id)
    const own = one?.series.find((series) => series.metric === metric)
    if (one === undefined || own === undefined || own.first.length === 0) return null
    if (isAxis(x)) return curveOver(x, own, one.axis)
    const other = one.series.find((series) => series.metric === x)
    return other === undefined ? null : curveAgainst(other, own)
  }
  const found = groups.map((group) => ({
    group,
    members: group.runs.flatMap((run) => {
      const curve = curveOf(run)
      return curve === null || curve.x.length === 0 ? [] : [{ run, curve }]
    }),
  }))
  const single = found.flatMap(({ group, members }) => {
    const dashes = runDashes(group, isAxis(x))
    return members.map(({ run, curve }): MetricCurve => ({
      ...{ id: runs[run]!.id, name: nameOf(run, group, runs), role: group.role, count: 1 },
      dash: dashes[group.runs.indexOf(run) % dashes.length]!,
      ...{ x: curve.x, y: curve.y, faint: isAxis(x) },
    }))
  })
  if (!isAxis(x)) return { groups: [], runs: single }
  return {
    groups: found.flatMap(({ group: { name, role, dash, runs: all }, members }): MetricCurve[] => {
      const curves = members.map(({ curve }) => curve)
      const grid = commonGrid(curves, MOST_POINTS)
      if (grid.length === 0) return []
      const { mean, low, high } = averaged(curves, grid)
      const isNegative = curves.some(({ y }) => y.some((value) => value < 0))
      const band = curves.length > 1 ? { low: isNegative ? low : low.map((end) => Math.max(0, end)), high } : {}
      const shownName = all.length > 1 ? `${name} (${curves.length})` : name
      return [{ id: `group/${name}`, name: shownName, role, dash, x: grid, y: mean, ...band, count: curves.length }]
    }),
    runs: single,
  }
}

/** @param behind the line of the group itself, whose dash no run has then; a run that is its whole group has it */
function runDashes({ dash, runs }: TrainingGroup, behind: boolean): readonly (readonly number[])[] {
  if (runs.length === 1) return [dash]
  return behind ? RUN_DASHES.filter((one) => one.join() !== dash.join()) : RUN_DASHES
}

/** Short, because there are many: by group and seed where that is enough. */
function nameOf(run: number, { name, runs: all }: TrainingGroup, runs: readonly ComparedRun[]): string {
  if (all.length === 1) return name
  const areApart = new Set(all.map((one) => runs[one]!.seed)).size === all.length
  return areApart ? `${name}, seed ${runs[run]!.seed}` : runs[run]!.name
}

/** What points, lines and bands of such curves are. */
export function curvesMeaning(groups: readonly TrainingGroup[], x: string, overlaid: readonly OverlaidRun[]): string {
  const longest = longestStretch(overlaid)
  const points = longest > 1 ? ` Each point is the mean of up to ${longest} iterations.` : ''
  return `${linesMeaning(groups, x)}${points}`
}

/** Iterations behind one point; long runs come as means of stretches. */
function longestStretch(overlaid: readonly OverlaidRun[]): number {
  let longest = 1
  for (const { series } of overlaid)
    for (const { first, last } of series)
      for (let i = 0; i < first.length; i++) longest = Math.max(longest, last[i]! - first[i]! + 1)
  return longest
}

function linesMeaning(groups: readonly TrainingGroup[], x: string): string {
  const sizes = groups.map(({ runs }) => runs.length)
  const count = sizes.reduce((sum, size) => sum + size, 0)
  if (!isAxis(x)) return `${count} runs, each a path in the order of its iterations; no band.`
  if (!sizes.some((size) => size > 1)) return 'Each line is one run: no interval over seeds.'
  const one = sizes.some((size) => size === 1) ? ' A group of one run has no interval.' : ''
  return (
    'Mean over the runs of a group, N in parentheses, as far as all of them go; band: ± one standard deviation over them, ' +
    `cut at 0 where no value is negative.${one}`
  )
}
