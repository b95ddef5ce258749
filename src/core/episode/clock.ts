/** The clock of a replay: time in environment steps, which may lie between two of them. */
import { SUBSTEPS, TIMESTEP } from '../env/mjcf.ts'

/** Seconds of one environment step: at speed 1 a replay takes as long as the robot did. */
export const STEP_SECONDS = TIMESTEP * SUBSTEPS

export const SPEEDS = [0.25, 0.5, 1, 2, 4, 8, 16] as const
export type Speed = (typeof SPEEDS)[number]

export interface Clock {
  /** Steps since the start, from 0 to `end`. */
  readonly time: number
  /** Steps of the longest episode. */
  readonly end: number
  readonly speed: Speed
  readonly playing: boolean
}

export const stopped = (end: number): Clock => ({ time: 0, end, speed: 1, playing: false })

/** The clock `seconds` later. It stops at the end. */
export function advance(clock: Clock, seconds: number): Clock {
  if (!clock.playing) return clock
  const time = clock.time + (seconds * clock.speed) / STEP_SECONDS
  return time >= clock.end ? { ...clock, time: clock.end, playing: false } : { ...clock, time }
}

/** Plays on, from the start where it has ended; or pauses. */
export function toggle(clock: Clock): Clock {
  if (clock.playing) return { ...clock, playing: false }
  return { ...clock, playing: clock.end > 0, time: clock.time >= clock.end ? 0 : clock.time }
}

export const seek = (clock: Clock, time: number): Clock => ({
  ...clock,
  time: Math.min(Math.max(0, time), clock.end),
})

/** The next or previous whole step, standing still. */
export function stepBy(clock: Clock, steps: number): Clock {
  const whole = steps > 0 ? Math.floor(clock.time) : Math.ceil(clock.time)
  return seek({ ...clock, playing: false }, whole + steps)
}

/** One speed up (1) or down (-1). */
export function changeSpeed(clock: Clock, by: 1 | -1): Clock {
  const index = Math.min(Math.max(0, SPEEDS.indexOf(clock.speed) + by), SPEEDS.length - 1)
  return { ...clock, speed: SPEEDS[index]! }
}

/** For episodes that grow while they are watched, or are joined by others. */
export const withEnd = (clock: Clock, end: number): Clock => ({ ...clock, end, time: Math.min(clock.time, end) })
