/** What training and fine-tuning have in common: one trainer process, one run in the store, one orderly end. */
import { HEARTBEAT_MS, type Run, type Store } from '../store/store.ts'
import type { TrainerClient, TrainerIdentity } from '../trainer/client.ts'

/** How a person ends a job early. */
export interface StopSignals {
  /** After what is being worked on is saved. */
  readonly stop: AbortSignal
  /** At once; what was committed stays. */
  readonly abort: AbortSignal
}

export interface Session {
  readonly store: Store
  readonly trainer: TrainerClient
  readonly signals: StopSignals
  /** Creates or takes over the run that the session works on. */
  open(): Run
  /** Commits all that it gets from the trainer; returns when the trainer has no more to give. */
  work(run: Run): Promise<void>
}

/**
 * Works on a run until it is complete, stopped or failed, and says so in the store. Rejects where the run failed; the
 * trainer is closed in any case.
 */
export async function runSession({ store, trainer, signals, open, work }: Session): Promise<Run> {
  let heart: NodeJS.Timeout | undefined
  let run: Run | undefined
  const stop = () => trainer.stop()
  const abort = () => void trainer.close()
  signals.stop.addEventListener('abort', stop)
  signals.abort.addEventListener('abort', abort)
  try {
    run = open()
    const { id } = run
    heart = setInterval(() => giveSignOfLife(store, id), HEARTBEAT_MS / 2)
    if (!signals.stop.aborted) await work(run)
    const { done, total } = store.run(id)
    store.finishRun(id, { status: done >= total ? 'completed' : 'stopped' })
    return store.run(id)
  } catch (error) {
    // Aborting kills the trainer under the work: that is no failure.
    if (run && signals.abort.aborted) {
      store.finishRun(run.id, { status: 'stopped' })
      return store.run(run.id)
    }
    if (run) recordFailure(store, run.id, error)
    throw error
  } finally {
    clearInterval(heart)
    signals.stop.removeEventListener('abort', stop)
    signals.abort.removeEventListener('abort', abort)
    await trainer.close()
  }
}

function giveSignOfLife(store: Store, id: string): void {
  try {
    store.heartbeat(id)
  } catch {
    // A database that is busy now may not be at the next beat; one that is broken fails the next commit, with its reason.
  }
}

function recordFailure(store: Store, id: string, error: unknown): void {
  try {
    store.finishRun(id, { status: 'failed', reason: error instanceof Error ? error.message : String(error) })
  } catch {
    // A full disk or a lost database cannot take the reason; the caller gets it, and the run shows as interrupted.
  }
}

/** What a resumed run records about its trainer, and what of it may give other bits than before. */
export function resumedTrainer(
  { trainer: before, appVersion: versionBefore }: Pick<Run, 'trainer' | 'appVersion'>,
  now: TrainerIdentity,
  version: string,
): { readonly trainer: TrainerIdentity; readonly differences: readonly string[] } {
  // Node brings Math.exp and its kin, whose last bits the language leaves open.
  const parts = ['engine', 'kernel', 'multiplyAdd', 'mujoco', 'node'] as const
  const shown = (value: string) => (value.length > 16 ? `${value.slice(0, 12)}...` : value)
  const changed = (part: string, was: string, is: string) =>
    was === is ? [] : [`${part} was ${shown(was)} and is ${shown(is)}`]
  const differences = [
    ...parts.flatMap((part) => changed(part, before[part], now[part])),
    ...changed('cmaml-studio', versionBefore, version),
  ]
  const changes = [...(before.changes ?? []), ...differences]
  return { trainer: changes.length > 0 ? { ...now, changes } : now, differences }
}
