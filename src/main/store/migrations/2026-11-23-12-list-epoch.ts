import type { Migration } from '../migrate.ts'

/**
 * Tells the counter of changes of one database from that of another: a page that was away may come back to another file of
 * the same name, whose numbers mean other changes.
 */
export const listEpoch: Migration = {
  id: '2026-11-23-12-list-epoch',
  sql: `
    ALTER TABLE run_changes ADD COLUMN epoch TEXT NOT NULL DEFAULT '';
    UPDATE run_changes SET epoch = lower(hex(randomblob(8)));
  `,
}
