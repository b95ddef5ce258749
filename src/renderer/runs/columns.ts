// The columns of the table of runs: what they are called, how wide they begin, and what they are sorted by.
import type { SettingsOf } from '../../core/runs/match.ts'
import { sortValue, type SortKey } from '../../core/runs/sort.ts'
import type { RunRow } from '../../main/api/contract.ts'

type SortValue = string | number | null

export type ColumnId = `set.${string}` | (typeof BUILT_IN)[number]['id']

export interface Column {
  readonly id: ColumnId
  readonly title: string
  /** One line for the list of columns and the tooltip of its head. */
  readonly about: string
  /** Pixels to begin with. */
  readonly width: number
  readonly align: 'start' | 'end'
  value(run: RunRow, settings: SettingsOf): SortValue
}

const column = <Id extends string>(
  id: Id,
  title: string,
  about: string,
  width: number,
  by: SortKey | ((run: RunRow) => SortValue),
  align: Column['align'] = 'start',
) => ({
  ...{ id, title, about, width, align },
  value: typeof by === 'function' ? by : (run: RunRow) => sortValue(run, by),
})

const number = <Id extends string>(
  id: Id,
  title: string,
  about: string,
  width: number,
  by: SortKey | ((run: RunRow) => SortValue),
) => column(id, title, about, width, by, 'end')

const STATUS_ORDER: Record<RunRow['status'], number> = {
  ...{ running: 0, interrupted: 1, failed: 2, stopped: 3, completed: 4 },
}

const BUILT_IN = [
  column('name', 'Name', 'name of the run', 224, 'name'),
  column('status', 'State', 'how it stands', 104, (run) => STATUS_ORDER[run.status]),
  column('progress', 'Progress', 'iterations or results committed, of those asked for', 136, 'progress'),
  number('eta', 'Left', 'time until a running run ends, as estimated', 88, (run) => run.etaSeconds),
  column('kind', 'Kind', 'meta-training, pre-training or fine-tuning', 108, (run) => kindName(run)),
  column('world', 'Environment', 'world that it trains in', 114, 'world'),
  column('algorithm', 'Algorithm', 'algorithm of the policy step', 92, 'algorithm'),
  number('seed', 'Seed', 'seed of the run', 68, 'seed'),
  number('return', 'Return', 'episode return of the newest iteration', 84, 'lastReturn'),
  number('cost', 'Cost', 'episode cost of the newest iteration', 96, 'lastCost'),
  number('limit', 'Limit', 'cost limit', 76, 'costLimit'),
  number('bestReturn', 'Best return', 'highest episode return within the cost limit', 116, 'bestReturn'),
  number('bestCost', 'Best cost', 'episode cost of that iteration', 112, 'bestCost'),
  number('duration', 'Time', 'time spent computing, over all sessions', 100, 'activeSeconds'),
  number('steps', 'Steps', 'environment steps', 84, 'envSteps'),
  column('tags', 'Tags', 'tags', 100, 'tags'),
  column('created', 'Created', 'when it was created', 110, 'createdAt'),
  column('finished', 'Ended', 'when it ended', 156, 'finishedAt'),
  column('source', 'Source', 'bundle that it was imported from', 120, 'source'),
  column('id', 'Id', 'what the cmaml command calls it', 132, 'id'),
] as const

/** Without those of settings. */
export const COLUMNS: readonly Column[] = BUILT_IN

const BY_ID: ReadonlyMap<string, Column> = new Map(COLUMNS.map((one) => [one.id, one]))

/** undefined where the id names no column. */
export function columnOf(id: string): Column | undefined {
  const built = BY_ID.get(id)
  if (built !== undefined) return built
  const path = settingOf(id)
  if (path === null) return undefined
  return {
    id: `set.${path}`,
    title: path,
    about: `the setting ${path}`,
    width: 120,
    align: 'start',
    value: (run, settings) => settingSortValue(settings(run, path)),
  }
}

/** The path of the setting that a column or a grouping shows; null where it shows none. */
export function settingOf(id: string): string | null {
  return /^set\.([A-Za-z]\w*(?:\.[A-Za-z]\w*)*)$/.exec(id)?.[1] ?? null
}

function settingSortValue(value: unknown): SortValue {
  if (value === undefined || value === null) return null
  return typeof value === 'number' ? value : settingText(value)
}

export const settingText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

export function kindName({ method }: Pick<RunRow, 'method'>): string {
  if (method === null) return 'Fine-tuning'
  return method === 'meta' ? 'Meta-training' : 'Pre-training'
}

/** Of the newest iteration; null where there is none yet. */
export const exceedsLimit = ({ lastCost, costLimit }: Pick<RunRow, 'lastCost' | 'costLimit'>): boolean =>
  lastCost !== null && lastCost > costLimit
