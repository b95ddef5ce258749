import type { Migration } from '../migrate.ts'

/** Runs, with their resolved configuration and their owner. `key` is what other tables refer to, `id` what people see. */
export const runs: Migration = {
  id: '2026-11-22-01-runs',
  sql: `
    CREATE TABLE runs (
      key INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      name TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('meta-train', 'fine-tune')),
      status TEXT NOT NULL CHECK (status IN ('running', 'completed', 'stopped', 'failed')),
      reason TEXT,
      config TEXT NOT NULL CHECK (json_valid(config)),
      config_version INTEGER NOT NULL,
      -- Of the configuration, what lists show: stored, since a list of many runs cannot parse every configuration.
      seed INTEGER NOT NULL AS (config ->> '$.seed') STORED,
      world TEXT NOT NULL AS (config ->> '$.environment.world') STORED,
      algorithm TEXT NOT NULL AS (config ->> '$.inner.algorithm') STORED,
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
      heartbeat_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX runs_by_name ON runs (name);
  `,
}
