import type { Migration } from '../migrate.ts'

/** Imported checkpoints can be put out of sight for a while before they go; milliseconds since the Unix epoch. */
export const removedCheckpoints: Migration = {
  id: '2026-11-23-17-removed-checkpoints',
  sql: `
    ALTER TABLE checkpoints ADD COLUMN removed_at INTEGER;
    CREATE INDEX checkpoints_removed ON checkpoints (removed_at) WHERE removed_at IS NOT NULL;
  `,
}
