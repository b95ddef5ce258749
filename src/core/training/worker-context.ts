import type { RunConfig } from '../config/settings.ts'
import type { Environment } from '../env/environment.ts'
import type { PointGoalEnvironment } from '../env/goal-task.ts'
import type { Learner, PolicyForward } from '../nn/learner.ts'
import type { Batch } from '../rl/batch.ts'
import type { Rollouts } from './rollouts.ts'

/** What whoever learns keeps between jobs: an engine and its batches. Who rolls out is another matter. */
export interface LearnerContext {
  readonly config: RunConfig
  readonly engine: Learner
  readonly rollouts: Rollouts
  /** Batch for one task's episodes. */
  readonly batch: Batch
  /** Batch for pooled data. */
  readonly pool: Batch
  /** Wall clock in seconds; core has none of its own. */
  readonly now: () => number
}

/** What a task worker keeps: it learns and rolls out by itself. */
export interface WorkerContext extends LearnerContext {
  readonly engine: PolicyForward & Learner
  /** One environment per layout seed; the same objects may come back at the next call. */
  readonly environments: (layouts: readonly number[]) => readonly Environment[]
  /** The environment of a layout seed with all that is in it, for episodes on record; it may be one of `environments`. */
  readonly simulator: (layout: number) => PointGoalEnvironment
}

/** The same layout for `count` episodes. */
export const repeated = (task: number, count: number): number[] => new Array<number>(count).fill(task)

/** Most episodes that pre-training collects in one job. The split is part of the result: it must not depend on workers. */
const PART_EPISODES = 5

/** Layouts of an iteration of pre-training, split into jobs. */
export function splitLayouts(layouts: readonly number[]): number[][] {
  const parts: number[][] = []
  for (let at = 0; at < layouts.length; at += PART_EPISODES) parts.push(layouts.slice(at, at + PART_EPISODES))
  return parts
}

/** Rows and environments that a run needs. */
export function requiredRows(config: RunConfig): { task: number; pool: number; episodes: number } {
  const { environment, method, inner, meta, preTraining, fineTune } = config
  const [perTask, pooled] =
    method === 'meta'
      ? [inner.episodes, meta.tasksPerIteration * inner.episodes]
      : [PART_EPISODES, preTraining.tasksPerIteration * preTraining.episodes]
  const episodes = Math.max(perTask, fineTune.episodes)
  return { task: episodes * environment.horizon, pool: pooled * environment.horizon, episodes }
}
