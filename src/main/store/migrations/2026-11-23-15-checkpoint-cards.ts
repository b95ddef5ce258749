import type { Migration } from '../migrate.ts'

/** What a checkpoint file said about its checkpoint, which here belongs to no run that could say it. */
export const checkpointCards: Migration = {
  id: '2026-11-23-15-checkpoint-cards',
  sql: `
    ALTER TABLE checkpoints ADD COLUMN card TEXT CHECK (card IS NULL OR json_valid(card));
  `,
}
