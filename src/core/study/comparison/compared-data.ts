/** What is compared, and all that is known of it, as plain data. */
import type { Cube, CubeInitialisation, CubeTask, Replicate } from './cube.ts'
import type { VaryingSetting } from '../training-comparison/groups.ts'
import type { RunConfig } from '../../config/settings.ts'
import type { ScaleName } from '../plan/scales.ts'

/** Runs (a training stands for its fine-tuning), a kept comparison, or what the database has of a study. */
export type ComparisonSource =
  | { readonly runs: readonly string[] }
  | { readonly comparison: string }
  | { readonly study: string; readonly scale: ScaleName }

/** A training behind an initialisation. */
export interface ComparedTraining {
  /** null where its run is not in the database: its checkpoint came alone. */
  readonly run: { readonly id: string; readonly name: string } | null
  /** null where it was deleted; what else is known of it is null then too. */
  readonly checkpoint: string | null
  readonly sha256: string
  readonly seed: number | null
  readonly iteration: number | null
  readonly envSteps: number | null
}

export interface ComparedInitialisation extends CubeInitialisation {
  /** None of a random network. */
  readonly trainings: ComparedTraining[]
  /** How all were trained; null where nothing was, where methods differ, or where one was deleted. */
  readonly method: RunConfig['method'] | null
  readonly fineTuningSeeds: number[]
  /** Environment steps of training, mean over its trainings; null where one was deleted. */
  readonly trainingSteps: number | null
  /** Environment steps of one fine-tuning, all its policies together, mean over tasks and replicates. */
  readonly fineTuningSteps: number
  /** Of the tasks, the seeds that it was trained on. */
  readonly trainingTasks: number[]
  /** How many tasks each of its trainings draws from; null where that is not known, or where trainings differ. */
  readonly trainedOn: number | 'fresh layouts' | 'nothing' | null
}

/** A published result to hold curves against. */
export interface PublishedReference {
  readonly label: string
  readonly quantity: 'return' | 'cost'
  readonly mean: number
  /** Standard deviation over its seeds. */
  readonly deviation: number
  readonly source: string
}

/** A whole comparison. */
export interface ComparisonData extends Cube {
  /** Of all that there is. */
  readonly title: string
  /** What the title begins with where it ends with sizes; null where people gave it. See `titleOf`. */
  readonly subject: string | null
  /** The fine-tunings. */
  readonly runs: { readonly id: string; readonly name: string; readonly seed: number; readonly status: string }[]
  /** What a reader has to know about the choice of runs. */
  readonly notes: string[]
  readonly world: string
  /** What is fine-tuned with. */
  readonly algorithm: string
  readonly horizon: number
  /** Whole episodes behind each value. */
  readonly episodes: number
  readonly initialisations: ComparedInitialisation[]
  readonly replicates: Replicate[]
  readonly tasks: CubeTask[]
  /** The fine-tunings that values come from: a run, and the index of its initialisation. */
  readonly starts: { readonly run: string; readonly initialisation: number }[]
  /** [initialisations x replicates x tasks]: index of `starts`, -1 where there is no result. */
  readonly startOf: Int32Array
  /** Settings of the trainings that are not the same for all, one value for each initialisation. */
  readonly differences: SettingDifference[]
  readonly references: PublishedReference[]
  /** Why published results of this world are not among them; null where none is held back. */
  readonly referencesWithheld: string | null
}

/** `values` in the order of the initialisations; null for one without a training, or whose training does not read it. */
export interface SettingDifference extends VaryingSetting {
  readonly values: unknown[]
}

/** Runs of the database that belong together. */
export interface SuggestedComparison {
  readonly title: string
  readonly study: string | null
  readonly scale: ScaleName | null
  readonly runs: string[]
  readonly labels: string[]
  readonly tasks: number
  readonly seeds: number
  readonly world: string
  /** Results there are, and that were asked for. */
  readonly done: number
  readonly total: number
}
