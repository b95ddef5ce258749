// What the rest of the program knows about the database: the questions it can ask. Every method but those of bundles is
// synchronous; every write is one transaction: after it returns, its data survive the death of the process and of the
// machine, and if it throws (always a `StoreError`), nothing changed.
import type { FineTuneResult } from '../../core/training/jobs.ts'
import type { IterationResult } from '../../core/training/iteration.ts'
import type { MetricName } from '../../core/training/records.ts'
import type { TrainingState } from '../../core/training/state.ts'
import type { ChangedFacts, TrainedEpisode, TrainerIdentity } from '../trainer/client.ts'
import type { BundleRequest, ImportReport } from './bundle/bundle.ts'
import type { ComparisonStore } from './comparisons.ts'
import type { CheckpointCard } from './checkpoint/card.ts'
import type { CheckpointResult } from './checkpoint-results.ts'
import type { FineTuneCells } from './fine-tune-cells.ts'
import type { JobStore } from './jobs.ts'
import type { StopMode, StopRequest } from './stop-requests.ts'
import type { MeasuredSpeed, SpeedQuery } from './speeds.ts'
import type { TaskResults, UsedTasks } from './task-results.ts'
import type {
  Checkpoint,
  CheckpointRow,
  EpisodeKey,
  EpisodeList,
  EpisodeOwners,
  EpisodeQuery,
  EpisodeRow,
  FineTuneRow,
  GcReport,
  InitialisationInput,
  InitialisationRow,
  IterationRange,
  IterationRow,
  NewRun,
  ResumePoint,
  Run,
  RunFilter,
  RunOutcome,
  RunSummary,
  SeriesBucket,
  SeriesQuery,
  TaskStepRow,
} from './rows.ts'
import type {
  BinnedRun,
  ChildRun,
  LogLevel,
  LogLine,
  NewIterations,
  Organisation,
  RunListChanges,
  RunListRow,
  RunSeries,
  StoreSize,
  TaskCells,
  TaskCellsQuery,
} from './organisation-rows.ts'

export type * from './comparisons.ts'
export type * from './fine-tune-cells.ts'
export type * from './organisation-rows.ts'
export type * from './jobs.ts'
export type * from './rows.ts'
export type * from './speeds.ts'
export type * from './stop-requests.ts'
export type * from './task-results.ts'

export interface Store {
  readonly file: string

  /** Creates a run that this process owns. */
  createRun(run: NewRun): Run
  /** Newest first, without those in the bin. */
  runs(filter?: RunFilter): RunSummary[]
  /** @param reference id, unique ending of an id (3 characters or more), unique name, or `latest` */
  run(reference: string): Run
  /**
   * Takes over a stopped, failed, interrupted or completed run in order to go on with it; refused while its owner lives.
   */
  resumeRun(id: string, trainer: TrainerIdentity): Run
  /** Adds to what changed on the way of a run of this process (`TrainerIdentity.changes`), with what became of it. */
  noteChange(id: string, change: string, facts?: ChangedFacts): void
  /** The owner's sign of life between commits (each commit is one too); at least every `HEARTBEAT_MS`. */
  heartbeat(id: string): void
  /** Ends the session; a training that completed or was stopped leaves its `last` checkpoint. */
  finishRun(id: string, outcome: RunOutcome): void
  /** Asks the run's owner, in whatever program, to stop; refused where nobody works on it. */
  requestStop(id: string, how: StopMode): void
  /** What its owner is asked for in this session; null where nobody wants it to stop. */
  stopRequested(id: string): StopRequest | null
  /** How fast the newest trainings of a kind were, computed here on such a machine. */
  speeds(query: SpeedQuery): MeasuredSpeed[]
  /** What is to be done, by whichever program has time for it. */
  readonly jobs: JobStore
  /** Comparisons that people keep. */
  readonly comparisons: ComparisonStore
  /** Refused while its owner lives. Its disk is free for new data at once, and given back to the system by `gc`. */
  deleteRun(id: string): void
  /** Deletes every run that came from bundles of this name; returns how many. Refused where there is none. */
  deleteSource(source: string): number

