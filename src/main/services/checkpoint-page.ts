/** All checkpoints, of runs and imported ones, page by page. */
import { ancestorsOf } from '../export/checkpoint-card.ts'
import type { CheckpointRow, Run, Store } from '../store/store.ts'
import { shownCheckpoint, withoutTwins } from './checkpoints.ts'
import { fileName } from './run-name.ts'

export interface CheckpointQuery {
  /** Words, as `isIn` understands them, or parts of the name. */
  readonly text: string
  readonly sort: 'stored' | 'name' | 'iteration' | 'return' | 'cost' | 'size'
  readonly descending: boolean
  readonly offset: number
  readonly limit: number
}

/** By numbers that not all have, those that have none come last. */
export function checkpointPage(store: Store, { text, sort, descending, offset, limit }: CheckpointQuery) {
  const runs = new Map(store.runs().map((run) => [run.id, run]))
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const nameOf = (row: CheckpointRow) =>
    row.run === null ? nameOfImported(store, row) : (runs.get(row.run)?.name ?? '')
  const found = withoutTwins(store.checkpoints()).filter((row) => {
    // The run of another is in the bin.
    if (row.run !== null && !runs.has(row.run)) return false
    const name = nameOf(row).toLowerCase()
    return words.every((word) => name.includes(word) || isIn(store, row, word))
  })
  const results = store.checkpointResults()
  const valueOf = (row: CheckpointRow): number | string | null => {
    if (sort === 'stored') return row.createdAt
    if (sort === 'name') return row.run === null ? fileName(row.source ?? row.id) : nameOf(row)
    if (sort === 'iteration' || sort === 'size') return row[sort]
    return resultOf(store, row, results)[sort]
  }
  // Of equal ones the newest comes first.
  const sorted = sortedBy(found, valueOf, descending)
  const runOf = remembered((id: string) => store.run(id))
  const lineageOf = remembered((id: string) => ancestorsOf(store, runOf(id)).map(({ name }) => name))
  const shown = sorted.slice(offset, offset + limit).map((row) => listed(store, row, results, runOf, lineageOf))
  return { rows: shown, total: found.length }
}

function sortedBy<T>(rows: readonly T[], valueOf: (row: T) => number | string | null, descending: boolean): T[] {
  const sign = descending ? -1 : 1
  return rows
    .map((row) => ({ row, value: valueOf(row) }))
    .toSorted(({ value: a }, { value: b }) => {
      if (a === null || b === null) return Number(a === null) - Number(b === null)
      return sign * (typeof a === 'string' ? a.localeCompare(String(b), 'en') : a - Number(b))
    })
    .map(({ row }) => row)
}

type Results = ReturnType<Store['checkpointResults']>

function resultOf(store: Store, { id, run }: CheckpointRow, results: Results) {
  const found = run === null ? store.checkpointCard(id)?.results : results.get(id)
  return { return: found?.return ?? null, cost: found?.cost ?? null }
}

/** A run has many checkpoints on a page: it is read once. */
function remembered<T>(read: (id: string) => T): (id: string) => T {
  const known = new Map<string, T>()
  return (id) => {
    const value = known.get(id) ?? read(id)
    known.set(id, value)
    return value
  }
}

const nameOfImported = (store: Store, { id, source }: CheckpointRow): string =>
  `imported ${fileName(source ?? '')} ${store.checkpointCard(id)?.run?.name ?? ''}`

/** Whether a word is its iteration, or begins an id or a hash. */
function isIn(store: Store, row: CheckpointRow, word: string): boolean {
  if (word === String(row.iteration)) return true
  if (word.length < 6) return false
  if ([row.id, row.run, row.sha256].some((one) => one?.startsWith(word))) return true
  return /^[0-9a-f]{8,64}$/.test(word) && shownCheckpoint(store, row).weights.startsWith(word)
}

function listed(
  store: Store,
  row: CheckpointRow,
  results: Results,
  runOf: (id: string) => Run,
  lineageOf: (id: string) => string[],
) {
  const shown = shownCheckpoint(store, row)
  if (row.run === null) {
    const { config } = store.readCheckpoint(row.id)
    const card = store.checkpointCard(row.id)
    return {
      ...shown,
      ...{ run: card?.run ?? null, source: fileName(row.source ?? row.id), method: config.method },
      ...{ world: config.environment.world, costLimit: config.costLimit },
      ...resultOf(store, row, results),
      lineage: card?.lineage.map(({ name }) => name) ?? [],
    }
  }
  const run = runOf(row.run)
  return {
    ...shown,
    ...{ run: { id: run.id, name: run.name }, source: null, method: run.method ?? run.config.method },
    ...{ world: run.config.environment.world, costLimit: run.config.costLimit },
    ...resultOf(store, row, results),
    lineage: lineageOf(run.id),
  }
}
