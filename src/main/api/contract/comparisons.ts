// Initialisations beside each other over adaptation: all their numbers at once, and comparisons that people keep.
import { oc } from '@orpc/contract'
import { z } from 'zod'
import { TASK_ORIGINS } from '../../../core/study/comparison/cube.ts'
import { comparisonLayout } from '../../../core/study/comparison/layout.ts'
import { seriesRoles } from '../../../core/study/figure-data.ts'
import { integers, numbers } from './metrics.ts'
import { runId, runName, settingDifference } from './runs.ts'

export const comparisonId = z.string().min(1).max(64)
const runIds = z.array(runId).min(1).max(1000)
const scale = z.enum(['smoke', 'small', 'paper'])

/** What is compared: runs (a training stands for its fine-tuning), a saved comparison, or what the database has of a study. */
export const comparisonSource = z.union([
  z.strictObject({ runs: runIds }),
  z.strictObject({ comparison: comparisonId }),
  z.strictObject({ study: z.string().max(60), scale }),
])
export type ComparisonSource = z.infer<typeof comparisonSource>

/** A training behind an initialisation. */
export const comparedTraining = z.object({
  /** null where its run is not in the database: its checkpoint came alone. */
  run: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** null where it was deleted; what else is known of it is null then too. */
  checkpoint: z.string().nullable(),
  sha256: z.string(),
  seed: z.number().nullable(),
  iteration: z.number().nullable(),
  envSteps: z.number().nullable(),
})
export type ComparedTraining = z.infer<typeof comparedTraining>

export const comparedInitialisation = z.object({
  label: z.string(),
  role: z.enum(seriesRoles),
  /** None of a random network. */
  trainings: z.array(comparedTraining),
  /** How all were trained; null where nothing was, where methods differ, or where one was deleted. */
  method: z.enum(['meta', 'pre-train']).nullable(),
  fineTuningSeeds: z.array(z.number()),
  /** Interaction: environment steps of training, mean over its trainings; null where one was deleted. */
  trainingSteps: z.number().nullable(),
  /** Environment steps of one fine-tuning, all its policies together, mean over tasks and replicates. */
  fineTuningSteps: z.number(),
  /** Of the tasks, the seeds that it was trained on. */
  trainingTasks: z.array(z.number()),
  /** How many tasks each of its trainings draws from; null where that is not known, or where trainings differ. */
  trainedOn: z.union([z.number(), z.enum(['fresh layouts', 'nothing'])]).nullable(),
})
export type ComparedInitialisation = z.infer<typeof comparedInitialisation>

/** A published result to hold curves against. */
export const publishedReference = z.object({
  label: z.string(),
  quantity: z.enum(['return', 'cost']),
  mean: z.number(),
  /** Standard deviation over its seeds. */
  deviation: z.number(),
  source: z.string(),
})
export type PublishedReference = z.infer<typeof publishedReference>

/** The whole comparison; a `Cube` of `src/core/study/comparison/cube.ts` with what is behind it. */
export const comparisonData = z.object({
  /** Of all that there is. */
  title: z.string(),
  /** What the title begins with where it ends with sizes; null where people gave it. */
  subject: z.string().nullable(),
  /** The fine-tunings. */
  runs: z.array(z.object({ id: z.string(), name: z.string(), seed: z.number(), status: z.string() })),
  /** What a reader has to know about the choice of runs. */
  notes: z.array(z.string()),
  world: z.string(),
  /** What is fine-tuned with. */
  algorithm: z.string(),
  horizon: z.number(),
  /** Whole episodes behind each value. */
  episodes: z.number(),
  costLimit: z.number(),
  steps: z.number(),
  initialisations: z.array(comparedInitialisation),
  replicates: z.array(z.object({ trainingSeed: z.number().nullable(), fineTuningSeed: z.number() })),
  tasks: z.array(
    z.object({
      seed: z.number(),
      origin: z.enum(TASK_ORIGINS),
      goalDistance: z.number(),
      bestReturn: z.number().nullable(),
    }),
  ),
  /** Each [initialisations x replicates x tasks x (steps + 1)], the last index fastest; NaN where there is no result. */
  values: z.object({ return: numbers, cost: numbers, goals: numbers, transitions: numbers }),
  /** The fine-tunings that values come from: a run, and the index of its initialisation. */
  starts: z.array(z.object({ run: z.string(), initialisation: z.number() })),
  /** [initialisations x replicates x tasks]: index of `starts`, -1 where there is no result. */
  startOf: integers,
  /** Settings of the trainings that are not the same for all, one value for each initialisation (null: random). */
  differences: z.array(settingDifference),
  references: z.array(publishedReference),
  /** Why published results of this world are not among them; null where none is held back. */
  referencesWithheld: z.string().nullable(),
})
export type ComparisonData = z.infer<typeof comparisonData>

