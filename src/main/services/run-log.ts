/** What a run's log says about its sessions: who worked on it, with what, and how it ended. */
import { revisionOf } from '../../core/training/numerics-revision.ts'
import type { LogLevel, Run, Store } from '../store/store.ts'
import { TrainerFailure } from '../trainer/spawn.ts'
import { counted } from './conclusion.ts'

/** The log tells how the work went; it never is why the work fails. */
export function logLine(store: Store, run: string, level: LogLevel, text: string): void {
  try {
    store.appendLog(run, level, text)
  } catch {
    // A database that cannot take a line refuses the next result too, and that is reported.
  }
}

export function startedText({ kind, done, startedAt, createdAt, trainer, appVersion, owner }: Run): string {
  const { engine, cpu, workers, mujoco, node } = trainer
  const begun = startedAt === createdAt && done === 0 ? 'Started' : `Resumed after ${units(kind, done)}`
  return (
    `${begun} by process ${owner.pid} on ${owner.host}: ${counted(workers, 'worker')}, ${cpu}, ${engine}, ` +
    `cmaml-studio ${appVersion} (numerics ${revisionOf(trainer)}), MuJoCo ${mujoco}, Node ${node}.`
  )
}

export const completedText = ({ kind, done, envSteps }: Run): string =>
  kind === 'train'
    ? `Completed: ${units(kind, done)}, ${counted(envSteps, 'environment step')}.`
    : `Completed: ${units(kind, done)}.`

/** @param askedBy another program that asked for it; null: the program that worked on it */
export const stoppedText = ({ kind, done, total }: Run, askedBy: string | null): string =>
  `Stopped after ${done} of ${units(kind, total)}, ${askedBy === null ? 'as it was asked to' : `as ${askedBy} asked`}.`

export function failedText(error: unknown): string {
  if (error instanceof TrainerFailure) return `Failed: ${error.detail}`
  return `Failed: ${error instanceof Error ? error.message : String(error)}`
}

const units = (kind: Run['kind'], count: number) => counted(count, kind === 'train' ? 'iteration' : 'result')
