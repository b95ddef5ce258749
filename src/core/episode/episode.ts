/** An episode on record: what moved, what was done, what it earned and cost. Enough to draw it and to see what the robot saw. */
import type { Layout } from '../env/layout.ts'
import type { World } from '../env/world.ts'

/** Values per row of `Episode.vases`: centre (m) and orientation (w, x, y, z). */
export const VASE_VALUES = 7

/**
 * Steps per metre, or from 0 to 1, of a vase's height and orientation on record. MuJoCo's contact solver lets vases at rest
 * tremble by some 1e-11, and these digits, new in every step, would be most of a recording; what a robot senses and what
 * costs does not depend on them.
 */
export const POSE_STEPS = 2 ** 32

/**
 * T steps between T + 1 moments; row 0 is the start. All coordinates are the world's, in metres, radians and seconds; V is
 * the number of vases.
 */
export interface Episode {
  /** Seed of the layout. */
  readonly task: number
  /** Sizes, extent, rewards, what costs. */
  readonly world: World
  /** Whether the goal's lidar is part of the observation. */
  readonly goalVisible: boolean
  /** Where everything starts; hazards stay there. */
  readonly layout: Layout
  /** T. One step takes 0.02 s. */
  readonly length: number
  /** x, y, heading, [(T + 1) x 3]. The heading counts full turns. */
  readonly robot: Float64Array
  /** vx, vy, yaw rate, [(T + 1) x 3]. */
  readonly velocity: Float64Array
  /** [(T + 1) x V x 7]; x and y, which lidars see, are exact, the rest is rounded to 1 / `POSE_STEPS`. */
  readonly vases: Float64Array
  /** What the robot's sensors read, [(T + 1) x 12]. */
  readonly sensors: Float64Array
  /** x, y of the goal after each step: where the next one is, once one is reached, [(T + 1) x 2]. */
  readonly goal: Float64Array
  /** As sampled, before the environment clips them to [-1, 1]: forward force and turning rate, [T x 2]. */
  readonly actions: Float32Array
  /** [T] */
  readonly rewards: Float64Array
  /** 1 in a step that costs, [T]. */
  readonly costs: Float64Array
  /** Bit set of `CostPart`, [T]. */
  readonly costParts: Uint8Array
  /** [T] */
  readonly goalReached: Uint8Array
  /** Ended in a state without a future. */
  readonly terminated: boolean
  /** Cut at the horizon. */
  readonly truncated: boolean
}

/** How many vases an episode has. */
export const vaseCount = (episode: Pick<Episode, 'layout'>): number => episode.layout.vases.length
