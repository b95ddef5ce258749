/** A page of recorded episodes, with what imported checkpoints say of themselves. */
import type { EpisodePage } from '../api/contract/episodes.ts'
import type { EpisodeQuery, Store } from '../store/store.ts'
import { fileName } from './run-name.ts'

export function episodePage(store: Store, query: EpisodeQuery): EpisodePage {
  const { rows, ...page } = store.episodePage(query)
  const limits = new Map<string, number>()
  const limitOf = (checkpoint: string): number => {
    const limit = limits.get(checkpoint) ?? store.readCheckpoint(checkpoint).config.costLimit
    limits.set(checkpoint, limit)
    return limit
  }
  return {
    ...page,
    rows: rows.map((row) => ({
      ...row,
      runName: row.run === null ? fileName(row.runName) : row.runName,
      costLimit: row.costLimit ?? limitOf(row.checkpoint!),
    })),
  }
}
