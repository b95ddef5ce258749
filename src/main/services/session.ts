/** What training and fine-tuning have in common: one trainer process, one run in the store, one orderly end. */
import { revisionOf } from '../../core/training/numerics-revision.ts'
import { HEARTBEAT_MS, type Run, type Store } from '../store/store.ts'
import type { TrainerClient, TrainerIdentity } from '../trainer/client.ts'
import { completedText, failedText, logLine, startedText, stoppedText } from './run-log.ts'
import type { StopSignals } from './stop-signals.ts'

export type { StopSignals } from './stop-signals.ts'

/** How soon a wish of another program that the run be stopped is heard (ms). */
const LISTEN_MS = 500

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
  let ears: NodeJS.Timeout | undefined
  let run: Run | undefined
  let askedBy: string | null = null
  const ended = (id: string): Run => {
    const finished = store.run(id)
    if (finished.status === 'completed') logLine(store, id, 'info', completedText(finished))
    else logLine(store, id, 'info', stoppedText(finished, askedBy))
    return finished
  }
  const stop = () => trainer.stop()
  const abort = () => void trainer.close()
  signals.stop.addEventListener('abort', stop)
  signals.abort.addEventListener('abort', abort)
  try {
    run = open()
    const { id } = run
    logLine(store, id, 'info', startedText(run))
    if (trainer.choice !== undefined) logLine(store, id, 'info', trainer.choice)
    heart = setInterval(() => giveSignOfLife(store, id), HEARTBEAT_MS / 2)
    ears = setInterval(() => {
      const wish = stopWish(store, id)
      if (wish === null) return
      // Who asks first, here or elsewhere, is who stopped it.
      if (!signals.stop.aborted) askedBy = wish.askedBy
      signals.request(wish.how)
    }, LISTEN_MS)
    if (!signals.stop.aborted) await work(run)
    const { done, total } = store.run(id)
    store.finishRun(id, { status: done >= total ? 'completed' : 'stopped' })
    return ended(id)
  } catch (error) {
    // Aborting kills the trainer under the work: that is no failure.
    if (run && signals.abort.aborted) {
      store.finishRun(run.id, { status: 'stopped' })
      return ended(run.id)
    }
    if (run) recordFailure(store, run.id, error)
    throw error
  } finally {
    clearInterval(heart)
    clearInterval(ears)
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

function stopWish(store: Store, id: string): ReturnType<Store['stopRequested']> {
  try {
    return store.stopRequested(id)
  } catch {
    return null // As above: the wish is still there at the next look.
  }
}

function recordFailure(store: Store, id: string, error: unknown): void {
  try {
    store.finishRun(id, { status: 'failed', reason: error instanceof Error ? error.message : String(error) })
  } catch {
    // A full disk or a lost database cannot take the reason; the caller gets it, and the run shows as interrupted.
  }
  logLine(store, id, 'error', failedText(error))
}

/** Of what both sessions used. */
function changedVersions(before: TrainerIdentity['versions'] = {}, now: TrainerIdentity['versions'] = {}): string[] {
  return Object.entries(now).flatMap(([name, version]) => {
    const earlier = before[name]
    return earlier === undefined || earlier === version ? [] : [`${name} was ${earlier} and is ${version}`]
  })
}

/** How large the blocks of an engine of TensorFlow.js are. */
const blockWords = ({ blockFloats }: TrainerIdentity): string =>
  blockFloats === undefined ? 'the usual' : `${blockFloats} floats`

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
    // Only of an engine of TensorFlow.js, which the change of the engine itself says already.
    ...(before.device && now.device ? changed('device', before.device, now.device) : []),
    ...changedVersions(before.versions, now.versions),
    // Those of an engine that went on for another run before this one; by itself a run keeps its own.
    ...(before.engine === now.engine ? changed('size of blocks', blockWords(before), blockWords(now)) : []),
    ...(revisionOf(before) === revisionOf(now)
      ? []
      : [
          `numerics were revision ${revisionOf(before)} (version ${versionBefore}) and are ${revisionOf(now)} (version ${version})`,
        ]),
  ]
  const changes = [...(before.changes ?? []), ...differences, ...(now.changes ?? [])]
  return { trainer: changes.length > 0 ? { ...now, changes } : now, differences }
}
