import type { Migration } from '../migrate.ts'

/**
 * Content-addressed blobs, the checkpoints that refer to them, and each run's resume state: a checkpoint file too, but
 * replaced by every iteration, so it lives in its row.
 */
export const checkpoints: Migration = {
  id: '2026-11-22-02-checkpoints',
  sql: `
    CREATE TABLE blobs (
      sha256 TEXT PRIMARY KEY,
      data BLOB NOT NULL
    ) STRICT;

    CREATE TABLE checkpoints (
      key INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      run INTEGER REFERENCES runs (key) ON DELETE CASCADE,
      kind TEXT NOT NULL CHECK (kind IN ('milestone', 'last', 'imported')),
      iteration INTEGER NOT NULL,
      env_steps INTEGER NOT NULL,
      sha256 TEXT NOT NULL REFERENCES blobs (sha256),
      source TEXT,
      created_at INTEGER NOT NULL,
      CHECK ((kind = 'imported') = (run IS NULL))
    ) STRICT;
    CREATE INDEX checkpoints_by_run ON checkpoints (run, iteration);
    CREATE INDEX checkpoints_by_content ON checkpoints (sha256);
    CREATE UNIQUE INDEX one_last_per_run ON checkpoints (run) WHERE kind = 'last';

    CREATE TABLE resume_states (
      run INTEGER PRIMARY KEY REFERENCES runs (key) ON DELETE CASCADE,
      iteration INTEGER NOT NULL,
      sha256 TEXT NOT NULL,
      data BLOB NOT NULL
    ) STRICT;

    ALTER TABLE runs ADD COLUMN parent_checkpoint INTEGER REFERENCES checkpoints (key) ON DELETE SET NULL;
    CREATE INDEX runs_by_parent ON runs (parent_checkpoint);
  `,
}
