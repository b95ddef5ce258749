import type { Migration } from '../migrate.ts'

/**
 * Runs train by more than one method. A CHECK cannot be altered, so the table is rebuilt; `key` stays, and with it what
 * other tables refer to.
 */
export const trainingMethods: Migration = {
  id: '2026-11-22-08-training-methods',
  rebuilds: true,
  sql: `
    CREATE TABLE new_runs (
      key INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      name TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('train', 'fine-tune')),
      status TEXT NOT NULL CHECK (status IN ('running', 'completed', 'stopped', 'failed')),
      reason TEXT,
      config TEXT NOT NULL CHECK (json_valid(config)),
      config_version INTEGER NOT NULL,
      -- Of the configuration, what lists show: stored, since a list of many runs cannot parse every configuration.
      -- Configurations of version 1 have neither a method nor an algorithm of fine-tuning.
      method TEXT AS (CASE kind WHEN 'train' THEN coalesce(config ->> '$.method', 'meta') END) STORED,
      seed INTEGER NOT NULL AS (config ->> '$.seed') STORED,
      world TEXT NOT NULL AS (config ->> '$.environment.world') STORED,
      algorithm TEXT NOT NULL AS (coalesce(
        CASE kind WHEN 'fine-tune' THEN nullif(config ->> '$.fineTune.algorithm', 'inner') END,
        config ->> '$.inner.algorithm')) STORED,
      cost_limit REAL NOT NULL AS (config ->> '$.costLimit') STORED,
      trainer TEXT NOT NULL CHECK (json_valid(trainer)),
      app_version TEXT NOT NULL,
      done INTEGER NOT NULL DEFAULT 0,
      total INTEGER NOT NULL,
      env_steps INTEGER NOT NULL DEFAULT 0,
      created_at INTEGER NOT NULL,
      started_at INTEGER NOT NULL,
      finished_at INTEGER,
      -- The owning session: only the holder of the token may write to the run.
      owner_token TEXT NOT NULL,
      owner_pid INTEGER NOT NULL,
      owner_host TEXT NOT NULL,
      heartbeat_at INTEGER NOT NULL,
      parent_checkpoint INTEGER REFERENCES checkpoints (key) ON DELETE SET NULL,
      tasks TEXT CHECK (tasks IS NULL OR (kind = 'fine-tune' AND json_valid(tasks)))
    ) STRICT;

    INSERT INTO new_runs (key, id, name, kind, status, reason, config, config_version, trainer, app_version, done, total,
      env_steps, created_at, started_at, finished_at, owner_token, owner_pid, owner_host, heartbeat_at,
      parent_checkpoint, tasks)
    SELECT key, id, name, CASE kind WHEN 'meta-train' THEN 'train' ELSE kind END, status, reason, config,
      config_version, trainer, app_version, done, total, env_steps, created_at, started_at, finished_at, owner_token,
      owner_pid, owner_host, heartbeat_at, parent_checkpoint, tasks
    FROM runs;

    DROP TABLE runs;
    ALTER TABLE new_runs RENAME TO runs;
    CREATE INDEX runs_by_name ON runs (name);
    CREATE INDEX runs_by_parent ON runs (parent_checkpoint);
  `,
}
