import type { Migration } from '../migrate.ts'

/** Recorded episodes; `initialisation` is -1 for a policy of meta-training. */
export const episodes: Migration = {
  id: '2026-11-22-05-episodes',
  sql: `
    CREATE TABLE episodes (
      key INTEGER PRIMARY KEY,
      run INTEGER NOT NULL REFERENCES runs (key) ON DELETE CASCADE,
      initialisation INTEGER NOT NULL,
      iteration INTEGER NOT NULL,
      task INTEGER NOT NULL,
      step INTEGER NOT NULL,
      episode INTEGER NOT NULL,
      episode_return REAL NOT NULL,
      episode_cost REAL NOT NULL,
      episode_length INTEGER NOT NULL,
      sha256 TEXT NOT NULL REFERENCES blobs (sha256),
      UNIQUE (run, initialisation, iteration, task, step, episode)
    ) STRICT;
    CREATE INDEX episodes_by_content ON episodes (sha256);
  `,
}
