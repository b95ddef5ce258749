/** Trainings beside each other: which belong together, their curves, and what came out of each setting. */
import { arms } from '../../../core/study/plan/arms.ts'
import { seriesRoles, type SeriesRole } from '../../../core/study/figure-data.ts'
import {
  averaged,
  commonGrid,
  curveAgainst,
  curveOver,
  type AxisName,
  type Curve,
} from '../../../core/study/training-comparison/curves.ts'
import { groupRuns, shown, type RunGroup, type VaryingSetting } from '../../../core/study/training-comparison/groups.ts'
import type { ApiClient, RunSeries } from '../../../main/api/contract.ts'
import type { PlainCurve } from '../../charts/curve-option.ts'
import type { Level } from '../../charts/level-series.ts'

export type RunResults = Awaited<ReturnType<ApiClient['runs']['results']>>
export type OverlaidRun = RunSeries & { readonly run: string }

/** Of one look. */
export interface TrainingGroup extends RunGroup {
  readonly name: string
  readonly role: SeriesRole
  readonly dash: readonly number[]
}

/** More lines than these would say nothing. */
const MOST_LIMITS = 3

/** Cost limits of runs as lines across a chart of episode costs; none where there are too many. */
export function limitLevels(limits: readonly number[]): Level[] {
  const values = [...new Set(limits)]
  if (values.length > MOST_LIMITS) return []
  return values.map((value) => ({ label: `limit d = ${value}`, value, across: 'y', alarm: true }))
}

/** Runs that differ in this alone are repetitions of each other. */
const SEED = 'seed'

/** What groups are made of where nobody chose: every setting in which the runs differ but their seeds. */
export const usualGroupBy = (settings: readonly VaryingSetting[]): string[] =>
  settings.map(({ path }) => path).filter((path) => path !== SEED)

/** Dashes of the groups after the first eight, whose colours come again. */
const DASHES = [[], [7, 3], [2, 2.5], [7, 2.5, 2, 2.5]] as const

/** Of the runs of a group, which have its colour. */
const RUN_DASHES = [[], [7, 3], [2, 2.5], [7, 2.5, 2, 2.5], [12, 3], [4, 2], [1, 2], [12, 3, 1.5, 3]] as const

export function trainingGroups(
  runs: RunResults['runs'],
  settings: readonly VaryingSetting[],
  groupBy: readonly string[],
): TrainingGroup[] {
  const groups = groupRuns(runs.length, settings, groupBy)
  const kinds = groups.map(({ runs: members }) => commonKind(runs, members))
  const roles = kinds.map((kind) => Object.values(arms).find(({ label }) => label === kind)?.role)
  const areKnown = groups.length > 1 && !roles.includes(undefined) && new Set(roles).size === groups.length
  const areKinds = new Set(kinds).size > 1
  const paths = groupBy.filter((path) => settings.some((setting) => setting.path === path))
  const seen = new Map<string, number>()
  return groups.map((group, i) => {
    const kind = areKinds ? kinds[i]! : null
    const alike = groups.filter((_, other) => kinds[other] === kind)
    const short = kind === null ? shortLabel(group, paths, runs) : kindLabel(kind, group, alike, paths)
    const count = (seen.get(short) ?? 0) + 1
    seen.set(short, count)
    return {
      ...group,
      name: count === 1 ? short : `${short} #${count}`,
      role: areKnown ? roles[i]! : seriesRoles[i % seriesRoles.length]!,
      dash: DASHES[Math.floor(i / seriesRoles.length) % DASHES.length]!,
    }
  })
}

/** Null where the runs are of several kinds. */
function commonKind(runs: RunResults['runs'], members: readonly number[]): string | null {
  const [kind = null, ...others] = new Set(members.map((run) => runs[run]!.kind))
  return others.length === 0 ? kind : null
}

/** Settings that a name of a group tells; the table of settings tells all. */
const MOST_TOLD = 3

