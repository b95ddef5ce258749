// What lists show of a run's results: of its newest iteration, and of the best one that keeps the cost limit.
import type { IterationMetrics, MetricName } from '../../core/training/records.ts'
import type { RunMethod } from './rows.ts'
import type { Connection } from './transaction.ts'

interface ResultMetrics {
  readonly result: MetricName
  readonly cost: MetricName
}

const ADAPTED: ResultMetrics = { result: 'returnAfter', cost: 'costAfter' }
const POLICY: ResultMetrics = { result: 'returnBefore', cost: 'costBefore' }

const metricsOf = (method: RunMethod): ResultMetrics => (method === 'meta' ? ADAPTED : POLICY)

const BETTER = '@cost <= cost_limit AND @result > coalesce(best_return, -9e999)'

/** Moves a run to an iteration; within the caller's transaction. */
export function advanceRun(
  connection: Connection,
  run: number,
  method: RunMethod,
  { iteration, envSteps, metrics }: { iteration: number; envSteps: number; metrics: IterationMetrics },
): void {
  const names = metricsOf(method)
  connection
    .prepare(
      `UPDATE runs SET done = @iteration, env_steps = @envSteps, last_return = @result, last_cost = @cost,
         best_return = CASE WHEN ${BETTER} THEN @result ELSE best_return END,
         best_cost = CASE WHEN ${BETTER} THEN @cost ELSE best_cost END
       WHERE key = @run`,
    )
    .run({ run, iteration, envSteps, result: metrics[names.result] ?? null, cost: metrics[names.cost] ?? null })
}

/**
 * Computes a training's numbers anew from its metrics: an older version of the program, which was at work when the
 * database was migrated, has committed iterations without them.
 */
export function recountTraining(connection: Connection, run: number, method: RunMethod): void {
  const { result, cost } = metricsOf(method)
  connection
    .prepare(
      `WITH names AS (
         SELECT (SELECT key FROM metric_names WHERE name = @result) AS result,
           (SELECT key FROM metric_names WHERE name = @cost) AS cost)
       UPDATE runs SET
         last_return = (SELECT value FROM metrics WHERE run = runs.key AND metric = names.result AND iteration = done),
         last_cost = (SELECT value FROM metrics WHERE run = runs.key AND metric = names.cost AND iteration = done),
         (best_return, best_cost) = (
           SELECT results.value, costs.value FROM metrics AS results
           JOIN metrics AS costs
             ON costs.run = results.run AND costs.metric = names.cost AND costs.iteration = results.iteration
           WHERE results.run = runs.key AND results.metric = names.result AND costs.value <= cost_limit
           ORDER BY results.value DESC, results.iteration LIMIT 1)
       FROM names WHERE runs.key = @run AND kind = 'train'`,
    )
    .run({ run, result, cost })
}

/**
 * Of a fine-tuning, after a result was added: means over the tasks so far, by adaptation step, of the first initialisation
 * that was trained (of the first one, where none was). A mean over initialisations would be nobody's result.
 */
export function countFineTuning(connection: Connection, run: number, transitions: number): void {
  connection
    .prepare(
      `WITH means AS MATERIALIZED (
         SELECT step, avg(episode_return) AS result, avg(episode_cost) AS cost FROM fine_tune_steps
         WHERE run = @run AND initialisation = (
           SELECT position FROM initialisations WHERE run = @run ORDER BY kind <> 'checkpoint', position LIMIT 1)
         GROUP BY step)
       UPDATE runs SET done = done + 1, env_steps = env_steps + @transitions,
         (last_return, last_cost) = (SELECT result, cost FROM means ORDER BY step DESC LIMIT 1),
         (best_return, best_cost) =
           (SELECT result, cost FROM means WHERE cost <= cost_limit ORDER BY result DESC, step LIMIT 1)
       WHERE key = @run AND kind = 'fine-tune'`,
    )
    .run({ run, transitions })
}
