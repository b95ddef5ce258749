/**
 * All that fine-tunings of several initialisations measured, as one block of numbers: initialisations x replicates x tasks
 * x steps. It is sent to the page whole; everything that a comparison shows is computed from it by pure functions.
 */
import type { SeriesRole } from '../figure-data.ts'

/** What is known of every policy, means over its episodes; `transitions` are summed over them. */
export const CUBE_QUANTITIES = ['return', 'cost', 'goals', 'transitions'] as const
export type CubeQuantity = (typeof CUBE_QUANTITIES)[number]

/** `score`: the return as a share of the largest that the task allows, see `CubeTask.bestReturn`. */
export const SHOWN_QUANTITIES = [...CUBE_QUANTITIES, 'score'] as const
export type ShownQuantity = (typeof SHOWN_QUANTITIES)[number]

export interface CubeInitialisation {
  /** Unique. */
  readonly label: string
  readonly role: SeriesRole
}

/** A repetition of the whole experiment under other seeds. */
export interface Replicate {
  /** Seed of the meta-training; null where it tells nothing apart (one training, or none). */
  readonly trainingSeed: number | null
  readonly fineTuningSeed: number
}

/**
 * `training`: some of the initialisations were trained on it; `held-out`: none was, and the configuration keeps it apart
 * for this; `unseen`: neither, as in another world.
 */
export const TASK_ORIGINS = ['training', 'held-out', 'unseen'] as const
export type CubeTaskOrigin = (typeof TASK_ORIGINS)[number]

export interface CubeTask {
  readonly seed: number
  readonly origin: CubeTaskOrigin
  /** From the robot's start to the goal, metres. */
  readonly goalDistance: number
  /** The largest return of an episode that ends at the goal; null where a return has no largest value. */
  readonly bestReturn: number | null
}

export interface Cube {
  readonly initialisations: readonly CubeInitialisation[]
  readonly replicates: readonly Replicate[]
  readonly tasks: readonly CubeTask[]
  /** K: there are K + 1 values of each fine-tuning. */
  readonly steps: number
  readonly costLimit: number
  /** [initialisations x replicates x tasks x (K + 1)], the last index fastest; NaN where there is no result. */
  readonly values: Readonly<Record<CubeQuantity, Float64Array>>
}

/** How a cube's values are laid out. */
interface CubeShape {
  readonly replicates: readonly unknown[]
  readonly tasks: readonly unknown[]
  readonly steps: number
}

/** Where the values of one fine-tuning begin: K + 1 of them follow each other. */
export const cellAt = (
  { replicates, tasks, steps }: CubeShape,
  initialisation: number,
  replicate: number,
  task: number,
): number => ((initialisation * replicates.length + replicate) * tasks.length + task) * (steps + 1)
