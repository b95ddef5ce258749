/** A page of recorded episodes, with what imported checkpoints say of themselves. */
import type { EpisodeList, EpisodeListing, EpisodeQuery, Store } from '../store/store.ts'
import { fileName } from './run-name.ts'

interface EpisodePage extends Omit<EpisodeList, 'rows'> {
  readonly rows: (EpisodeListing & { readonly costLimit: number })[]
}

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
