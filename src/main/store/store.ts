// What the rest of the program knows about the database: the questions it can ask and the shape of the answers. Times are
// milliseconds since the Unix epoch. Every method but those of bundles is synchronous; every write is one transaction: after it returns, its
// data survive the death of the process and of the machine, and if it throws (always a `StoreError`), nothing changed.
import type { RunConfig } from '../../core/config/settings.ts'
import type { FineTuneResult } from '../../core/training/jobs.ts'
import type { IterationResult } from '../../core/training/iteration.ts'
import type { IterationMetrics, MetricName } from '../../core/training/records.ts'
import type { TrainingState } from '../../core/training/state.ts'
import type { AdaptationStepRecord } from '../../core/rl/adaptation.ts'
import type { EpisodeStatistics } from '../../core/rl/rollout.ts'
import type { TrainerIdentity } from '../trainer/client.ts'
import type { BundleRequest, ImportReport, LeftOut } from './bundle/bundle.ts'

export type RunKind = 'train' | 'fine-tune'

/** How a run trains; null where it fine-tunes. */
export type RunMethod = RunConfig['method'] | null

/** `interrupted` is never stored: it is a running run whose owner is dead or silent. */
export type RunStatus = 'running' | 'completed' | 'stopped' | 'failed' | 'interrupted'

/** How a run may end by its owner's word. */
export type RunOutcome =
  { readonly status: 'completed' | 'stopped' } | { readonly status: 'failed'; readonly reason: string }

export interface NewRun {
  readonly kind: RunKind
  readonly name: string
  /** Fully resolved. */
  readonly config: RunConfig
  readonly trainer: TrainerIdentity
  /** What 100 % is: iterations, or fine-tuning results (initialisations x tasks). */
  readonly total: number
  /** The checkpoint that the run starts from, if any. */
  readonly parentCheckpoint?: string
  /** Of a fine-tuning: seeds of its tasks, in their order, so that it goes on with the same ones. */
  readonly tasks?: readonly number[]
}

/** One line of a list of runs. */
export interface RunSummary {
  /** Short, unique, in order of creation. */
  readonly id: string
  readonly name: string
  readonly kind: RunKind
  readonly method: RunMethod
  readonly status: RunStatus
  /** Why it failed. */
  readonly reason: string | null
  readonly seed: number
  /** From the configuration: `environment.world`; the policy step of training or fine-tuning; `costLimit`. */
  readonly world: string
  readonly algorithm: string
  readonly costLimit: number
  /** Iterations or fine-tuning results committed, and asked for. */
  readonly done: number
  readonly total: number
  readonly envSteps: number
  readonly createdAt: number
  /** Start of the newest session (creation or resume). */
  readonly startedAt: number
  readonly finishedAt: number | null
  /** Last sign of life of the owner. */
  readonly heartbeatAt: number
  /** Name of the bundle that the run was imported from; null for a run of this database. */
  readonly source: string | null
}

export interface Run extends RunSummary {
  /** As resolved when the run was created, never today's defaults; of an older version, in today's form. */
  readonly config: RunConfig
  readonly trainer: TrainerIdentity
  /** Of the newest session. */
  readonly appVersion: string
  readonly parentRun: string | null
  readonly parentCheckpoint: string | null
  /** Of a fine-tuning: seeds of its tasks, in their order; null for a training. */
  readonly tasks: readonly number[] | null
  /** Of an imported run: its id in the bundle, and what the bundle lacks. */
  readonly sourceRun: string | null
  readonly leftOut: LeftOut | null
  /** The owner of the newest session. */
  readonly owner: { readonly pid: number; readonly host: string }
}

export interface RunFilter {
  readonly kind?: RunKind
  /** Newest first; all when left out. */
  readonly limit?: number
}

/** Inclusive; an end left out is open. */
export interface IterationRange {
  readonly from?: number
  readonly to?: number
}

export interface IterationRow {
  readonly iteration: number
  /** Environment steps taken in training so far. */
  readonly envSteps: number
  readonly committedAt: number
  readonly metrics: IterationMetrics
}

