/** Streams that tell what changed since a cursor. */
import { StoreError } from '../store/errors.ts'
import { LOOK_EVERY_MS, type Changes } from './changes.ts'

/** At most ten answers a second to one listener (ms). */
export const ANSWER_EVERY_MS = 100

/** What a listener has been told already. */
export interface Following<C> {
  cursor: C
  /** Whether it has got an answer yet. */
  started: boolean
}

/**
 * Asks `read` at once and after every change. A listener is asked for its next answer only when it took the last one, so
 * a slow one gets the newest state, not a queue of old ones.
 *
 * @param read null: nothing new; what it throws ends the stream, but where the database is only busy it is asked again
 */
export async function* follow<C, A extends { readonly cursor: C }>(
  changes: Changes,
  from: C,
  signal: AbortSignal | undefined,
  read: (following: Following<C>) => Promise<A | null> | A | null,
): AsyncGenerator<A, void, void> {
  const cancelled = signal ?? new AbortController().signal
  const following: Following<C> = { cursor: from, started: false }
  while (!cancelled.aborted && !changes.ended) {
    // Before reading: what changes while it reads is looked at once more.
    const seen = await changes.mark()
    const answer = await unlessBusy(() => read(following))
    if (answer === BUSY) {
      // Not only after the next change: the last one has not been told yet.
      await pause(LOOK_EVERY_MS, cancelled)
      continue
    }
    if (answer !== null) {
      following.cursor = answer.cursor
      following.started = true
      const answeredAt = performance.now()
      yield answer
      await pause(ANSWER_EVERY_MS - (performance.now() - answeredAt), cancelled)
    }
    await changes.after(seen, cancelled)
  }
}

const BUSY = Symbol('busy')

async function unlessBusy<A>(read: () => Promise<A> | A): Promise<A | typeof BUSY> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof StoreError && error.code === 'busy') return BUSY
    throw error
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds <= 0 || signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, milliseconds)
    signal.addEventListener('abort', end)
  })
}
