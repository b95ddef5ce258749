// Work to be done: what runs, what waits, and how it is started and ended.
import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { ENGINE_NAMES } from '../../../core/config/engines.ts'
import type { Activity, Estimate, JobRequest, JobRow } from '../../services/jobs/job.ts'
import type { StudyResults } from '../../services/jobs/study-results.ts'
import { cursor, runId, runName } from './runs.ts'

export type { Activity, Estimate, JobRequest, JobRow, StudyResults }

/** Changes to a preset's settings, nested as in a configuration file. */
const settings = z.record(z.string(), z.unknown())

export const trainingRequest = z.object({
  kind: z.literal('train'),
  name: runName,
  /** All that differs from the defaults; resolved and checked when it is queued. */
  settings,
})
export const resumeRequest = z.object({
  kind: z.literal('resume'),
  run: runId,
  /** Iterations to end at, where more are wanted than the run was configured for. */
  iterations: z.number().int().min(1).max(1_000_000).optional(),
  /** In place of the engine that computed it so far. */
  engine: z.enum(ENGINE_NAMES).optional(),
})
export const fineTuningRequest = z.object({
  kind: z.literal('fine-tune'),
  name: runName,
  /** Checkpoints by their ids, runs by theirs (their newest checkpoint), or `random`: a fresh network. */
  initialisations: z.array(z.string().min(1).max(64)).min(1).max(8),
  /** Seeds; the first `fineTune.tasks` held-out ones when left out. */
  tasks: z.array(z.number().int().min(0)).min(1).max(1000).optional(),
  /** All that differs from the settings of the first checkpoint. */
  settings,
})
export const studyRequest = z.object({
  kind: z.literal('study'),
  study: z.string(),
  scale: z.enum(['smoke', 'small', 'paper']),
  seeds: z.array(z.number().int().min(0)).min(1).max(100).optional(),
  settings: settings.optional(),
  /** Folder for figures and tables; a default beside the database when left out. */
  folder: z.string().max(1000).optional(),
})
export const jobRequest = z.discriminatedUnion('kind', [
  trainingRequest,
  resumeRequest,
  fineTuningRequest,
  studyRequest,
]) satisfies z.ZodType<JobRequest>

export const jobRow = z.object({
  id: z.string(),
  kind: z.enum(['train', 'resume', 'fine-tune', 'study']),
  name: z.string(),
  state: z.enum(['waiting', 'starting', 'running', 'stopping', 'done', 'stopped', 'failed', 'interrupted']),
  /** Why it failed or was interrupted. */
  reason: z.string().nullable(),
  /** The run that it works on, as soon as there is one; of a study, the present one. */
  run: z.string().nullable(),
  done: z.number(),
  total: z.number(),
  etaSeconds: z.number().nullable(),
  /** Task workers, while it runs. */
  workers: z.number().nullable(),
  /** What it is doing, in words; of a study, its phase. */
  phase: z.string().nullable(),
  queuedAt: z.number(),
  startedAt: z.number().nullable(),
  finishedAt: z.number().nullable(),
  /**
   * The training that the job does in two parts: the training itself, then its own fine-tuning, which `run` is by then; null
   * where there is but one part, or where it is not in progress.
   */
  training: z.string().nullable(),
  /** Whether there is anything left to go on with, of a job that ended before it was done. */
  goesOn: z.boolean(),
  /** Whether this program works on it; else another one that uses the same database. */
  mine: z.boolean(),
}) satisfies z.ZodType<JobRow>

export const activity = z.object({
  cursor,
  /** Whether waiting jobs are held back. */
  paused: z.boolean(),
  cores: z.number(),
  /** Running first, then waiting in their order, then the newest finished. */
  jobs: z.array(jobRow),
}) satisfies z.ZodType<Activity>

export const estimate = z.object({
  envSteps: z.number(),
  /** null where nothing like it has been measured on this machine. */
  seconds: z.number().nullable(),
  /** What the time was measured on, in words. */
  measuredOn: z.string().nullable(),
  bytes: z.number(),
  /** Bytes free where the database is; null where unknown. */
  bytesFree: z.number().nullable(),
  tasks: z.number(),
}) satisfies z.ZodType<Estimate>

/** A refused configuration: one sentence per setting, with its dotted path where it is one setting's. */
export const configProblem = z.object({ path: z.string().nullable(), message: z.string() })

const job = z.object({ id: z.string() })

/** Figures and tables that a study has written; empty where there are none yet, or none any more. */
export const studyResults = z.object({
  /** Absolute path. */
  folder: z.string(),
  files: z.array(z.object({ name: z.string(), size: z.number() })),
}) satisfies z.ZodType<StudyResults>

export const jobsContract = {
  watch: oc.input(z.object({})).output(eventIterator(activity)),
  /** Refused (BAD_REQUEST, data.problems) where the configuration is; `front` starts it before what waits. */
  add: oc
    .errors({ BAD_REQUEST: { data: z.object({ problems: z.array(configProblem) }) } })
    .input(z.object({ request: jobRequest, front: z.boolean().default(false) }))
    .output(job),
  estimate: oc
    .errors({ BAD_REQUEST: { data: z.object({ problems: z.array(configProblem) }) } })
    .input(z.object({ request: jobRequest }))
    .output(estimate),
  /** Queues a job again that was stopped or failed. One that waits or runs already is left alone. */
  resume: oc.errors({ BAD_REQUEST: { data: z.object({ problems: z.array(configProblem) }) } }).input(job),
  /** `iteration`: after what is being worked on is saved; `now`: at once, what was committed stays. */
  stop: oc.input(z.object({ id: z.string(), how: z.enum(['iteration', 'now']) })),
  /** The same by the run; also asks another program that works on it. */
  stopRun: oc.input(z.object({ run: runId, how: z.enum(['iteration', 'now']) })),
  remove: oc.input(job),
  move: oc.input(z.object({ id: z.string(), before: z.string().nullable() })),
  pause: oc.input(z.object({ paused: z.boolean() })),
  clearFinished: oc,
  studyResults: oc.input(job).output(studyResults),
  /** @param name one of those that `studyResults` lists */
  studyFile: oc
    .input(z.object({ id: z.string(), name: z.string().max(200) }))
    .output(z.object({ name: z.string(), type: z.string(), bytes: z.instanceof(Uint8Array) })),
}
