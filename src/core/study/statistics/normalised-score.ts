import type { World } from '../../env/world.ts'

/**
 * An undiscounted episode return as a share of the largest that the task allows where the goal ends the episode. The
 * distance reward telescopes to (initial distance - last distance) times the reward per metre, the last distance is at
 * most the goal's radius, and reaching it pays the goal's reward: with Safety-Gymnasium's constants
 * return / (initial distance - 0.3 + 1).
 *
 * 1 means that the goal was reached at its rim; a last step into the goal gives a little more (its depth, centimetres).
 * 0 means that nothing was gained, negative that the robot ended farther away. Without `end` as the goal's rule a return
 * is not bounded, and this score means nothing.
 *
 * @param initialDistance from the robot's start to the goal, metres; larger than the goal's radius
 */
export function normalisedScore(episodeReturn: number, initialDistance: number, goal: World['goal']): number {
  if (!(initialDistance > goal.radius && initialDistance < Infinity))
    throw new RangeError(
      `A normalised score needs a finite start outside the goal (radius ${goal.radius} m); got a distance of ${initialDistance} m`,
    )
  return episodeReturn / largestReturn(initialDistance, goal)
}

/** For people. */
export const SCORE_MEANING =
  'Normalised score: the return as a share of the largest that the task allows; 1: the goal was reached, 0: nothing gained.'

/** What reaching the goal at its rim pays in all. */
export const largestReturn = (initialDistance: number, goal: World['goal']): number =>
  (initialDistance - goal.radius) * goal.distanceReward + goal.reward
