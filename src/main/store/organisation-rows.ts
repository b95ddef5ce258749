// What lists, charts and people's own order of runs ask of the database, as plain data. Times are milliseconds since the
// Unix epoch.
import type { MetricName } from '../../core/training/records.ts'
import type { IterationRange, RunKind, RunMethod, RunSummary } from './rows.ts'

/** A run as a table of runs shows it. */
export interface RunListRow extends Omit<RunSummary, 'heartbeatAt'> {
  /** Wall time of all sessions together (s). */
  readonly activeSeconds: number
  /** Of the newest iteration, after adaptation where the method adapts; of a fine-tuning, means at the last step. */
  readonly lastReturn: number | null
  readonly lastCost: number | null
  /** Of the iteration (of a fine-tuning: the step) of highest return among those within the cost limit. */
  readonly bestReturn: number | null
  readonly bestCost: number | null
  /** In the order of their characters. */
  readonly tags: string[]
  readonly hasNotes: boolean
  readonly pinned: boolean
  readonly archived: boolean
}

/** What happened to the list of runs since a cursor. */
export interface RunListChanges {
  /** To be handed in next. */
  readonly cursor: number
  /** Of the database that the cursor counts in. */
  readonly epoch: string
  /** Whether `rows` is the whole list. */
  readonly complete: boolean
  /** Newest first. */
  readonly rows: RunListRow[]
  /** Ids of runs that were deleted or are in the bin. */
  readonly removed: string[]
}

/** A run that was deleted and can still come back. */
export interface BinnedRun {
  readonly id: string
  readonly name: string
  readonly kind: RunKind
  readonly method: RunMethod
  readonly world: string
  readonly source: string | null
  readonly done: number
  readonly total: number
  readonly binnedAt: number
}

/** What is to change; what is left out stays. */
export interface Organisation {
  readonly pinned?: boolean | undefined
  readonly archived?: boolean | undefined
  readonly addTags?: readonly string[] | undefined
  readonly removeTags?: readonly string[] | undefined
}

export type LogLevel = 'info' | 'warning' | 'error'

export interface LogLine {
  /** From 1, in order of writing, unique within the run. */
  readonly index: number
  readonly time: number
  readonly level: LogLevel
  readonly text: string
}

/** A metric as stretches of iterations; all arrays have the same length. */
export interface SeriesStretches {
  readonly metric: MetricName
  readonly first: Float64Array
  readonly last: Float64Array
  /** Values behind a stretch. */
  readonly count: Float64Array
  readonly min: Float64Array
  readonly max: Float64Array
  readonly mean: Float64Array
}

/** What else than iterations a series can be drawn over, at some iterations, ascending. */
export interface SeriesAxis {
  readonly iteration: Float64Array
  readonly envSteps: Float64Array
  /** Time spent computing the iterations up to there: the running sum of `secondsTotal`. */
  readonly seconds: Float64Array
}

export interface RunSeries {
  /** The run's newest iteration, 0 before the first. */
  readonly cursor: number
  /** In the order in which the metrics were asked for. */
  readonly series: SeriesStretches[]
  /** At the ends of stretches. */
  readonly axis: SeriesAxis
}

export interface NewIterations extends SeriesAxis {
  /** The newest iteration of the answer; what was handed in where there is none. */
  readonly cursor: number
  readonly metrics: MetricName[]
  /** By metric, then iteration; NaN where an iteration has no such metric. */
  readonly values: Float64Array[]
}

export interface TaskCellsQuery extends IterationRange {
  /** The meta-policy before adaptation, or the adapted policy after the last inner step. */
  readonly policy: 'before' | 'after'
  /** At most so many cells are answered: those of every n-th iteration. */
  readonly most: number
}

/** What policies did on tasks: element i of each array belongs to one task of one iteration. */
export interface TaskCells {
  readonly cursor: number
  /** Seeds that occur, ascending. */
  readonly tasks: number[]
  readonly iteration: Int32Array
  readonly task: Int32Array
  readonly return: Float32Array
  readonly cost: Float32Array
}

/** Bytes on disk, in all and by what holds them. */
export interface StoreSize {
  readonly database: number
  readonly writeAheadLog: number
  /** Free pages, which `gc` gives back. */
  readonly reclaimable: number
  /** Without those in the bin. */
  readonly runs: number
  readonly checkpoints: { readonly count: number; readonly bytes: number }
  readonly episodes: { readonly count: number; readonly bytes: number }
}

export interface ChildRun {
  readonly id: string
  readonly name: string
  readonly kind: RunKind
}
