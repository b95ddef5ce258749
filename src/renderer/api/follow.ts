// A stream that outlives its connection.
import { Disconnected, orAborted } from './connection.ts'

/** An item says where it stands in its stream; the server goes on after any cursor that it gave out. */
export interface Followed<Cursor> {
  readonly cursor: Cursor
}

/** Where a stream goes on (`null`: from its beginning), and what ends it. */
export type OpenStream<Cursor, Item extends Followed<Cursor>> = (
  after: Cursor | null,
  signal: AbortSignal,
) => AsyncIterable<Item> | Promise<AsyncIterable<Item>>

/**
 * Hands every item to `handle`, one after the other, each once: after a loss of the connection the stream is opened
 * again behind the last item that was handled. Resolves when the stream has ended or the signal stops it; rejects with
 * what the server or `handle` refuses.
 */
export async function followStream<Cursor, Item extends Followed<Cursor>>(
  whenOnline: (signal: AbortSignal) => Promise<void>,
  open: OpenStream<Cursor, Item>,
  handle: (item: Item) => void | Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  let after: Cursor | null = null
  while (!signal.aborted) {
    try {
      await whenOnline(signal)
      for await (const item of stoppable(await open(after, signal), signal)) {
        await handle(item)
        after = item.cursor
      }
      return
    } catch (error) {
      if (signal.aborted) return
      if (!(error instanceof Disconnected)) throw error
    }
  }
}

/** Ends at the signal even where the source does not heed it, and lets the source go in every case. */
async function* stoppable<Item>(source: AsyncIterable<Item>, signal: AbortSignal): AsyncGenerator<Item, void> {
  const iterator = source[Symbol.asyncIterator]()
  try {
    for (;;) {
      const { done, value } = await orAborted(iterator.next(), signal)
      if (done === true) return
      yield value
    }
  } finally {
    // Not waited for: a source that is stuck in `next` would hold it up.
    iterator.return?.().catch(() => {})
  }
}
