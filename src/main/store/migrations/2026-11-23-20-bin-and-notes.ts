import type { Migration } from '../migrate.ts'

/**
 * The few runs that are in the bin or have notes are found without reading the others: a run's row has its configuration
 * too, and takes a page or more.
 */
export const binAndNotes: Migration = {
  id: '2026-11-23-20-bin-and-notes',
  sql: `
    CREATE INDEX runs_in_bin ON runs (binned_at) WHERE binned_at IS NOT NULL;
    CREATE INDEX runs_with_notes ON runs (key) WHERE notes <> '';
  `,
}
