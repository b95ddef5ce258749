import type { RunRow } from '../../main/api/contract.ts'

/** The states of a run in the database, of one that was asked to stop, and of one that waits in the queue. */
export type RunState = RunRow['status'] | 'stopping' | 'queued' | 'paused'

export const STATE_NAMES: Record<RunState, string> = {
  running: 'Running',
  stopping: 'Stopping',
  completed: 'Completed',
  stopped: 'Stopped',
  failed: 'Failed',
  interrupted: 'Interrupted',
  queued: 'Queued',
  paused: 'Paused',
}
