/** Work to be done, as it is asked for, and as it stands. Times are milliseconds since the Unix epoch. */

import type { EngineName } from '../../../core/config/engines.ts'

/** Changes to a preset's settings, nested as in a configuration file. */
type Settings = Record<string, unknown>

export type JobRequest =
  | { readonly kind: 'train'; readonly name: string; readonly settings: Settings }
  | {
      readonly kind: 'resume'
      readonly run: string
      /** Iterations to end at, where more are wanted than the run was configured for. */
      readonly iterations?: number | undefined
      /** In place of the engine that computed it so far. */
      readonly engine?: EngineName | undefined
    }
  | {
      readonly kind: 'fine-tune'
      readonly name: string
      /** Checkpoints by their ids, runs by theirs (their newest checkpoint), or `random`: a fresh network. */
      readonly initialisations: string[]
      /** Seeds; the first `fineTune.tasks` held-out ones when left out. */
      readonly tasks?: number[] | undefined
      /** All that differs from the settings of the first checkpoint. */
      readonly settings: Settings
    }
  | {
      readonly kind: 'study'
      readonly study: string
      readonly scale: 'smoke' | 'small' | 'paper'
      readonly seeds?: number[] | undefined
      readonly settings?: Settings | undefined
      /** For figures and tables; a default beside the database when left out. */
      readonly folder?: string | undefined
    }

export interface JobRow {
  readonly id: string
  readonly kind: JobRequest['kind']
  readonly name: string
  readonly state: 'waiting' | 'starting' | 'running' | 'stopping' | 'done' | 'stopped' | 'failed' | 'interrupted'
  /** Why it failed or was interrupted. */
  readonly reason: string | null
  /** The run that it works on, as soon as there is one; of a study, the present one. */
  readonly run: string | null
  readonly done: number
  readonly total: number
  readonly etaSeconds: number | null
  /** Task workers, while it runs. */
  readonly workers: number | null
  /** What it is doing, in words; of a study, its phase. */
  readonly phase: string | null
  readonly queuedAt: number
  readonly startedAt: number | null
  readonly finishedAt: number | null
  /**
   * The training that the job does in two parts: the training itself, then its own fine-tuning, which `run` is by then; null
   * where there is but one part, or where it is not in progress.
   */
  readonly training: string | null
  /** Whether there is anything left to go on with, of a job that ended before it was done. */
  readonly goesOn: boolean
  /** Whether this program works on it; else another one that uses the same database. */
  readonly mine: boolean
}

export interface Activity {
  readonly cursor: number
  /** Whether waiting jobs are held back. */
  readonly paused: boolean
  readonly cores: number
  /** Running first, then waiting in their order, then the newest finished. */
  readonly jobs: JobRow[]
}

export interface Estimate {
  readonly envSteps: number
  /** null where nothing like it has been measured on this machine. */
  readonly seconds: number | null
  /** What the time was measured on, in words. */
  readonly measuredOn: string | null
  readonly bytes: number
  /** Bytes free where the database is; null where unknown. */
  readonly bytesFree: number | null
  readonly tasks: number
}
