/** Trainings by their settings: groups that differ in nothing else but what is averaged over, and axes for pictures. */

/** A setting in which runs differ; `values` in the order of the runs, null of one that does not read it. */
export interface VaryingSetting {
  readonly path: string
  readonly values: readonly unknown[]
}

export interface RunGroup {
  /** e.g. `meta.kl=0.03, inner.algorithm=cpo`; empty where nothing is grouped by. */
  readonly label: string
  /** Values of the settings that it is grouped by, in their order. */
  readonly values: readonly unknown[]
  /** Indices of runs. */
  readonly runs: readonly number[]
}

/** In the order in which their first runs come. A path in which runs do not differ groups nothing. */
export function groupRuns(count: number, settings: readonly VaryingSetting[], paths: readonly string[]): RunGroup[] {
  const chosen = paths.flatMap((path) => settings.find((setting) => setting.path === path) ?? [])
  const groups = Map.groupBy(
    Array.from({ length: count }, (_, run) => run),
    (run) => JSON.stringify(chosen.map(({ values }) => values[run] ?? null)),
  )
  return [...groups.values()].map((runs) => {
    const values = chosen.map((setting) => setting.values[runs[0]!])
    return { label: chosen.map(({ path }, i) => `${path}=${shown(values[i])}`).join(', '), values, runs }
  })
}

export const shown = (value: unknown): string =>
  typeof value === 'string' ? value : value === null || value === undefined ? 'not read' : JSON.stringify(value)

/** Mean and spread of one result over the runs of a group. */
export interface GroupResult {
  /** Runs with the result. */
  readonly count: number
  readonly mean: number | null
  /** Standard deviation (N - 1); null below two runs. */
  readonly deviation: number | null
  readonly lowest: number | null
  readonly highest: number | null
}

export function groupResult(values: readonly (number | null)[]): GroupResult {
  const present = values.filter((value) => value !== null && Number.isFinite(value)) as number[]
  const count = present.length
  if (count === 0) return { count, mean: null, deviation: null, lowest: null, highest: null }
  const mean = present.reduce((sum, value) => sum + value, 0) / count
  const squares = present.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return {
    count,
    mean,
    deviation: count > 1 ? Math.sqrt(squares / (count - 1)) : null,
    lowest: Math.min(...present),
    highest: Math.max(...present),
  }
}

/** An axis of parallel coordinates or of a scatter plot. */
export type SettingAxis =
  | { readonly path: string; readonly kind: 'linear' | 'logarithmic'; readonly values: readonly (number | null)[] }
  | {
      readonly path: string
      readonly kind: 'category'
      readonly categories: readonly string[]
      /** Positions in `categories`. */
      readonly values: readonly number[]
    }

/** Numbers that span so many times their least are shown by magnitude. */
const SPAN = 30

/** Numbers are ordered as numbers (the missing left out), everything else is a category in the order of its name. */
export function settingAxis({ path, values }: VaryingSetting): SettingAxis {
  const numbers = values.map((value) => (typeof value === 'number' ? value : null))
  const present = numbers.filter((value) => value !== null)
  if (
    present.length > 0 &&
    values.every((value) => typeof value === 'number' || value === null || value === undefined)
  ) {
    const [least, most] = [Math.min(...present), Math.max(...present)]
    return { path, kind: least > 0 && most / least >= SPAN ? 'logarithmic' : 'linear', values: numbers }
  }
  const categories = [...new Set(values.map(shown))].sort()
  return { path, kind: 'category', categories, values: values.map((value) => categories.indexOf(shown(value))) }
}
