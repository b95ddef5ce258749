// From all runs to the lines of the table: sorted, filtered, grouped.
import type { SettingsOf } from '../../core/runs/match.ts'
import { groupRuns, type Grouping } from '../../core/runs/sort.ts'
import type { RunRow } from '../../main/api/contract.ts'
import { columnOf } from './columns.ts'
import type { SortBy } from './layout.ts'

export interface RunLine {
  readonly kind: 'run'
  /** Unique in the table: a run with two tags stands in the groups of both. */
  readonly key: string
  readonly run: RunRow
}

/** Mean and sample standard deviation over the `count` runs that have the number; no deviation of one. */
export interface Mean {
  readonly mean: number
  readonly deviation: number | null
  readonly count: number
}

export const MEANS = ['return', 'cost', 'bestReturn', 'bestCost', 'duration'] as const
export type MeanColumn = (typeof MEANS)[number]

export interface GroupLine {
  readonly kind: 'group'
  readonly key: string
  /** Empty: the runs that have no such thing. */
  readonly label: string
  readonly runs: readonly RunRow[]
  readonly isCollapsed: boolean
  readonly means: Readonly<Record<MeanColumn, Mean | null>>
}

export type Line = RunLine | GroupLine

const NATURAL = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/**
 * Pinned runs first, then by each key in turn, without a value last, and where all is equal the newest first.
 *
 * @param previous the order before: where little has changed since, sorting is quick, and the result is the same
 */
export function sortRows(
  rows: readonly RunRow[],
  sorting: readonly SortBy[],
  settings: SettingsOf,
  previous: readonly RunRow[] = [],
): RunRow[] {
  const keys = sorting.flatMap(({ column, descending }) => {
    const value = columnOf(column)?.value
    return value === undefined ? [] : [{ value, sign: descending ? -1 : 1 }]
  })
  const keyed = inOrder(rows, previous).map((run) => ({ run, values: keys.map(({ value }) => value(run, settings)) }))
  keyed.sort((a, b) => {
    if (a.run.pinned !== b.run.pinned) return a.run.pinned ? -1 : 1
    for (let key = 0; key < keys.length; key++) {
      const [x, y] = [a.values[key]!, b.values[key]!]
      if (x === y) continue
      if (x === null || y === null) return x === null ? 1 : -1
      const order = typeof x === 'number' && typeof y === 'number' ? x - y : NATURAL.compare(String(x), String(y))
      if (order !== 0) return keys[key]!.sign * order
    }
    return b.run.createdAt - a.run.createdAt || (a.run.id < b.run.id ? 1 : -1)
  })
  return keyed.map(({ run }) => run)
}

/** The rows in the order that they had, new ones last. */
function inOrder(rows: readonly RunRow[], previous: readonly RunRow[]): readonly RunRow[] {
  if (previous.length === 0) return rows
  const rest = new Map(rows.map((run) => [run.id, run]))
  const known = previous.flatMap(({ id }) => {
    const run = rest.get(id)
    rest.delete(id)
    return run ?? []
  })
  return [...known, ...rest.values()]
}

/** The lines of runs in their order, under the heads of their groups where there is a grouping. */
export function arrange(
  runs: readonly RunRow[],
  grouping: Grouping | null,
  collapsed: ReadonlySet<string>,
  settings: SettingsOf,
): Line[] {
  if (grouping === null) return runs.map((run) => ({ kind: 'run', key: run.id, run }))
  return groupRuns(runs, grouping, settings).flatMap(({ label, runs: members }): Line[] => {
    const isCollapsed = collapsed.has(label)
    const head: GroupLine = {
      kind: 'group',
      key: `group ${label}`,
      ...{ label, runs: members, isCollapsed, means: meansOf(members) },
    }
    if (isCollapsed) return [head]
    return [head, ...members.map((run): RunLine => ({ kind: 'run', key: `${label} ${run.id}`, run }))]
  })
}

const meansOf = (runs: readonly RunRow[]): GroupLine['means'] => ({
  return: meanOf(runs, (run) => run.lastReturn),
  cost: meanOf(runs, (run) => run.lastCost),
  bestReturn: meanOf(runs, (run) => run.bestReturn),
  bestCost: meanOf(runs, (run) => run.bestCost),
  duration: meanOf(runs, (run) => run.activeSeconds),
})

/** null where no run has the number. */
export function meanOf(runs: readonly RunRow[], read: (run: RunRow) => number | null): Mean | null {
  const values = runs.map(read).filter((value) => value !== null)
  if (values.length === 0) return null
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  if (values.length === 1) return { mean, deviation: null, count: 1 }
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)), count: values.length }
}
