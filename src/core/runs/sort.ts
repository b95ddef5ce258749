// What a table of runs is ordered and grouped by.
import type { FilterableRun } from './fields.ts'

export type SortKey = Exclude<keyof FilterableRun, 'tags' | 'hasNotes' | 'pinned' | 'archived'> | 'progress' | 'tags'

/** Numbers within texts by their value: run 2 before run 10. */
const NATURAL = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/** null comes last, in either direction. */
export function sortValue(run: FilterableRun, key: SortKey): string | number | null {
  switch (key) {
    case 'progress':
      return run.total > 0 ? run.done / run.total : null
    case 'tags':
      return run.tags.length > 0 ? run.tags.join(' ') : null
    default:
      return run[key]
  }
}

/** What runs can be gathered by; `set.` and a dotted path for a setting. */
export const GROUPINGS = [
  'world',
  'algorithm',
  'method',
  'kind',
  'status',
  'seed',
  'costLimit',
  'source',
  'tag',
  'day',
] as const
export type Grouping = (typeof GROUPINGS)[number] | `set.${string}`

export interface RunGroup<Run> {
  /** What its runs have in common, as text; empty where they have no such thing. */
  readonly label: string
  readonly runs: readonly Run[]
}

/**
 * In natural order of their labels, those without a value last. A run with several tags is in the group of each.
 *
 * @param setting value of a setting of a run, for groupings by one
 */
export function groupRuns<Run extends FilterableRun>(
  runs: readonly Run[],
  grouping: Grouping,
  setting: (run: Run, path: string) => unknown = () => undefined,
): RunGroup<Run>[] {
  const groups = new Map<string, Run[]>()
  for (const run of runs)
    for (const label of labelsOf(run, grouping, setting)) {
      const group = groups.get(label)
      if (group) group.push(run)
      else groups.set(label, [run])
    }
  const rank = (label: string) => Number(label === '')
  return [...groups]
    .sort(([a], [b]) => rank(a) - rank(b) || NATURAL.compare(a, b))
    .map(([label, members]) => ({ label, runs: members }))
}

function labelsOf<Run extends FilterableRun>(
  run: Run,
  grouping: Grouping,
  setting: (run: Run, path: string) => unknown,
): readonly string[] {
  switch (grouping) {
    case 'tag':
      return run.tags.length > 0 ? run.tags : ['']
    case 'day':
      return [new Date(run.createdAt).toISOString().slice(0, 10)]
    case 'world':
    case 'algorithm':
    case 'method':
    case 'kind':
    case 'status':
    case 'seed':
    case 'costLimit':
    case 'source':
      return [String(run[grouping] ?? '')]
    default: {
      const value = setting(run, grouping.slice('set.'.length))
      return [value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value)]
    }
  }
}
