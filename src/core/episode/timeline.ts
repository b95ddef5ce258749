/**
 * An episode along its time. State t is the one after t steps, so state 0 is the start and step t leads to state t; what a
 * step brings (reward, cost, goal reached) has the index t - 1 in the episode's arrays.
 */

/** Consecutive steps that cost, as the states that they led to; both included. */
export interface CostEvent {
  readonly first: number
  readonly last: number
}

export function costEvents(costs: ArrayLike<number>): CostEvent[] {
  const events: CostEvent[] = []
  for (let i = 0; i < costs.length; i++) {
    if (costs[i]! === 0) continue
    const first = i + 1
    while (i + 1 < costs.length && costs[i + 1]! !== 0) i++
    events.push({ first, last: i + 1 })
  }
  return events
}

/** Where the next event of any of several episodes begins after `time`; undefined where there is none. */
export function nextEvent(events: Iterable<CostEvent>, time: number): number | undefined {
  let next: number | undefined
  for (const { first } of events) if (first > time && first < (next ?? Infinity)) next = first
  return next
}

/** Where the last event that began before `time` began. */
export function previousEvent(events: Iterable<CostEvent>, time: number): number | undefined {
  let previous: number | undefined
  for (const { first } of events) if (first < time && first > (previous ?? -1)) previous = first
  return previous
}

/** Sums up to every state: as long as `values` and one more, from 0. */
export function cumulated(values: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(values.length + 1)
  for (let i = 0; i < values.length; i++) sums[i + 1] = sums[i]! + values[i]!
  return sums
}

/** The states in which the goal has just been reached. */
export function goalTimes(goalReached: ArrayLike<number>): number[] {
  const times: number[] = []
  for (let i = 0; i < goalReached.length; i++) if (goalReached[i]! !== 0) times.push(i + 1)
  return times
}

/** How much of a flash of `duration` steps is left at `time`, 0 to 1, after the steps whose cost has one of `parts`. */
export function flashAt(costParts: ArrayLike<number>, parts: number, time: number, duration: number): number {
  const newest = Math.min(Math.floor(time), costParts.length)
  for (let state = newest; state >= 1 && time - state < duration; state--)
    if ((costParts[state - 1]! & parts) !== 0) return 1 - (time - state) / duration
  return 0
}
