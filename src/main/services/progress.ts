/** How far a job is, and when it will be done. */
export interface Progress {
  readonly done: number
  readonly total: number
  /** Units per second of wall time; 0 until the first is done. */
  readonly rate: number
  /** Seconds until the end at this rate; null until the first unit is done. */
  readonly remaining: number | null
}

/** Weight of the newest unit: the rate follows changes within about ten units. */
const SMOOTHING = 0.2

/** Counts units of work; each call of the returned function reports that `units` more are done. */
export function trackProgress(done: number, total: number, now: () => number): (units?: number) => Progress {
  let last = now()
  let secondsPerUnit: number | null = null
  return (units = 1) => {
    const time = now()
    const seconds = (time - last) / units
    last = time
    secondsPerUnit = secondsPerUnit === null ? seconds : secondsPerUnit + SMOOTHING * (seconds - secondsPerUnit)
    done += units
    return {
      done,
      total,
      rate: secondsPerUnit > 0 ? 1 / secondsPerUnit : 0,
      remaining: (total - done) * secondsPerUnit,
    }
  }
}
