/** How work is ended early: by a person here, or by a wish that another program left in the database. */
import type { StopMode } from '../store/stop-requests.ts'

export type { StopMode }

export interface StopSignals {
  /** After what is being worked on is saved. */
  readonly stop: AbortSignal
  /** At once; what was committed stays. Follows `stop`. */
  readonly abort: AbortSignal
  /** Raises them. */
  request(how: StopMode): void
}

export function stopSignals(): StopSignals {
  const stop = new AbortController()
  const abort = new AbortController()
  return {
    stop: stop.signal,
    abort: abort.signal,
    request(how) {
      stop.abort()
      if (how === 'now') abort.abort()
    },
  }
}
