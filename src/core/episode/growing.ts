/** An episode that is still being played: steps are appended as they come. */
import type { Episode } from './episode.ts'

/** New steps; all arrays have `length` rows, as in `Episode` without row 0. */
export type NewSteps = Pick<
  Episode,
  | 'length'
  | 'robot'
  | 'velocity'
  | 'vases'
  | 'sensors'
  | 'goal'
  | 'actions'
  | 'rewards'
  | 'costs'
  | 'costParts'
  | 'goalReached'
>

/** The episode with further steps. */
export function appendSteps(episode: Episode, steps: NewSteps): Episode {
  return {
    ...episode,
    length: episode.length + steps.length,
    robot: joined(Float64Array, episode.robot, steps.robot),
    velocity: joined(Float64Array, episode.velocity, steps.velocity),
    vases: joined(Float64Array, episode.vases, steps.vases),
    sensors: joined(Float64Array, episode.sensors, steps.sensors),
    goal: joined(Float64Array, episode.goal, steps.goal),
    actions: joined(Float32Array, episode.actions, steps.actions),
    rewards: joined(Float64Array, episode.rewards, steps.rewards),
    costs: joined(Float64Array, episode.costs, steps.costs),
    costParts: joined(Uint8Array, episode.costParts, steps.costParts),
    goalReached: joined(Uint8Array, episode.goalReached, steps.goalReached),
  }
}

interface Numbers extends ArrayLike<number> {
  set(values: ArrayLike<number>, offset?: number): void
}

function joined<T extends Numbers>(Type: new (length: number) => T, head: T, tail: T): T {
  const whole = new Type(head.length + tail.length)
  whole.set(head)
  whole.set(tail, head.length)
  return whole
}
