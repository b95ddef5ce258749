// A batch in plain memory, and a batch's contents on the way from one thread to another.
import type { PolicyShape } from '../nn/policy.ts'
import type { Batch } from '../rl/batch.ts'

/** The rows in use of a batch, in memory of their own. */
export type Transitions = Omit<Batch, 'capacity'>

/** For engines that read from any memory. */
export function createPlainBatch({ observationSize, actionSize }: PolicyShape, rows: number, episodes: number): Batch {
  return {
    capacity: rows,
    size: 0,
    observations: new Float32Array(rows * observationSize),
    means: new Float32Array(rows * actionSize),
    actions: new Float32Array(rows * actionSize),
    logProbs: new Float32Array(rows),
    rewards: new Float32Array(rows),
    costs: new Float32Array(rows),
    next: new Int32Array(rows),
    bootstrapSize: 0,
    bootstrapObservations: new Float32Array(episodes * observationSize),
  }
}

export function copyTransitions(batch: Batch, { observationSize, actionSize }: PolicyShape): Transitions {
  const { size, bootstrapSize } = batch
  return {
    size,
    observations: batch.observations.slice(0, size * observationSize),
    means: batch.means.slice(0, size * actionSize),
    actions: batch.actions.slice(0, size * actionSize),
    logProbs: batch.logProbs.slice(0, size),
    rewards: batch.rewards.slice(0, size),
    costs: batch.costs.slice(0, size),
    next: batch.next.slice(0, size),
    bootstrapSize,
    bootstrapObservations: batch.bootstrapObservations.slice(0, bootstrapSize * observationSize),
  }
}

export function loadTransitions(batch: Batch, transitions: Transitions): void {
  const { size, bootstrapSize, ...arrays } = transitions
  if (size > batch.capacity) throw new RangeError(`The batch holds ${batch.capacity} rows; ${size} have come`)
  batch.size = size
  batch.bootstrapSize = bootstrapSize
  for (const name of Object.keys(arrays) as (keyof typeof arrays)[]) batch[name].set(arrays[name])
}
