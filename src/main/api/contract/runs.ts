// Questions about runs and their organisation. A page keeps a mirror of all rows, fed by `watch`, so that sorting,
// filtering and grouping cost no round trip.
import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { nameProblem } from '../../../core/runs/name.ts'
import { tagProblem } from '../../../core/runs/tag.ts'
import { sentence } from '../../../core/text/sentence.ts'
import type { RunDetail, SettingDifference } from '../../services/run-detail.ts'
import type { RunChanges } from '../../services/run-feed.ts'
import type { RunRow } from '../../services/run-rows.ts'
import type { LogLine } from '../../store/store.ts'

export type { LogLine, RunChanges, RunDetail, RunRow, SettingDifference }

export const runId = z.string().min(1).max(64)
/** A number that the newest change of a list has; handed back, the stream goes on after it. */
export const cursor = z.number().int().min(0)
/** Tells the cursors of one database from those of another; handed back with the cursor. */
const epoch = z.string().max(64)

const checked = (problemOf: (text: string) => string | null) =>
  z
    .string()
    .trim()
    .superRefine((text, context) => {
      const problem = problemOf(text)
      if (problem !== null) context.addIssue(sentence(problem))
    })

export const runName = checked(nameProblem)
export const tag = checked(tagProblem)

export const runStatus = z.enum(['running', 'completed', 'stopped', 'failed', 'interrupted'])

/** One line of the runs table. Times are milliseconds since the Unix epoch. */
export const runRow = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['train', 'fine-tune']),
  /** How it trains; `null` where it fine-tunes. */
  method: z.enum(['meta', 'pre-train']).nullable(),
  status: runStatus,
  /** Why it failed. */
  reason: z.string().nullable(),
  world: z.string(),
  algorithm: z.string(),
  seed: z.number(),
  costLimit: z.number(),
  /** Iterations or fine-tuning results committed so far, and asked for. */
  done: z.number(),
  total: z.number(),
  envSteps: z.number(),
  createdAt: z.number(),
  startedAt: z.number(),
  finishedAt: z.number().nullable(),
  /** Time spent computing, over all sessions (s). */
  activeSeconds: z.number(),
  /** Until the end of a running run (s); null where it cannot be said yet. */
  etaSeconds: z.number().nullable(),
  /**
   * Of the newest iteration, after adaptation where the method adapts; of a fine-tuning, means over tasks at the last step,
   * from the first initialisation that was trained.
   */
  lastReturn: z.number().nullable(),
  lastCost: z.number().nullable(),
  /** Of the iteration of highest return among those within the cost limit; null where none is. */
  bestReturn: z.number().nullable(),
  bestCost: z.number().nullable(),
  /** Name of the bundle that the run was imported from. */
  source: z.string().nullable(),
  tags: z.array(z.string()),
  hasNotes: z.boolean(),
  pinned: z.boolean(),
  archived: z.boolean(),
}) satisfies z.ZodType<RunRow>

/** What happened to the list since the cursor that was handed in. */
export const runChanges = z.object({
  cursor,
  epoch,
  /** Whether `rows` is the whole list, and what the page holds is void. */
  complete: z.boolean(),
  rows: z.array(runRow),
  /** Ids of runs that are deleted, or in the bin. */
  removed: z.array(z.string()),
}) satisfies z.ZodType<RunChanges>

export const checkpointRow = z.object({
  id: z.string(),
  kind: z.enum(['milestone', 'last', 'imported']),
  iteration: z.number(),
  envSteps: z.number(),
  sha256: z.string(),
  /** Bytes stored. */
  size: z.number(),
  createdAt: z.number(),
})

/** A setting by its dotted path. */
export const settingValue = z.object({ path: z.string(), value: z.unknown() })

/** Everything about one run that is not a series. */
export const runDetail = z.object({
  row: runRow,
  notes: z.string(),
  /** Fully resolved, as it was recorded. */
  config: z.record(z.string(), z.unknown()),
  /** Settings that differ from the defaults. */
  changed: z.array(settingValue),
  appVersion: z.string(),
  /** Machine and software of the newest session, as name and value. */
  machine: z.array(z.object({ name: z.string(), value: z.string() })),
  /** The run whose checkpoint it started from. */
  parentRun: z.object({ id: z.string(), name: z.string() }).nullable(),
  parentCheckpoint: z.string().nullable(),
  /** Runs that start from its checkpoints. */
  children: z.array(z.object({ id: z.string(), name: z.string(), kind: z.enum(['train', 'fine-tune']) })),
  /** Of a fine-tuning. */
  initialisations: z.array(z.object({ index: z.number(), label: z.string() })),
  /** Label of the initialisation whose results `row` has; null where it has but one, or is a training. */
  resultsOf: z.string().nullable(),
  tasks: z.array(z.number()).nullable(),
  checkpoints: z.array(checkpointRow),
  /** The state of training that it goes on from: no checkpoint, and replaced by every iteration; null where there is none. */
  resumePoint: z.object({ iteration: z.number(), committedAt: z.number(), size: z.number() }).nullable(),
  /** Why it cannot be resumed; null where it can. */
  resumeObstacle: z.string().nullable(),
  /** The engine that computed it so far, as recorded, and why that one cannot go on here: a clause; null where it can. */
  engine: z.object({ name: z.string(), obstacle: z.string().nullable() }),
  /** Why it cannot be extended by more iterations; null where it can. */
  extendObstacle: z.string().nullable(),
}) satisfies z.ZodType<RunDetail>

