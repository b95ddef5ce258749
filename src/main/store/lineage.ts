import type { ChildRun } from './organisation-rows.ts'
import { runKey } from './run-reference.ts'
import { read, type Connection } from './transaction.ts'

/** Runs that start from a run's checkpoints. */
export function childrenOf(connection: Connection, id: string): ChildRun[] {
  return read(connection, () =>
    connection
      .prepare(
        `WITH own AS (SELECT key FROM checkpoints WHERE run = @run)
         SELECT id, name, kind FROM runs
         WHERE key IN (
             SELECT key FROM runs WHERE parent_checkpoint IN own
             UNION SELECT run FROM initialisations WHERE checkpoint IN own)
           AND key <> @run AND binned_at IS NULL
         ORDER BY key DESC`,
      )
      .all({ run: runKey(connection, id) }),
  ) as ChildRun[]
}
