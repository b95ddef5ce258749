import type { RunTable } from './run-tables.ts'

/**
 * Bytes per row, indices and unused parts of pages included: SQLite's `dbstat` (https://www.sqlite.org/dbstat.html) over a
 * compacted database of 19 trainings and 33 fine-tunings of the studies. Numbers of full width take a few more, zeros
 * fewer; counting real bytes would read every page of the database. Tables whose rows are few are left out. Of `run_log`
 * it is what a row takes beside its text.
 */
export const ROW_BYTES = {
  iterations: 23,
  metrics: 20.3,
  metric_buckets: 41.2,
  metric_long_buckets: 47.2,
  task_steps: 100,
  fine_tune_steps: 158,
  run_log: 22,
} as const satisfies Partial<Record<RunTable, number>>

export type SizedTable = keyof typeof ROW_BYTES
