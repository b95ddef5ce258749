import type { Batch } from '../../rl/batch.ts'
import type { PolicyShape } from '../policy.ts'
import type { Allocate, Region } from './memory.ts'

/** Kernel memory that batches are cut from. */
export interface BatchRegions {
  /** [(capacity + episodes) x inputs] */
  readonly observations: Region
  /** [capacity x actions] */
  readonly means: Region
}

export function allocateBatches(
  shape: PolicyShape,
  capacity: number,
  episodes: number,
  allocate: Allocate,
): BatchRegions {
  return {
    observations: allocate((capacity + episodes) * shape.observationSize),
    means: allocate(capacity * shape.actionSize),
  }
}

/** Cuts batches from the regions one after the other. */
export class BatchAllocator {
  private readonly shape: PolicyShape
  private readonly regions: BatchRegions
  private readonly capacity: number
  private readonly episodes: number
  private rowsUsed = 0
  private episodesUsed = 0

  constructor(shape: PolicyShape, capacity: number, episodes: number, regions: BatchRegions) {
    this.shape = shape
    this.capacity = capacity
    this.episodes = episodes
    this.regions = regions
  }

  create(capacity: number, episodes: number): Batch {
    this.expectRoom('rows', capacity, this.capacity - this.rowsUsed)
    this.expectRoom('episodes', episodes, this.episodes - this.episodesUsed)
    const { observationSize, actionSize } = this.shape
    const firstObservation = (this.rowsUsed + this.episodesUsed) * observationSize
    const firstBootstrap = firstObservation + capacity * observationSize
    const firstMean = this.rowsUsed * actionSize
    this.rowsUsed += capacity
    this.episodesUsed += episodes
    const { observations, means } = this.regions
    return {
      capacity,
      size: 0,
      observations: observations.floats.subarray(firstObservation, firstBootstrap),
      means: means.floats.subarray(firstMean, firstMean + capacity * actionSize),
      actions: new Float32Array(capacity * actionSize),
      logProbs: new Float32Array(capacity),
      rewards: new Float32Array(capacity),
      costs: new Float32Array(capacity),
      next: new Int32Array(capacity),
      bootstrapSize: 0,
      bootstrapObservations: observations.floats.subarray(firstBootstrap, firstBootstrap + episodes * observationSize),
    }
  }

  release(): void {
    this.rowsUsed = 0
    this.episodesUsed = 0
  }

  private expectRoom(what: string, asked: number, left: number): void {
    if (Number.isSafeInteger(asked) && asked >= 0 && asked <= left) return
    throw new RangeError(`A batch of ${asked} ${what} does not fit: the SIMD engine has ${left} ${what} left.`)
  }
}
