/** Disk that a run takes, as SQLite stores it. */
import type { RunConfig } from '../../../core/config/settings.ts'
import { METRICS } from '../../../core/training/records.ts'
import { initialTrainingState } from '../../../core/training/state.ts'
import { STORED_WIDTH } from '../../store/series.ts'
import { encodeCheckpoint } from '../../store/checkpoint/checkpoint.ts'

/**
 * Bytes per row, index pages and unused page space included: `dbstat` (https://www.sqlite.org/dbstat.html) over a
 * meta-training of 1000 iterations with two tasks and one inner step, all numbers of full width. The nine trainings of
 * the validation against OmniSafe, 500 iterations each, took 20.4 per metric. A fine-tuning's rows have the columns of
 * `taskStep`.
 */
const ROW_BYTES = { metric: 21.7, bucket: 48.8, iteration: 24.6, taskStep: 157.7 } as const

const PAGE_BYTES = 4096

/** At most: a method leaves some metrics out, and equal checkpoints are stored once. */
export function trainingBytes(config: RunConfig, iterations: number): number {
  if (iterations === 0) return 0
  const { method, meta, inner, milestoneEvery } = config
  const metrics = Object.keys(METRICS).length
  const taskSteps = method === 'meta' ? meta.tasksPerIteration * (inner.steps + 1) : 0
  const perIteration =
    metrics * (ROW_BYTES.metric + ROW_BYTES.bucket / STORED_WIDTH) +
    ROW_BYTES.iteration +
    taskSteps * ROW_BYTES.taskStep
  const state = encodeCheckpoint({ config, state: initialTrainingState(config) }).byteLength
  // The milestones, the last one, and the state to resume from; each fills pages of its own.
  const states = Math.ceil(iterations / milestoneEvery) + 1
  return iterations * perIteration + states * Math.ceil(state / PAGE_BYTES) * PAGE_BYTES
}

export const fineTuningBytes = ({ fineTune }: RunConfig, results: number): number =>
  results * (fineTune.steps + 1) * ROW_BYTES.taskStep