/** `C-MAML`, and among several of the kind `C-MAML, kl = 0.03`. */
function kindLabel(kind: string, group: RunGroup, alike: readonly RunGroup[], paths: readonly string[]): string {
  const told = paths
    .map((path, i) => ({ path, values: alike.map(({ values }) => shown(values[i])), own: shown(group.values[i]) }))
    .filter(({ values }) => new Set(values).size > 1)
    .slice(0, MOST_TOLD)
    .map(({ path, own }) => `${path.split('.').at(-1)!} = ${own}`)
  return [kind, ...told].join(', ')
}

function shortLabel({ values, runs: members }: RunGroup, paths: readonly string[], runs: RunResults['runs']): string {
  if (paths.length === 0) return members.length === 1 ? runs[members[0]!]!.name : 'all runs'
  // A group of many settings is best known by the name of its first run, without what repetitions differ in.
  if (paths.length > MOST_TOLD) return runs[members[0]!]!.name.replace(/[\s,·-]*seed\s*\d+$/i, '')
  return paths.map((path, i) => `${path.split('.').at(-1)!} = ${shown(values[i])}`).join(', ')
}

export const AXIS_NAMES: Record<AxisName, string> = {
  iteration: 'Iteration',
  envSteps: 'Environment steps',
  seconds: 'Computing time (s)',
}
export const isAxis = (name: string): name is AxisName => name in AXIS_NAMES

/** Points of an averaged curve. */
const GRID = 200

export interface MetricCurves {
  readonly groups: readonly PlainCurve[]
  /** One for each run, behind the groups. */
  readonly runs: readonly PlainCurve[]
}

/**
 * A metric of all groups over an axis, mean and band over the runs of each; over another metric every run is a path of
 * its own, because a mean of paths that turn back means nothing.
 */
export function metricCurves(
  overlaid: readonly OverlaidRun[],
  runs: RunResults['runs'],
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
  /** Short, because there are many: by group and seed where that is enough. */
  const nameOf = (run: number): string => {
    const { name, runs: all } = groups.find((group) => group.runs.includes(run))!
    if (all.length === 1) return name
    const areApart = new Set(all.map((one) => runs[one]!.seed)).size === all.length
    return areApart ? `${name}, seed ${runs[run]!.seed}` : runs[run]!.name
  }
  const found = groups.map((group) => ({
    group,
    members: group.runs.flatMap((run) => {
      const curve = curveOf(run)
      return curve === null || curve.x.length === 0 ? [] : [{ run, curve }]
    }),
  }))
  const single = found.flatMap(({ group: { role, dash, runs: all }, members }) =>
    members.map(({ run, curve }): PlainCurve => {
      const { id } = runs[run]!
      // Solid is the line of the group itself, where there is one.
      const nth = all.indexOf(run) + (isAxis(x) ? 1 : 0)
      const own = all.length === 1 ? dash : RUN_DASHES[nth % RUN_DASHES.length]!
      return { id, name: nameOf(run), role, dash: own, x: curve.x, y: curve.y, faint: isAxis(x) }
    }),
  )
  if (!isAxis(x)) return { groups: [], runs: single }
  return {
    groups: found.flatMap(({ group: { name, role, dash, runs: all }, members }) => {
      const curves = members.map(({ curve }) => curve)
      const grid = commonGrid(curves, GRID)
      if (grid.length === 0) return []
      const { mean, low, high } = averaged(curves, grid)
      const isNegative = curves.some(({ y }) => y.some((value) => value < 0))
      const band = curves.length > 1 ? { low: isNegative ? low : low.map((end) => Math.max(0, end)), high } : {}
      return [
        {
          id: `group/${name}`,
          name: all.length > 1 ? `${name} (${curves.length})` : name,
          role,
          dash,
          x: grid,
          y: mean,
          ...band,
        },
      ]
    }),
    runs: single,
  }
}

/** `best`: the highest return within the limit; else a metric, over the newest tenth of a run. */
export const BEST = 'best'

/** Of each run; null where there is none. */
export function resultValues({ best, metrics }: RunResults, result: string): (number | null)[] {
  if (result === BEST) return best.map((one) => one.return)
  return metrics.find(({ metric }) => metric === result)?.values.map(({ late }) => late) ?? best.map(() => null)
}