export const logLine = z.object({
  /** In order of writing, unique within the run. */
  index: z.number(),
  time: z.number(),
  level: z.enum(['info', 'warning', 'error']),
  text: z.string(),
}) satisfies z.ZodType<LogLine>

/** A setting in which runs differ; `values` in the order in which the runs were named. */
export const settingDifference = z.object({
  path: z.string(),
  values: z.array(z.unknown()),
}) satisfies z.ZodType<SettingDifference>

/** One metric over the iterations of one run. */
export const metricSummary = z.object({
  /** Iterations with a value; the numbers are null where there is none. */
  count: z.number(),
  last: z.number().nullable(),
  /** The newest tenth of its iterations. */
  late: z.number().nullable(),
  mean: z.number().nullable(),
  lowest: z.number().nullable(),
  highest: z.number().nullable(),
})
export type MetricSummary = z.infer<typeof metricSummary>

/** Runs against results: what differs between them, and what came out. */
export const runResults = z.object({
  /** In the order in which they were named. */
  runs: z.array(
    z.object({
      ...{ id: z.string(), name: z.string(), seed: z.number(), done: z.number() },
      /** What its policy is called as an initialisation, e.g. `MAML`. */
      kind: z.string(),
    }),
  ),
  /** Settings that their trainings read and in which they differ, the seed among them; null: not read. */
  settings: z.array(settingDifference),
  /** `values` in the order of the runs. */
  metrics: z.array(z.object({ metric: z.string(), values: z.array(metricSummary) })),
  /** Highest return of an iteration within the cost limit, and the cost there; null where none was. */
  best: z.array(z.object({ return: z.number().nullable(), cost: z.number().nullable() })),
})
export type RunResults = z.infer<typeof runResults>

const several = z.array(runId).min(1).max(20_000)

export const runsContract = {
  /** First the whole list, or what changed since `after` in the database of `epoch`; then every change. */
  watch: oc.input(z.object({ after: cursor.nullable(), epoch: epoch.optional() })).output(eventIterator(runChanges)),
  detail: oc.input(z.object({ run: runId })).output(runDetail),
  /** Bytes that deleting the run frees, about: a question of its own, because rows are counted for it. */
  size: oc.input(z.object({ run: runId })).output(z.number()),
  log: oc
    .input(z.object({ run: runId, after: z.number().int().nullable() }))
    .output(eventIterator(z.object({ cursor: z.number(), lines: z.array(logLine) }))),
  /** The value of one setting in every run, for columns, filters and groups by it. */
  setting: oc.input(z.object({ path: z.string().max(200) })).output(z.array(z.tuple([z.string(), z.unknown()]))),
  /** For each text: the runs whose notes have it in them, whatever the case of its letters. */
  noting: oc
    .input(z.object({ texts: z.array(z.string().min(1).max(1000)).max(20) }))
    .output(z.array(z.array(z.string()))),
  differences: oc.input(z.object({ runs: several })).output(z.array(settingDifference)),
  /** For tables, scatter plots and parallel coordinates of trainings. */
  results: oc
    .input(z.object({ runs: z.array(runId).min(1).max(1000), metrics: z.array(z.string().max(60)).max(24) }))
    .output(runResults),
  rename: oc.input(z.object({ run: runId, name: runName })),
  /** `was`: the text that the new one was written over. Where another is stored by now, nothing is, and the answer has it. */
  setNotes: oc
    .errors({ CONFLICT: { data: z.object({ notes: z.string() }) } })
    .input(z.object({ run: runId, notes: z.string().max(100_000), was: z.string() })),
  organise: oc.input(
    z.object({
      runs: several,
      pinned: z.boolean().optional(),
      archived: z.boolean().optional(),
      addTags: z.array(tag).max(50).optional(),
      removeTags: z.array(tag).max(50).optional(),
    }),
  ),
}