  /**
   * What happened to the list of runs since `cursor`, in this or another process; the whole list for null, and where the
   * database does not know the cursor (any more).
   *
   * @param epoch that the cursor came with, where it may be another database's
   */
  changesSince(cursor: number | null, epoch?: string): RunListChanges
  /** A run as that list has it, by its id; null where it has none, e.g. because the run is in the bin. */
  listedRun(id: string): RunListRow | null
  /** Another number whenever another connection, also of another process, has committed; costs nothing. */
  dataVersion(): number
  /**
   * A dead owner writes nothing, so runs that it leaves behind, or that come back to life, change without a write: makes
   * changes of them, for `changesSince`. Returns how many.
   */
  noticeInterruptions(): number
  rename(id: string, name: string): void
  /**
   * @param was what they must be for the new ones to take their place; anything if left out
   * @returns what is stored instead, and stays; null where the new ones are stored
   */
  setNotes(id: string, notes: string, was?: string): string | null
  /** All or none of the runs. */
  organise(ids: readonly string[], change: Organisation): void
  /** Puts runs out of sight, all or none; refused while an owner lives. Returns the time that they are marked with. */
  bin(ids: readonly string[]): number
  /** Brings binned runs back, all or none. */
  restore(ids: readonly string[]): void
  /** Runs that can be brought back, the newest deletion first. */
  binned(): BinnedRun[]
  /** Those of the runs that are in the bin go with the next `purgeBinned`, whatever the times of both. */
  dropBinned(ids: readonly string[]): void
  /**
   * Deletes what was binned before a time (ms since the epoch; all by default) and gives the disk back, in short
   * transactions with pauses between them. What it began, and left when the signal was aborted, is finished by the next
   * call. Returns how many runs went.
   */
  purgeBinned(before?: number, signal?: AbortSignal): Promise<number>
  /**
   * Asks a training to go on to more iterations when it is resumed. A schedule over all iterations (`meta.finalKlShare`) is
   * stretched, which the run's log then says.
   */
  extendRun(id: string, total: number): void
  /** Why a run cannot be extended, in words; null where it can. */
  extendObstacle(id: string): string | null
  /** Runs that start from its checkpoints; newest first. */
  children(id: string): ChildRun[]
  /** Bytes that deleting the run frees; rows of results by estimate. */
  runSize(id: string): number
  /** A setting by its dotted path, of every run, in today's form; undefined where a run has no such setting. */
  settingOfRuns(path: string): [id: string, value: unknown][]
  /** For each text (in small letters): ids of the runs in sight whose notes have it in them. */
  runsNoting(texts: readonly string[]): string[][]
  storageReport(): StoreSize

  /** Adds a line to a run's log; any process may. */
  appendLog(id: string, level: LogLevel, text: string): void
  /** Lines of the log after a line's index (all for null), at most `limit` of them. */
  logAfter(id: string, after: number | null, limit?: number): LogLine[]

  /**
   * Record, per-task rows, resume state and (if asked) checkpoints. The iteration must be the successor of the run's
   * last one, and this process its owner.
   *
   * @param milestone keep this state for good
   * @param episodes of this state, recorded on the way
   */
  commitIteration(id: string, result: IterationResult, milestone: boolean, episodes?: readonly TrainedEpisode[]): void
  iterations(id: string, range?: IterationRange): IterationRow[]
  /** Never the whole series of a long run: stretches with their extremes. */
  series(id: string, metric: MetricName, query: SeriesQuery): SeriesBucket[]
  /** Several series at once, with what to draw them over; at most `buckets` stretches each. */
  chartSeries(id: string, metrics: readonly MetricName[], query: SeriesQuery): RunSeries
  /** Iterations after one, one by one; at most `limit` of them, the oldest. */
  iterationsAfter(id: string, after: number, metrics: readonly MetricName[], limit?: number): NewIterations
  taskCells(id: string, query: TaskCellsQuery): TaskCells
  taskSteps(id: string, range?: IterationRange): TaskStepRow[]
  /** Where to go on; null before the first iteration. */
  resumeState(id: string): TrainingState | null
  /** About that state; null where there is none. */
  resumePoint(id: string): ResumePoint | null
  /** Which tasks runs train on and hold out; those of most runs first. */
  usedTasks(): UsedTasks[]
  /** What all runs in a world found on one of its tasks. */
  taskResults(world: string, task: number): TaskResults

