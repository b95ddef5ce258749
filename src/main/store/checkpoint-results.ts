import { read, type Connection } from './transaction.ts'

/** What a run recorded for the state of a checkpoint: after adaptation where the method adapts. */
export interface CheckpointResult {
  readonly return: number
  readonly cost: number
}

/** Of all checkpoints whose runs recorded both, by id: one by one, thousands would take seconds. */
export function readCheckpointResults(connection: Connection): Map<string, CheckpointResult> {
  const rows = read(connection, () =>
    connection
      .prepare(
        `SELECT checkpoints.id, result.value AS "return", cost.value AS cost
         FROM checkpoints
         JOIN runs ON runs.key = checkpoints.run
         JOIN metric_names AS result_name
           ON result_name.name = CASE method WHEN 'meta' THEN 'returnAfter' ELSE 'returnBefore' END
         JOIN metric_names AS cost_name
           ON cost_name.name = CASE method WHEN 'meta' THEN 'costAfter' ELSE 'costBefore' END
         JOIN metrics AS result ON result.run = checkpoints.run AND result.metric = result_name.key
           AND result.iteration = checkpoints.iteration
         JOIN metrics AS cost ON cost.run = checkpoints.run AND cost.metric = cost_name.key
           AND cost.iteration = checkpoints.iteration
         WHERE checkpoints.removed_at IS NULL`,
      )
      .raw()
      .all(),
  ) as [string, number, number][]
  return new Map(rows.map(([id, result, cost]) => [id, { return: result, cost }]))
}
