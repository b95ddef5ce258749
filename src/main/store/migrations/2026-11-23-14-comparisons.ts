import type { Migration } from '../migrate.ts'

/** Comparisons that people keep: named sets of runs with notes, and how the page shows them. */
export const comparisons: Migration = {
  id: '2026-11-23-14-comparisons',
  sql: `
    CREATE TABLE comparisons (
      key INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      name TEXT NOT NULL CHECK (length(name) > 0),
      notes TEXT NOT NULL DEFAULT '' CHECK (length(notes) <= 100000),
      layout TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(layout)),
      created_at INTEGER NOT NULL,
      changed_at INTEGER NOT NULL,
      -- Since when it is out of sight.
      removed_at INTEGER,
      -- Of an imported one: name and sha-256 of the bundle, and its id there.
      source TEXT,
      source_sha256 TEXT CHECK ((source_sha256 IS NULL) = (source IS NULL)),
      source_comparison TEXT CHECK ((source_comparison IS NULL) = (source IS NULL))
    ) STRICT;
    CREATE UNIQUE INDEX comparisons_by_source ON comparisons (source_sha256, source_comparison);

    CREATE TABLE comparison_runs (
      comparison INTEGER NOT NULL REFERENCES comparisons (key) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      -- NULL where the run was deleted since.
      compared_run INTEGER REFERENCES runs (key) ON DELETE SET NULL,
      PRIMARY KEY (comparison, position)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX comparison_runs_by_run ON comparison_runs (compared_run);
  `,
}
