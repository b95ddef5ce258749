// What the rest of the program knows about bundles: some runs of a database in one small file, to be imported elsewhere.
import type { UnpackedComparison } from './comparisons.ts'

/** Characters. */
export const MAX_DESCRIPTION = 1000

/** Why a bundle cannot be described so; null where it can. */
export const descriptionProblem = ({ length }: string): string | null =>
  length > MAX_DESCRIPTION
    ? `A bundle's description may have ${MAX_DESCRIPTION} characters; this one has ${length}.`
    : null

export interface BundleRequest {
  /** Ids of the runs. */
  readonly runs: readonly string[]
  /** Iterations with metrics that are kept of each run, at most (2 or more); null keeps all. */
  readonly points: number | null
  /** Ids of the recorded episodes that come along, or all of the chosen runs. */
  readonly episodes: 'all' | readonly number[]
  /** Ids of kept comparisons that come along; of their runs, those that do. */
  readonly comparisons?: readonly string[]
  /** A line for people, of at most `MAX_DESCRIPTION` characters. */
  readonly description: string
}

/** What a run lacks since it was put into a bundle; the state from which training could go on is always left out. */
export interface LeftOut {
  /** Metrics are those of every so-many-th iteration, and of the last. */
  readonly metricsEvery: number
  /** Rows per task of training iterations. */
  readonly taskRows: number
  readonly milestones: number
  readonly episodes: number
}

export interface BundleDescription {
  /** Version of the program that wrote it. */
  readonly appVersion: string
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number
  readonly description: string
}

export interface ImportReport extends BundleDescription {
  /** What the runs of the bundle are called here, in the order of their creation. */
  readonly runs: readonly {
    readonly id: string
    readonly name: string
    /** Id in the bundle. */
    readonly sourceRun: string
    /** False where the run had been imported before. */
    readonly added: boolean
  }[]
  readonly comparisons: readonly UnpackedComparison[]
}
