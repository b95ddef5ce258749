/** Where the time of an adaptation goes, in seconds of its worker. */
export interface PhaseSeconds {
  rollout: number
  policy: number
  critics: number
}

export type Phase = keyof PhaseSeconds

/** A stopwatch per phase; the clock comes from outside, since core has none. */
export interface PhaseClock {
  readonly seconds: Readonly<PhaseSeconds>
  measure<T>(phase: Phase, work: () => T | Promise<T>): Promise<T>
  /** Counts seconds that were measured elsewhere. */
  add(phase: Phase, seconds: number): void
}

/** @param now wall clock in seconds */
export function createPhaseClock(now: () => number): PhaseClock {
  const seconds: PhaseSeconds = { rollout: 0, policy: 0, critics: 0 }
  return {
    seconds,
    add: (phase, spent) => void (seconds[phase] += spent),
    async measure(phase, work) {
      const started = now()
      const result = await work()
      seconds[phase] += now() - started
      return result
    },
  }
}
