import type { RunConfig } from '../config/settings.ts'
import { metaIteration } from '../meta/meta-iteration.ts'
import { preTrainingIteration } from '../pre-training/pre-training-iteration.ts'
import type { Executor } from './jobs.ts'
import type { IterationRecord } from './records.ts'
import type { TrainingState } from './state.ts'

/** What an iteration needs from outside. */
export interface TrainingEnvironment {
  readonly config: RunConfig
  /** Seeds of the training tasks. */
  readonly trainingTasks: readonly number[]
  readonly executor: Executor
  /** Memory for pooled data; shared memory where several workers read it. */
  readonly allocate: (floats: number) => Float32Array
  /** Wall clock in seconds. */
  readonly now: () => number
}

export interface IterationResult {
  readonly state: TrainingState
  readonly record: IterationRecord
}

/** The next iteration of a run, by its method. Pure: the given state is not changed. */
export function trainingIteration(environment: TrainingEnvironment, state: TrainingState): Promise<IterationResult> {
  return environment.config.method === 'meta'
    ? metaIteration(environment, state)
    : preTrainingIteration(environment, state)
}
