/** All checkpoints, of runs and imported ones, page by page. */
import { ancestorsOf, resultsOf } from '../export/checkpoint-card.ts'
import type { CheckpointRow, Store } from '../store/store.ts'
import { shownCheckpoint } from './checkpoints.ts'
import { fileName } from './run-name.ts'

export interface CheckpointQuery {
  /** Words, as `isIn` understands them, or parts of the name. */
  readonly text: string
  readonly offset: number
  readonly limit: number
}

/** Newest first; only those of the page are read. */
export function checkpointPage(store: Store, { text, offset, limit }: CheckpointQuery) {
  const runs = new Map(store.runs().map((run) => [run.id, run]))
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const found = store.checkpoints().filter((row) => {
    const run = row.run === null ? undefined : runs.get(row.run)
    // The run of another is in the bin.
    if (row.run !== null && run === undefined) return false
    const name = (run?.name ?? nameOfImported(store, row)).toLowerCase()
    return words.every((word) => name.includes(word) || isIn(store, row, word))
  })
  return { rows: found.slice(offset, offset + limit).map((row) => listed(store, row)), total: found.length }
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

function listed(store: Store, row: CheckpointRow) {
  const shown = shownCheckpoint(store, row)
  if (row.run === null) {
    const { config } = store.readCheckpoint(row.id)
    const card = store.checkpointCard(row.id)
    return {
      ...shown,
      ...{ run: card?.run ?? null, source: fileName(row.source ?? row.id), method: config.method },
      ...{ world: config.environment.world, costLimit: config.costLimit },
      ...{ return: card?.results?.return ?? null, cost: card?.results?.cost ?? null },
      lineage: card?.lineage.map(({ name }) => name) ?? [],
    }
  }
  const run = store.run(row.run)
  const results = resultsOf(store, run, row.iteration)
  return {
    ...shown,
    ...{ run: { id: run.id, name: run.name }, source: null, method: run.method ?? run.config.method },
    ...{ world: run.config.environment.world, costLimit: run.config.costLimit },
    ...{ return: results?.return ?? null, cost: results?.cost ?? null },
    lineage: ancestorsOf(store, run).map(({ name }) => name),
  }
}
