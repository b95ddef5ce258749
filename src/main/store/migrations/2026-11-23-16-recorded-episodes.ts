import type { Migration } from '../migrate.ts'

/**
 * Episodes of the policy's mean stand beside those of sampled actions; episodes can be put out of sight for a while before
 * they go. `recorded_at` and `removed_at` are milliseconds since the Unix epoch.
 */
export const recordedEpisodes: Migration = {
  id: '2026-11-23-16-recorded-episodes',
  sql: `
    ALTER TABLE episodes RENAME TO old_episodes;
    DROP INDEX episodes_by_content;
    CREATE TABLE episodes (
      key INTEGER PRIMARY KEY,
      run INTEGER NOT NULL REFERENCES runs (key) ON DELETE CASCADE,
      initialisation INTEGER NOT NULL,
      iteration INTEGER NOT NULL,
      task INTEGER NOT NULL,
      step INTEGER NOT NULL,
      episode INTEGER NOT NULL,
      stochastic INTEGER NOT NULL DEFAULT 1,
      episode_return REAL NOT NULL,
      episode_cost REAL NOT NULL,
      episode_length INTEGER NOT NULL,
      sha256 TEXT NOT NULL REFERENCES blobs (sha256),
      recorded_at INTEGER,
      removed_at INTEGER,
      UNIQUE (run, initialisation, iteration, task, step, episode, stochastic)
    ) STRICT;
    INSERT INTO episodes (key, run, initialisation, iteration, task, step, episode, episode_return, episode_cost,
      episode_length, sha256)
    SELECT key, run, initialisation, iteration, task, step, episode, episode_return, episode_cost, episode_length, sha256
    FROM old_episodes;
    DROP TABLE old_episodes;
    CREATE INDEX episodes_by_content ON episodes (sha256);
    CREATE INDEX episodes_by_task ON episodes (task);
    CREATE INDEX episodes_removed ON episodes (removed_at) WHERE removed_at IS NOT NULL;
  `,
}
