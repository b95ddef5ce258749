import type { Migration } from '../migrate.ts'

/** The seeds of a fine-tuning's tasks, in their order: a resumed fine-tuning must not mix tasks. */
export const tasks: Migration = {
  id: '2026-11-22-06-tasks',
  sql: `
    ALTER TABLE runs ADD COLUMN tasks TEXT
      CHECK (tasks IS NULL OR (kind = 'fine-tune' AND json_valid(tasks)));
  `,
}
