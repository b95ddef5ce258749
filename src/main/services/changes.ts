/** One look-out for all who follow something: it asks whether anything changed, and wakes those who wait. */

export interface Changes {
  /** Rises with every change that was noticed. */
  readonly version: number
  /** Looks now: whatever changes later than this call gets a version above the one that it answers. */
  mark(): Promise<number>
  /** Something changed here and now: wakes everybody without waiting for the next look. */
  nudge(): void
  /** Waits for a version after `seen`, or until the signal is aborted or the look-out ends. */
  after(seen: number, signal: AbortSignal): Promise<void>
  /** Nobody waits any longer. */
  end(): void
  readonly ended: boolean
}

/** How often it looks while somebody waits (ms). */
export const LOOK_EVERY_MS = 250

/**
 * @param look a value that differs from the last one (`!==`) after every change; what it throws is a value like others,
 *   so that a database that breaks wakes those who wait, and they find out why
 */
export function createChanges(look: () => Promise<string>, every = LOOK_EVERY_MS): Changes {
  const waiting = new Set<() => void>()
  let version = 0
  let last: string | undefined
  let timer: NodeJS.Timeout | undefined
  let ended = false
  let looks = 0
  let newest = 0

  const wake = () => {
    version++
    // A copy: who is woken may wait again at once.
    for (const resume of [...waiting]) resume()
  }

  async function lookOnce(): Promise<void> {
    const begun = ++looks
    const seen = await look().catch((error: unknown) => `failed: ${String(error)}`)
    // One that began later has ended earlier, and knows better.
    if (begun < newest) return
    newest = begun
    if (last !== undefined && seen !== last) wake()
    last = seen
  }

  // The next look begins after the last one ended: a slow disk makes it rarer, never parallel.
  function schedule(): void {
    if (timer !== undefined || waiting.size === 0 || ended) return
    timer = setTimeout(() => {
      void lookOnce().finally(() => {
        timer = undefined
        schedule()
      })
    }, every)
    timer.unref()
  }

  return {
    get version() {
      return version
    },
    get ended() {
      return ended
    },
    async mark() {
      await lookOnce()
      return version
    },
    nudge: wake,
    after(seen, signal) {
      if (version > seen || signal.aborted || ended) return Promise.resolve()
      return new Promise((resolve) => {
        const resume = () => {
          waiting.delete(resume)
          signal.removeEventListener('abort', resume)
          resolve()
        }
        waiting.add(resume)
        signal.addEventListener('abort', resume)
        schedule()
      })
    },
    end() {
      ended = true
      clearTimeout(timer)
      timer = undefined
      wake()
    },
  }
}
