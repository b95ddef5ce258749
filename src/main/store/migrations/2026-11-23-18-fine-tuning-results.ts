import type { Migration } from '../migrate.ts'

/**
 * What lists show of a fine-tuning are the results of its first trained initialisation. They were means over all of them,
 * which belong to no policy.
 */
export const fineTuningResults: Migration = {
  id: '2026-11-23-18-fine-tuning-results',
  sql: `
    CREATE TEMP TABLE shown_means AS
      SELECT run, step, avg(episode_return) AS result, avg(episode_cost) AS cost FROM fine_tune_steps
      WHERE initialisation = (
        SELECT position FROM initialisations WHERE initialisations.run = fine_tune_steps.run
        ORDER BY kind <> 'checkpoint', position LIMIT 1)
      GROUP BY run, step;
    UPDATE runs SET
      (last_return, last_cost) =
        (SELECT result, cost FROM shown_means WHERE run = key ORDER BY step DESC LIMIT 1),
      (best_return, best_cost) =
        (SELECT result, cost FROM shown_means WHERE run = key AND cost <= cost_limit ORDER BY result DESC, step LIMIT 1)
    WHERE kind = 'fine-tune' AND key IN (SELECT run FROM initialisations GROUP BY run HAVING count(*) > 1);
    DROP TABLE shown_means;
  `,
}