/** A stretch of a series. Means alone would hide the peaks that matter. */
export interface SeriesBucket {
  readonly firstIteration: number
  readonly lastIteration: number
  readonly count: number
  readonly min: number
  readonly max: number
  readonly mean: number
}

export interface SeriesQuery extends IterationRange {
  /** At most so many buckets are answered; below it every iteration is its own bucket. */
  readonly buckets: number
}

/** Episode statistics of a policy, as they were recorded. */
export interface PolicyNumbers extends Omit<EpisodeStatistics, 'longestCostRun'> {
  /** null in runs of program version 0.1, which did not measure it. */
  readonly longestCostRun: number | null
}

/** One policy on one task of an iteration. */
export interface TaskStepRow extends PolicyNumbers {
  readonly iteration: number
  readonly task: number
  /** 0: the meta-policy, or in pre-training the policy; K: the adapted policy. */
  readonly step: number
  /** What the adaptation step from this policy did; null for the adapted policy. */
  readonly adaptation: AdaptationNumbers | null
}

type AdaptationStep = Omit<AdaptationStepRecord, keyof EpisodeStatistics>

export interface AdaptationNumbers extends Omit<AdaptationStep, 'costChange' | 'feasibility'> {
  /** null in runs of program version 0.1, which did not record them. */
  readonly costChange: AdaptationStep['costChange'] | null
  readonly feasibility: AdaptationStep['feasibility'] | null
}

/** Where fine-tuning starts from. */
export interface InitialisationInput {
  /** Unique within the run; what tables and charts call it. */
  readonly label: string
  /** null is the random initialisation. */
  readonly checkpoint: string | null
}

export interface InitialisationRow {
  /** Position in the order of declaration, from 0. */
  readonly index: number
  readonly label: string
  readonly kind: 'random' | 'checkpoint'
  /** null for random, and after the checkpoint was deleted. */
  readonly checkpoint: string | null
  /** sha-256 of the checkpoint, kept after its deletion. */
  readonly sha256: string | null
}

/** One policy of a fine-tuning: before the first (step 0) and after each adaptation step (1..K). */
export interface FineTuneRow extends PolicyNumbers {
  readonly initialisation: number
  readonly task: number
  readonly step: number
  /** What the adaptation step from this policy did; null after the last. */
  readonly adaptation: AdaptationNumbers | null
}

/**
 * `milestone`: kept for good; `last`: one per run, replaced; `imported`: from a file, of no run.
 */
export type CheckpointKind = 'milestone' | 'last' | 'imported'

export interface CheckpointRow {
  readonly id: string
  readonly kind: CheckpointKind
  readonly run: string | null
  readonly iteration: number
  readonly envSteps: number
  /** Of its content; equal content has equal hashes. */
  readonly sha256: string
  /** Bytes stored. */
  readonly size: number
  readonly createdAt: number
  /** Name of the file that an imported checkpoint came from. */
  readonly source: string | null
}

/** A trained policy with everything that continues or uses it. */
export interface Checkpoint {
  readonly config: RunConfig
  readonly state: TrainingState
}

/** Whose episode it is. Unique: storing again replaces. */
export interface EpisodeKey {
  readonly run: string
  /** Null: the policy of iteration `iteration`; else the fine-tuning initialisation's index. */
  readonly initialisation: number | null
  readonly iteration: number
  readonly task: number
  readonly step: number
  /** Position in the batch, from 0. */
  readonly episode: number
}

export interface EpisodeRow extends EpisodeKey {
  readonly id: number
  readonly return: number
  readonly cost: number
  readonly length: number
  readonly sha256: string
  readonly size: number
}

export interface GcReport {
  readonly blobsDeleted: number
  /** Bytes by which the database file shrinks, now or (while somebody reads an older state) at the next checkpoint. */
  readonly bytesFreed: number
}

export interface Store {
  readonly file: string

