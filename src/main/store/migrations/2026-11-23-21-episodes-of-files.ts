import type { Migration } from '../migrate.ts'

/**
 * Episodes belong to a run or, where a checkpoint came without its run, to the checkpoint: then `run` is null, and they go
 * with the checkpoint. SQLite takes no two NULLs for equal, hence a unique index for each kind of owner.
 */
export const episodesOfFiles: Migration = {
  id: '2026-11-23-21-episodes-of-files',
  sql: `
    ALTER TABLE episodes RENAME TO old_episodes;
    DROP INDEX episodes_by_content;
    DROP INDEX episodes_by_task;
    DROP INDEX episodes_removed;
    CREATE TABLE episodes (
      key INTEGER PRIMARY KEY,
      run INTEGER REFERENCES runs (key) ON DELETE CASCADE,
      checkpoint INTEGER REFERENCES checkpoints (key) ON DELETE CASCADE,
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
      CHECK ((run IS NULL) <> (checkpoint IS NULL))
    ) STRICT;
    INSERT INTO episodes (key, run, initialisation, iteration, task, step, episode, stochastic, episode_return,
      episode_cost, episode_length, sha256, recorded_at, removed_at)
    SELECT key, run, initialisation, iteration, task, step, episode, stochastic, episode_return, episode_cost,
      episode_length, sha256, recorded_at, removed_at
    FROM old_episodes;
    DROP TABLE old_episodes;
    CREATE UNIQUE INDEX episodes_of_runs ON episodes (run, initialisation, iteration, task, step, episode, stochastic)
      WHERE run IS NOT NULL;
    CREATE UNIQUE INDEX episodes_of_checkpoints ON episodes (checkpoint, task, step, episode, stochastic)
      WHERE checkpoint IS NOT NULL;
    CREATE INDEX episodes_by_content ON episodes (sha256);
    CREATE INDEX episodes_by_task ON episodes (task);
    CREATE INDEX episodes_removed ON episodes (removed_at) WHERE removed_at IS NOT NULL;
  `,
}
