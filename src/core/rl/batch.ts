/**
 * On-policy transitions of whole episodes, as a learner consumes them.
 *
 * Rows are in time-major order over the episodes still running: the environments of a vector step in lock step and
 * each runs exactly one episode, so a row's successor always has a larger index (`next`). That makes one backward
 * sweep over the rows enough for returns and advantages, and keeps the rows of one policy forward contiguous.
 */
export interface Batch {
  /** Most rows that the arrays can hold. */
  readonly capacity: number
  /** Rows in use. */
  size: number
  /** Scaled observations, [capacity x inputs]. May be a view of an engine's memory. */
  readonly observations: Float32Array
  /** Means of the behaviour policy, [capacity x actions], written by the policy forward. */
  readonly means: Float32Array
  /** Actions as sampled, before the environment clips them, [capacity x actions]. */
  readonly actions: Float32Array
  /** log pi_old(a|s), summed over action dimensions, [capacity]. */
  readonly logProbs: Float32Array
  /** [capacity] */
  readonly rewards: Float32Array
  /** Indicator costs, [capacity]. */
  readonly costs: Float32Array
  /** Index of the row's successor in its episode; -1 if the episode terminated there; -2 - b if it was truncated and
   *  `bootstrapObservations` row b holds the observation that follows, [capacity]. */
  readonly next: Int32Array
  /** Rows in use of `bootstrapObservations`. */
  bootstrapSize: number
  /** Scaled observations behind truncated episodes, [episodes x inputs]. */
  readonly bootstrapObservations: Float32Array
}