  /** Creates a run that this process owns. */
  createRun(run: NewRun): Run
  /** Newest first. */
  runs(filter?: RunFilter): RunSummary[]
  /** @param reference id, unique ending of an id (3 characters or more), unique name, or `latest` */
  run(reference: string): Run
  /**
   * Takes over a stopped, failed, interrupted or completed run in order to go on with it; refused while its owner lives.
   */
  resumeRun(id: string, trainer: TrainerIdentity): Run
  /** The owner's sign of life between commits (each commit is one too); at least every `HEARTBEAT_MS`. */
  heartbeat(id: string): void
  /** Ends the session; a training that completed or was stopped leaves its `last` checkpoint. */
  finishRun(id: string, outcome: RunOutcome): void
  /** Refused while its owner lives. Its disk is free for new data at once, and given back to the system by `gc`. */
  deleteRun(id: string): void
  /** Deletes every run that came from bundles of this name; returns how many. Refused where there is none. */
  deleteSource(source: string): number

  /**
   * Record, per-task rows, resume state and (if asked) checkpoints. The iteration must be the successor of the run's
   * last one, and this process its owner.
   *
   * @param milestone keep this state for good
   */
  commitIteration(id: string, result: IterationResult, milestone: boolean): void
  iterations(id: string, range?: IterationRange): IterationRow[]
  /** Never the whole series of a long run: stretches with their extremes. */
  series(id: string, metric: MetricName, query: SeriesQuery): SeriesBucket[]
  taskSteps(id: string, range?: IterationRange): TaskStepRow[]
  /** Where to go on; null before the first iteration. */
  resumeState(id: string): TrainingState | null

  /** Declares what a run fine-tunes from; once per run, before the first result. */
  declareInitialisations(id: string, initialisations: readonly InitialisationInput[]): InitialisationRow[]
  initialisations(id: string): InitialisationRow[]
  /** @param initialisation index as declared; a result that is already there is refused */
  commitFineTuneResult(id: string, initialisation: number, result: FineTuneResult): void
  /** By initialisation, task, step. */
  fineTuneRows(id: string): FineTuneRow[]
  /** Pairs that are committed, so that an interrupted fine-tuning goes on with the others. */
  fineTuneDone(id: string): { readonly initialisation: number; readonly task: number }[]

  /** Of one run, or all; newest first. */
  checkpoints(run?: string): CheckpointRow[]
  /**
   * @param reference a checkpoint's id, the beginning of its sha-256 (at least 8 digits), `RUN` or `RUN@last` (the newest
   *   state, also of a run in progress), `RUN@120` (a milestone); RUN as in `run`
   */
  checkpoint(reference: string): CheckpointRow
  /** Verified against its hash. */
  readCheckpoint(id: string): Checkpoint
  /** The exact bytes, a safetensors file; verified against their hash. */
  readCheckpointBytes(id: string): Uint8Array
  /**
   * Stores a checkpoint file's content; content that is already there keeps its row.
   *
   * @param source name of the file
   */
  importCheckpoint(bytes: Uint8Array, source: string): CheckpointRow
  deleteCheckpoint(id: string): void

  saveEpisode(
    key: EpisodeKey,
    numbers: { readonly return: number; readonly cost: number; readonly length: number },
    data: Uint8Array,
  ): EpisodeRow
  episodes(run: string): EpisodeRow[]
  /** Verified against its hash. */
  readEpisode(id: number): Uint8Array

  /** The content of a bundle file: the chosen runs, thinned; one consistent snapshot. */
  writeBundle(request: BundleRequest): Promise<Uint8Array>
  /**
   * Copies the runs of a bundle file's content into the database, all or none; runs of the same bundle that are there
   * already are left alone.
   *
   * @param source what the bundle is called; its runs are marked with it
   */
  importBundle(bytes: Uint8Array, source: string): Promise<ImportReport>

  /** Deletes what nothing refers to and shrinks the file. Safe while other processes read and write. */
  gc(): GcReport
  /** Writes a consistent copy to a new file, while others go on. */
  backup(file: string): void
  /** Safe in any state; a second call does nothing. */
  close(): void
}

/** Owners give a sign of life at least this often. */
export const HEARTBEAT_MS = 10_000

export interface OpenOptions {
  /** Version of the program, recorded with runs and migrations. */
  readonly appVersion: string
  /**
   * `existing`: the file must be there; `create`: it is created in an existing folder; `create-folder`: the folder too.
   */
  readonly mode: 'existing' | 'create' | 'create-folder'
  /** How long a write waits for another process (ms). */
  readonly busyTimeout?: number
}
