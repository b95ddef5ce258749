import type { RunConfig } from '../config/settings.ts'
import type { Environment } from '../env/environment.ts'
import type { Learner, PolicyForward } from '../nn/learner.ts'
import type { Batch } from '../rl/batch.ts'

/** What a worker keeps between jobs: one engine, its environments and its batches. */
export interface WorkerContext {
  readonly config: RunConfig
  readonly engine: PolicyForward & Learner
  /** `count` environments of one task; the same objects may come back for the next task. */
  readonly environments: (task: number, count: number) => readonly Environment[]
  /** Batch for one task's episodes. */
  readonly batch: Batch
  /** Batch for pooled data; only its observations are used. */
  readonly pool: Batch
  /** Wall clock in seconds; core has none of its own. */
  readonly now: () => number
}

/** Rows that the batches of a run need. */
export function requiredRows(config: RunConfig): { task: number; pool: number; episodes: number } {
  const { horizon } = config.environment
  const episodes = Math.max(config.inner.episodes, config.fineTune.episodes)
  return {
    task: episodes * horizon,
    pool: config.meta.tasksPerIteration * config.inner.episodes * horizon,
    episodes,
  }
}
