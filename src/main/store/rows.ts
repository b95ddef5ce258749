// What is written to the database and what it answers, as plain data. Times are milliseconds since the Unix epoch.
import type { RunConfig } from '../../core/config/settings.ts'
import type { IterationMetrics } from '../../core/training/records.ts'
import type { TrainingState } from '../../core/training/state.ts'
import type { AdaptationStepRecord } from '../../core/rl/adaptation.ts'
import type { EpisodeStatistics } from '../../core/rl/rollout.ts'
import type { TrainerIdentity } from '../trainer/client.ts'
import type { LeftOut } from './bundle/bundle.ts'

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
  readonly notes: string
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

/** The state that a training goes on from: replaced by every iteration, and not among the checkpoints. */
export interface ResumePoint {
  readonly iteration: number
  readonly committedAt: number
  /** Bytes stored. */
  readonly size: number
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
  /** null: of a checkpoint without its run. */
  readonly run: string | null
  /** The imported checkpoint whose policy acts, where there is no run. */
  readonly checkpoint?: string | null
  /** Null: the policy of iteration `iteration`; else the fine-tuning initialisation's index. */
  readonly initialisation: number | null
  readonly iteration: number
  readonly task: number
  readonly step: number
  /** Counts the episodes of one policy on one task, from 0. */
  readonly episode: number
  /** Actions were sampled; else the mean acted. */
  readonly stochastic: boolean
}

export interface EpisodeRow extends EpisodeKey {
  readonly id: number
  readonly checkpoint: string | null
  readonly return: number
  readonly cost: number
  readonly length: number
  readonly sha256: string
  /** Bytes stored. */
  readonly size: number
  /** Milliseconds since the Unix epoch; null for old recordings. */
  readonly recordedAt: number | null
}

/** Which episodes, all by default, and which page of them. */
export interface EpisodeQuery {
  /** These alone. */
  readonly ids?: readonly number[] | undefined
  readonly run?: string | undefined
  /** An imported checkpoint. */
  readonly checkpoint?: string | undefined
  readonly task?: number | undefined
  /** null: policies of training. */
  readonly initialisation?: number | null | undefined
  readonly step?: number | undefined
  readonly sort: 'newest' | 'task' | 'return' | 'cost' | 'length'
  readonly descending: boolean
  /** `next` of the page before. */
  readonly after: string | null
  readonly limit: number
}

/** An episode in a list over many runs. */
export interface EpisodeListing extends Omit<EpisodeRow, 'initialisation' | 'sha256'> {
  /** Of an imported checkpoint, the name of its file. */
  readonly runName: string
  /** d; null of an imported checkpoint, which has its own configuration. */
  readonly costLimit: number | null
  readonly initialisation: { readonly index: number; readonly label: string } | null
}

/** Ids of what has recorded episodes: of runs, and of checkpoints without one. */
export interface EpisodeOwners {
  readonly runs: string[]
  readonly checkpoints: string[]
}

export interface EpisodeList {
  readonly rows: EpisodeListing[]
  /** Of all that match. */
  readonly total: number
  /** null: this is the last page. */
  readonly next: string | null
}

export interface GcReport {
  readonly blobsDeleted: number
  /** Bytes by which the database file shrinks, now or (while somebody reads an older state) at the next checkpoint. */
  readonly bytesFreed: number
}
