import type { RunRow } from '../../main/api/contract.ts'

/** The states of a run in the database, and those of one that waits in the queue. */
export type RunState = RunRow['status'] | 'queued' | 'paused'

export const STATE_NAMES: Record<RunState, string> = {
  running: 'Running',
  completed: 'Completed',
  stopped: 'Stopped',
  failed: 'Failed',
  interrupted: 'Interrupted',
  queued: 'Queued',
  paused: 'Paused',
}
