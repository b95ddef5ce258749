import type { Migration } from '../migrate.ts'

/**
 * Where an imported run came from (name and sha-256 of the bundle, id that the run has there), and what was left out of
 * it to keep the bundle small. The same run of the same bundle is imported once.
 */
export const bundles: Migration = {
  id: '2026-11-22-09-bundles',
  sql: `
    ALTER TABLE runs ADD COLUMN source TEXT;
    ALTER TABLE runs ADD COLUMN source_sha256 TEXT CHECK ((source_sha256 IS NULL) = (source IS NULL));
    ALTER TABLE runs ADD COLUMN source_run TEXT CHECK ((source_run IS NULL) = (source IS NULL));
    ALTER TABLE runs ADD COLUMN left_out TEXT CHECK (left_out IS NULL OR json_valid(left_out));
    CREATE UNIQUE INDEX runs_by_source ON runs (source_sha256, source_run);
  `,
}
