// Wishes that a run be stopped: one row that anybody writes and the run's owner, in whatever program, reads now and then.
import { hostname } from 'node:os'
import { StoreError } from './errors.ts'
import { findRun } from './runs.ts'
import { read, write, type Connection } from './transaction.ts'

/** `iteration`: after what is being worked on is saved; `now`: at once, what was committed stays. */
export type StopMode = 'iteration' | 'now'

export interface StopRequest {
  readonly how: StopMode
  /** The program that asked, in words. */
  readonly askedBy: string
}

/** Refused where nobody works on the run. */
export function requestStop(connection: Connection, reference: string, how: StopMode): void {
  write(connection, () => {
    const { id, name, status } = findRun(connection, reference)
    if (status !== 'running')
      throw new StoreError('conflict', `Run ${id} (${name}) is not in progress: there is nothing to stop.`)
    connection
      .prepare(
        `INSERT INTO stop_requests (run_id, how, asked_by) VALUES (@id, @how, @by)
         ON CONFLICT DO UPDATE SET how = CASE how WHEN 'now' THEN 'now' ELSE excluded.how END`,
      )
      .run({ id, how, by: `process ${process.pid} on ${hostname()}` })
  })
}

export function stopRequested(connection: Connection, id: string): StopRequest | null {
  const row = read(connection, () =>
    connection.prepare('SELECT how, asked_by AS askedBy FROM stop_requests WHERE run_id = ?').get(id),
  ) as StopRequest | undefined
  return row ?? null
}
