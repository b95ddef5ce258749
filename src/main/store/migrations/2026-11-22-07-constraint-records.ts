import type { Migration } from '../migrate.ts'

/** What constrained policy steps tell beside the multiplier. Null in rows from before. */
export const constraintRecords: Migration = {
  id: '2026-11-22-07-constraint-records',
  sql: `
    ALTER TABLE task_steps ADD COLUMN longest_cost_run REAL;
    ALTER TABLE task_steps ADD COLUMN cost_change REAL;
    ALTER TABLE task_steps ADD COLUMN feasibility TEXT;
    ALTER TABLE fine_tune_steps ADD COLUMN longest_cost_run REAL;
    ALTER TABLE fine_tune_steps ADD COLUMN cost_change REAL;
    ALTER TABLE fine_tune_steps ADD COLUMN feasibility TEXT;
  `,
}
