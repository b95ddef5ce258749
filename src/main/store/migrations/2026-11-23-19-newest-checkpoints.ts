import type { Migration } from '../migrate.ts'

/** A run that was resumed had its newest checkpoint of before the stop still called the newest, beside later milestones. */
export const newestCheckpoints: Migration = {
  id: '2026-11-23-19-newest-checkpoints',
  sql: `
    UPDATE checkpoints SET kind = 'milestone'
    WHERE kind = 'last' AND iteration <
      (SELECT max(iteration) FROM checkpoints AS later WHERE later.run = checkpoints.run AND removed_at IS NULL);
  `,
}
