import type { Migration } from '../migrate.ts'

/** Jobs may also be fine-tunings of checkpoints. SQLite changes no CHECK in place, so the table is made anew. */
export const fineTuningJobs: Migration = {
  id: '2026-11-23-13-fine-tuning-jobs',
  sql: `
    CREATE TABLE new_jobs (
      key INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      kind TEXT NOT NULL CHECK (kind IN ('train', 'resume', 'fine-tune', 'study')),
      name TEXT NOT NULL,
      request TEXT NOT NULL CHECK (json_valid(request)),
      state TEXT NOT NULL CHECK (state IN ('waiting', 'starting', 'running', 'done', 'stopped', 'failed')),
      reason TEXT,
      -- Order among those that wait.
      position INTEGER NOT NULL,
      queued_at INTEGER NOT NULL,
      started_at INTEGER,
      finished_at INTEGER,
      -- The program that works on it: only the holder of the token may say how it goes.
      owner_token TEXT,
      owner_pid INTEGER,
      owner_host TEXT,
      heartbeat_at INTEGER,
      stop TEXT CHECK (stop IN ('iteration', 'now')),
      -- How far it is, as its owner last said.
      run_id TEXT REFERENCES runs (id) ON DELETE SET NULL,
      done REAL NOT NULL DEFAULT 0,
      total REAL NOT NULL DEFAULT 0,
      remaining REAL,
      workers INTEGER,
      phase TEXT,
      CHECK ((state IN ('starting', 'running')) <= (owner_token IS NOT NULL))
    ) STRICT;
    INSERT INTO new_jobs SELECT * FROM jobs;
    DROP TABLE jobs;
    ALTER TABLE new_jobs RENAME TO jobs;
    CREATE INDEX jobs_by_state ON jobs (state, position);
    CREATE INDEX jobs_by_run ON jobs (run_id);
  `,
}
