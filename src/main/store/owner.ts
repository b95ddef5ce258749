import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { processExists } from '../process-exists.ts'
import { HEARTBEAT_MS } from './store.ts'

/** The session that may write to a run: one open store of one process. */
export interface Owner {
  readonly token: string
  readonly pid: number
  readonly host: string
}

export function newOwner(): Owner {
  return { token: randomUUID(), pid: process.pid, host: hostname() }
}

/** Without a sign of life for so long, an owner counts as dead: its process id may be another's by now (ms). */
export const SILENCE_MS = 6 * HEARTBEAT_MS

/**
 * Whether a running run's owner still lives. An owner that was only suspended loses its run once another takes it over:
 * its token is gone, and its next commit is refused.
 */
export function isAlive(
  owner: { readonly pid: number; readonly host: string },
  heartbeatAt: number,
  now: number,
): boolean {
  if (now - heartbeatAt > SILENCE_MS) return false
  return owner.host !== hostname() || processExists(owner.pid)
}
