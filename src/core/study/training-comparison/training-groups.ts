/** Trainings beside each other: which belong together, what they are called, and what came out. */
import { arms } from '../plan/arms.ts'
import { seriesRoles, type SeriesRole } from '../figure-data.ts'
import { marksInOrder, type Marker } from '../series-styles.ts'
import { groupRuns, shown, type RunGroup, type VaryingSetting } from './groups.ts'

export interface ComparedRun {
  readonly id: string
  readonly name: string
  readonly seed: number
  /** What its policy is called as an initialisation, e.g. `MAML`. */
  readonly kind: string
}

/** What is known of trainings beside their curves. */
export interface TrainingResults {
  readonly runs: readonly ComparedRun[]
  /** In which they differ, the seed among them. */
  readonly settings: readonly VaryingSetting[]
  /** `values` in the order of the runs; null where a run has no value. */
  readonly metrics: readonly {
    readonly metric: string
    readonly values: readonly {
      readonly last: number | null
      readonly late: number | null
      readonly mean: number | null
    }[]
  }[]
  /** Highest return of an iteration within the cost limit, and the cost there; null where none was. */
  readonly best: readonly { readonly return: number | null; readonly cost: number | null }[]
}

/** Of one look. */
export interface TrainingGroup extends RunGroup {
  readonly name: string
  readonly role: SeriesRole
  /** They tell it apart without its colour. */
  readonly dash: readonly number[]
  readonly marker: Marker
}

/** What is drawn where nobody chose. */
export const USUAL_METRICS = ['returnBefore', 'costBefore', 'returnAfter', 'costAfter'] as const

/** Those that a cost limit is about. */
export const isEpisodeCost = (metric: string): boolean => /^cost(Before|After|Signal\w+)$/.test(metric)

/** More lines than these would say nothing. */
const MOST_LIMITS = 3

/** Cost limits of runs, each once; none where there are too many. */
export function shownLimits(limits: readonly number[]): number[] {
  const values = [...new Set(limits)]
  return values.length > MOST_LIMITS ? [] : values
}

/** Runs that differ in this alone are repetitions of each other. */
const SEED = 'seed'

/** What groups are made of where nobody chose: every setting in which the runs differ but their seeds. */
export const usualGroupBy = (settings: readonly VaryingSetting[]): string[] =>
  settings.map(({ path }) => path).filter((path) => path !== SEED)

export function trainingGroups(
  runs: readonly ComparedRun[],
  settings: readonly VaryingSetting[],
  groupBy: readonly string[],
): TrainingGroup[] {
  const groups = groupRuns(runs.length, settings, groupBy)
  const kinds = groups.map(({ runs: members }) => commonKind(runs, members))
  const known = kinds.map((kind) => Object.values(arms).find(({ label }) => label === kind)?.role)
  const areKnown = groups.length > 1 && !known.includes(undefined) && new Set(known).size === groups.length
  const roles = groups.map((_, i) => (areKnown ? known[i]! : seriesRoles[i % seriesRoles.length]!))
  const marks = marksInOrder(roles)
  const areKinds = new Set(kinds).size > 1
  const paths = groupBy.filter((path) => settings.some((setting) => setting.path === path))
  const seen = new Map<string, number>()
  return groups.map((group, i) => {
    const kind = areKinds ? kinds[i]! : null
    const alike = groups.filter((_, other) => kinds[other] === kind)
    const short = kind === null ? shortLabel(group, paths, runs) : kindLabel(kind, group, alike, paths)
    const count = (seen.get(short) ?? 0) + 1
    seen.set(short, count)
    const { role, dash, marker } = marks[i]!
    return { ...group, name: count === 1 ? short : `${short} #${count}`, role, dash, marker }
  })
}

/** Null where the runs are of several kinds. */
function commonKind(runs: readonly ComparedRun[], members: readonly number[]): string | null {
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

function shortLabel(
  { values, runs: members }: RunGroup,
  paths: readonly string[],
  runs: readonly ComparedRun[],
): string {
  if (paths.length === 0) return members.length === 1 ? runs[members[0]!]!.name : 'all runs'
  // A group of many settings is best known by the name of its first run, without what repetitions differ in.
  if (paths.length > MOST_TOLD) return runs[members[0]!]!.name.replace(/[\s,·-]*seed\s*\d+$/i, '')
  return paths.map((path, i) => `${path.split('.').at(-1)!} = ${shown(values[i])}`).join(', ')
}

/** `best`: the highest return within the limit; else a metric, over the newest tenth of a run. */
export const BEST = 'best'

/** Of each run; null where there is none. */
export function resultValues({ best, metrics }: Pick<TrainingResults, 'best' | 'metrics'>, result: string) {
  if (result === BEST) return best.map((one) => one.return)
  return metrics.find(({ metric }) => metric === result)?.values.map(({ late }) => late) ?? best.map(() => null)
}
