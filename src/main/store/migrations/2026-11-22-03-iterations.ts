import type { Migration } from '../migrate.ts'

/**
 * What meta-iterations leave behind. `metric_buckets` keeps the extremes of every 64 iterations (series.ts), so that a
 * chart over a million iterations does not read a million rows.
 */
export const iterations: Migration = {
  id: '2026-11-22-03-iterations',
  sql: `
    CREATE TABLE iterations (
      run INTEGER NOT NULL REFERENCES runs (key) ON DELETE CASCADE,
      iteration INTEGER NOT NULL,
      env_steps INTEGER NOT NULL,
      committed_at INTEGER NOT NULL,
      PRIMARY KEY (run, iteration)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE metric_names (
      key INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE
    ) STRICT;

    CREATE TABLE metrics (
      run INTEGER NOT NULL REFERENCES runs (key) ON DELETE CASCADE,
      metric INTEGER NOT NULL REFERENCES metric_names (key),
      iteration INTEGER NOT NULL,
      value REAL NOT NULL,
      PRIMARY KEY (run, metric, iteration)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE metric_buckets (
      run INTEGER NOT NULL REFERENCES runs (key) ON DELETE CASCADE,
      metric INTEGER NOT NULL REFERENCES metric_names (key),
      bucket INTEGER NOT NULL,
      count INTEGER NOT NULL,
      minimum REAL NOT NULL,
      maximum REAL NOT NULL,
      total REAL NOT NULL,
      PRIMARY KEY (run, metric, bucket)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE task_steps (
      run INTEGER NOT NULL REFERENCES runs (key) ON DELETE CASCADE,
      iteration INTEGER NOT NULL,
      task INTEGER NOT NULL,
      step INTEGER NOT NULL,
      episodes INTEGER NOT NULL,
      transitions INTEGER NOT NULL,
      episode_return REAL NOT NULL,
      episode_cost REAL NOT NULL,
      hazard_steps REAL NOT NULL,
      contact_steps REAL NOT NULL,
      velocity_steps REAL NOT NULL,
      goals REAL NOT NULL,
      episode_length REAL NOT NULL,
      -- What the adaptation step from this policy did; null for the adapted policy.
      multiplier REAL,
      kl REAL,
      improvement REAL,
      accepted INTEGER,
      candidates INTEGER,
      std REAL,
      reward_explained_variance REAL,
      reward_explained_variance_after REAL,
      cost_explained_variance REAL,
      cost_explained_variance_after REAL,
      PRIMARY KEY (run, iteration, task, step)
    ) STRICT, WITHOUT ROWID;
  `,
}
