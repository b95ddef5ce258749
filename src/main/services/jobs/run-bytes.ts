/** Disk that a run takes, as SQLite stores it. */
import type { RunConfig } from '../../../core/config/settings.ts'
import { METRICS } from '../../../core/training/records.ts'
import { initialTrainingState } from '../../../core/training/state.ts'
import { ROW_BYTES } from '../../store/row-bytes.ts'
import { LEVELS } from '../../store/series.ts'
import { encodeCheckpoint } from '../../store/checkpoint/checkpoint.ts'
import { PACKED_BYTES_PER_STEP } from '../../trainer/packed-episode.ts'

/** Lines that a session writes: that it started, that it ended, and a warning or two. */
const LOG = { lines: 4, textBytes: 100 } as const

const PAGE_BYTES = 4096

/** At most: a method leaves some metrics out, and equal checkpoints are stored once. */
export function trainingBytes(config: RunConfig, iterations: number): number {
  if (iterations === 0) return 0
  const { method, meta, inner, milestoneEvery, recordEvery, recordTasks, environment } = config
  const metrics = Object.keys(METRICS).length
  const taskSteps = method === 'meta' ? meta.tasksPerIteration * (inner.steps + 1) : 0
  const buckets = LEVELS.reduce((sum, { table, width }) => sum + ROW_BYTES[table] * Math.ceil(iterations / width), 0)
  const perIteration = metrics * ROW_BYTES.metrics + ROW_BYTES.iterations + taskSteps * ROW_BYTES.task_steps
  const log = LOG.lines * (ROW_BYTES.run_log + LOG.textBytes)
  const state = encodeCheckpoint({ config, state: initialTrainingState(config) }).byteLength
  // The milestones, the last one, and the state to resume from; each fills pages of its own.
  const states = Math.ceil(iterations / milestoneEvery) + 1
  const episodes = recordEvery === 0 ? 0 : Math.ceil(iterations / recordEvery) * recordTasks
  const recorded = episodes * onPages(environment.horizon * PACKED_BYTES_PER_STEP[environment.physics])
  return iterations * perIteration + metrics * buckets + log + recorded + states * onPages(state)
}

const onPages = (bytes: number): number => Math.ceil(bytes / PAGE_BYTES) * PAGE_BYTES

export const fineTuningBytes = ({ fineTune }: RunConfig, results: number): number =>
  results * (fineTune.steps + 1) * ROW_BYTES.fine_tune_steps