export type ComparisonLayout = z.infer<typeof comparisonLayout>

export const savedComparison = z.object({
  id: z.string(),
  name: z.string(),
  /** As they were named; those in the bin and those deleted since are left out of what is shown. */
  runs: z.array(z.string()),
  /** How many of the runs are not there any more. */
  missing: z.number(),
  notes: z.string(),
  layout: comparisonLayout,
  /** Milliseconds since the Unix epoch. */
  createdAt: z.number(),
  changedAt: z.number(),
  /** Name of the bundle that it was imported from. */
  source: z.string().nullable(),
})
export type SavedComparison = z.infer<typeof savedComparison>

/** Runs of the database that belong together. */
export const suggestedComparison = z.object({
  /** e.g. `figure-4, small: 4 initialisations x 117 tasks x 3 seeds` */
  title: z.string(),
  study: z.string().nullable(),
  scale: scale.nullable(),
  runs: z.array(z.string()),
  labels: z.array(z.string()),
  tasks: z.number(),
  seeds: z.number(),
  world: z.string(),
  /** Results there are, and that were asked for. */
  done: z.number(),
  total: z.number(),
})
export type SuggestedComparison = z.infer<typeof suggestedComparison>

const file = z.object({ name: z.string(), type: z.string(), bytes: z.instanceof(Uint8Array) })
const one = z.object({ comparison: comparisonId })

export const comparisonsContract = {
  data: oc.input(comparisonSource).output(comparisonData),
  /** Newest first. */
  list: oc.output(z.array(savedComparison)),
  suggest: oc.output(z.array(suggestedComparison)),
  save: oc
    .input(
      z.object({
        name: runName,
        runs: runIds,
        notes: z.string().max(100_000).default(''),
        layout: comparisonLayout.default({}),
      }),
    )
    .output(savedComparison),
  rename: oc.input(one.extend({ name: runName })),
  setRuns: oc.input(one.extend({ runs: runIds })),
  setLayout: oc.input(one.extend({ layout: comparisonLayout })),
  /** `was`: the text that the new one was written over. Where another is stored by now, nothing is, and the answer has it. */
  setNotes: oc
    .errors({ CONFLICT: { data: z.object({ notes: z.string() }) } })
    .input(one.extend({ notes: z.string().max(100_000), was: z.string() })),
  /**
   * One HTML file that needs nothing else: figures, tables, budgets, differences, versions. Without a layout: as the
   * comparison is kept, else as usual.
   */
  report: oc.input(z.object({ source: comparisonSource, layout: comparisonLayout.optional() })).output(file),
  /**
   * `zip`: figures, data, settings, checkpoints as files, and a bundle inside; `bundle`: that alone. `import` of another
   * installation takes either.
   */
  bundle: oc
    .input(
      z.object({
        comparison: comparisonId,
        format: z.enum(['zip', 'bundle']),
        /** Recorded episodes of its runs come along. */
        episodes: z.boolean().default(false),
        /** Trainings behind the initialisations come along with their series, not only with their checkpoints. */
        trainings: z.boolean().default(true),
      }),
    )
    .output(file),
  /** A bundle, or the zip of a comparison. */
  import: oc
    .input(z.object({ name: z.string().max(300), bytes: z.instanceof(Uint8Array) }))
    .output(z.object({ added: z.number(), comparisons: z.array(comparisonId) })),
}
