import { shallowReactive } from 'vue'
import { client } from '../../api/client.ts'
import { thumbnail, type Thumbnail } from './thumbnail.ts'

/** So many are kept; the oldest goes first. */
const KEPT = 400
/** A whole episode is read for each, so only a few at a time. */
const AT_ONCE = 2

const kept = shallowReactive(new Map<number, Thumbnail>())
let wanted: readonly number[] = []
let running = 0

export const thumbnailOf = (id: number): Thumbnail | undefined => kept.get(id)

/** Reads those that are missing, in this order; what was wanted before is no longer. */
export function wantThumbnails(ids: readonly number[]): void {
  wanted = ids.filter((id) => !kept.has(id))
  while (running < AT_ONCE && wanted.length > 0) void readNext()
}

async function readNext(): Promise<void> {
  running++
  try {
    for (let id = takeNext(); id !== undefined; id = takeNext()) {
      try {
        kept.set(id, thumbnail(await client.episodes.read({ id })))
      } catch {
        // An unreadable episode has no picture; opening it says why.
        continue
      }
      for (const oldest of kept.keys()) {
        if (kept.size <= KEPT) break
        kept.delete(oldest)
      }
    }
  } finally {
    running--
  }
}

function takeNext(): number | undefined {
  const [id, ...others] = wanted
  wanted = others
  return id
}