  /** Declares what a run fine-tunes from; once per run, before the first result. */
  declareInitialisations(id: string, initialisations: readonly InitialisationInput[]): InitialisationRow[]
  initialisations(id: string): InitialisationRow[]
  /** @param initialisation index as declared; a result that is already there is refused */
  commitFineTuneResult(id: string, initialisation: number, result: FineTuneResult): void
  /** By initialisation, task, step. */
  fineTuneRows(id: string): FineTuneRow[]
  /** The same in columns, without what adaptation did. */
  fineTuneCells(id: string): FineTuneCells
  /** Whether every row knows its longest run of cost steps; program version 0.1 did not measure it. */
  hasLongestCostRuns(id: string): boolean
  /** Pairs that are committed, so that an interrupted fine-tuning goes on with the others. */
  fineTuneDone(id: string): { readonly initialisation: number; readonly task: number }[]

  /** Of one run by their iterations, the last one first; or all, newest first. */
  checkpoints(run?: string): CheckpointRow[]
  /**
   * @param reference a checkpoint's id, the beginning of its sha-256 (at least 8 digits), `RUN` or `RUN@last` (the newest
   *   state, also of a run in progress), `RUN@120` (a milestone); RUN as in `run`
   */
  checkpoint(reference: string): CheckpointRow
  /** Verified against its hash. */
  readCheckpoint(id: string): Checkpoint
  /** What the file that it was imported from said about it; null for others. */
  checkpointCard(id: string): CheckpointCard | null
  /** Of all that are in sight and whose runs recorded both numbers, by id. */
  checkpointResults(): ReadonlyMap<string, CheckpointResult>
  /** The exact bytes, a safetensors file; verified against their hash. */
  readCheckpointBytes(id: string): Uint8Array
  /**
   * Stores a checkpoint file's content; content that is already there keeps its row.
   *
   * @param source name of the file
   */
  importCheckpoint(bytes: Uint8Array, source: string): CheckpointRow
  /** Takes it out of sight, though not from runs that started from it; returns the time that it is marked with. */
  removeCheckpoint(id: string): number
  /** Brings it back unless it is deleted; returns whether. */
  restoreCheckpoint(id: string): boolean
  /** Deletes what was taken out of sight before a time (ms). */
  purgeCheckpoints(before: number): void

  saveEpisode(
    key: EpisodeKey,
    numbers: { readonly return: number; readonly cost: number; readonly length: number },
    data: Uint8Array,
  ): EpisodeRow
  episodes(run: string): EpisodeRow[]
  /** Also one that is out of sight. */
  episode(id: number): EpisodeRow
  /** Of all runs that are in sight. */
  episodePage(query: EpisodeQuery): EpisodeList
  /** Of episodes, runs and checkpoints in sight. */
  ownersOfEpisodes(): EpisodeOwners
  /** Verified against its hash. */
  readEpisode(id: number): Uint8Array
  /** Takes episodes out of sight; says how many, and the time that they are marked with. */
  removeEpisodes(ids: readonly number[]): { readonly removed: number; readonly at: number }
  /** Brings back those that are not deleted; returns how many. */
  restoreEpisodes(ids: readonly number[]): number
  /** Deletes some of what was taken out of sight before a time (ms); returns whether there may be more. */
  purgeSomeEpisodes(before: number): boolean

  /** The content of a bundle file: the chosen runs, thinned; one consistent snapshot. */
  writeBundle(request: BundleRequest): Promise<Uint8Array>
  /**
   * Copies the runs of a bundle file's content into the database, all or none; runs of the same bundle that are there
   * already are left alone, but come out of the bin.
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
