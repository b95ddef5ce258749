import type { Migration } from '../migrate.ts'

/**
 * What is to be done, by whichever program has time for it, and wishes that a run be stopped, by whichever program works
 * on it. Both refer to runs by id and die with neither: they belong to the database's work, not to a run's results.
 */
export const jobs: Migration = {
  id: '2026-11-22-11-jobs',
  sql: `
    CREATE TABLE jobs (
      key INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      kind TEXT NOT NULL CHECK (kind IN ('train', 'resume', 'study')),
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
    CREATE INDEX jobs_by_state ON jobs (state, position);
    CREATE INDEX jobs_by_run ON jobs (run_id);

    CREATE TABLE job_queue (
      only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
      paused INTEGER NOT NULL CHECK (paused IN (0, 1))
    ) STRICT;
    INSERT INTO job_queue (only_row, paused) VALUES (1, 0);

    CREATE TABLE stop_requests (
      run_id TEXT PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
      how TEXT NOT NULL CHECK (how IN ('iteration', 'now')),
      asked_by TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    -- A wish is for the session that it met: a later one starts without it, whoever writes the run's end.
    CREATE TRIGGER stop_requests_end AFTER UPDATE OF status ON runs BEGIN
      DELETE FROM stop_requests WHERE run_id = new.id;
    END;
  `,
}
