// What the screens say about jobs, from the rows of the queue.
import type { LocationQueryRaw, RouteLocationRaw } from 'vue-router'
import type { JobRow, RunRow } from '../../main/api/contract.ts'
import { readSource, writeSource } from '../compare/source.ts'
import { formatInteger } from '../format/numbers.ts'
import type { RunState } from '../components/run-states.ts'

export const KIND_NAMES: Record<JobRow['kind'], string> = {
  train: 'Run',
  resume: 'Resumed run',
  'fine-tune': 'Fine-tuning',
  study: 'Study',
}

export const isAtWork = ({ state }: JobRow): boolean =>
  state === 'starting' || state === 'running' || state === 'stopping'

/** The dot of a job is that of its run. */
export function dotOf({ state }: JobRow, paused: boolean): RunState {
  if (state === 'waiting') return paused ? 'paused' : 'queued'
  if (state === 'done') return 'completed'
  return state === 'starting' ? 'running' : state
}

/** The runs that it is about: a training in two parts is so in both. */
export const runsOf = ({ run, training }: Pick<JobRow, 'run' | 'training'>): (string | null)[] =>
  training === null ? [run] : [run, training]

/**
 * How far it is: as far as its run, so that every place says the same at the same moment; a study has many runs.
 *
 * @param run its run, once it is known
 */
export const standingOf = <Counted extends Pick<JobRow, 'kind' | 'done' | 'total'>>(
  job: Counted,
  run?: Pick<RunRow, 'done' | 'total'>,
): Counted =>
  run === undefined || job.kind === 'study' || run.total === 0 ? job : { ...job, done: run.done, total: run.total }

/** 0 to 1; undefined until it is known how much there is to do. */
export function shareOf(job: JobRow, run?: Pick<RunRow, 'done' | 'total'>): number | undefined {
  const { done, total } = standingOf(job, run)
  return total > 0 ? done / total : undefined
}

/** What its progress counts: one result of a fine-tuning is of one task and one initialisation. */
export function unitOf({ kind, phase }: JobRow): string {
  if (kind === 'study') return 'environment step'
  return kind === 'fine-tune' || phase === 'fine-tuning' ? 'result' : 'iteration'
}

/** How it is asked to end in good order: a study as the run that it is at. */
export const stopWords = (job: JobRow): string =>
  job.kind === 'study' ? `Stop the study after this ${unitOfRun(job)}` : `Stop after this ${unitOf(job)}`

const unitOfRun = ({ phase }: JobRow): string => (phase?.startsWith('fine-tuning') === true ? 'result' : 'iteration')

/** What a job that was asked to stop does yet. */
export function stoppingWords(job: JobRow): string {
  // Of a study the environment steps are counted.
  if (job.kind === 'study') return `Stopping after this ${unitOfRun(job)}`
  if (job.total === 0) return 'Stopping after this iteration'
  return `Stopping after ${unitOf(job)} ${formatInteger(Math.min(job.total, job.done + 1))}`
}

/**
 * Seconds to its end: those of its run, so that every place says the same at the same moment; a study has many runs.
 *
 * @param run its run, once it is known
 */
export const etaOf = ({ kind, etaSeconds }: JobRow, run?: Pick<RunRow, 'etaSeconds'>): number | null =>
  kind === 'study' ? etaSeconds : (run?.etaSeconds ?? etaSeconds)

/** `part 1 of 2: meta-training`; undefined where there is but one part. */
export function partOf(
  { run, training }: Pick<JobRow, 'run' | 'training'>,
  method: RunRow['method'],
): string | undefined {
  if (training === null) return undefined
  return training === run ? firstPart(method) : 'part 2 of 2: fine-tuning'
}

/** Of a training that its own fine-tuning follows. */
export const firstPart = (method: RunRow['method']): string =>
  `part 1 of 2: ${method === 'pre-train' ? 'pre-training' : 'meta-training'}`

/** Seconds for one of what its progress counts, as the estimate of the end has it; null where there is none. */
export function secondsPerUnit({ done, total, etaSeconds }: JobRow): number | null {
  return etaSeconds === null || total <= done ? null : etaSeconds / (total - done)
}

/** What is being done, in words. */
export function doingOf({ state, phase }: JobRow): string {
  if (state === 'stopping') return 'saves what is being computed, then stops'
  return phase ?? 'starting'
}

/** Jobs that had not ended before and now have. One that was not known before is no news. */
export function endedBetween(before: readonly JobRow[], after: readonly JobRow[]): JobRow[] {
  const open = new Set(before.filter(({ finishedAt }) => finishedAt === null).map(({ id }) => id))
  return after.filter(({ id, state }) => open.has(id) && (state === 'done' || canGoOn(state)))
}

/** The rows with one waiting job moved before another one; `null`: behind all that wait. */
export function movedJobs(jobs: readonly JobRow[], id: string, before: string | null): JobRow[] {
  const moved = jobs.find((job) => job.id === id)
  if (moved === undefined || id === before) return [...jobs]
  const others = jobs.filter((job) => job !== moved)
  const last = others.findLastIndex(({ state }) => state === 'waiting') + 1
  const named = others.findIndex((job) => job.id === before)
  return others.toSpliced(before === null || named < 0 ? last : named, 0, moved)
}

const canGoOn = (state: JobRow['state']): boolean =>
  state === 'stopped' || state === 'failed' || state === 'interrupted'

/** Whether it may go on: with its run, or from the beginning where it has none. A study finds what it has already. */
export function canResume({ state, run, goesOn }: JobRow, openRuns: ReadonlySet<string | null>): boolean {
  return canGoOn(state) && goesOn && (run === null || !openRuns.has(run))
}

/** Whether no later job is about the same run: an earlier one would go on with what that one made. */
export const isNewestOfItsRun = (job: JobRow, newestFirst: readonly JobRow[]): boolean =>
  job.run === null ||
  job.kind === 'study' ||
  newestFirst.find(({ run, kind }) => run === job.run && kind !== 'study') === job

/** Cores that jobs compute on, as far as they say. */
export function coresUsed(running: readonly JobRow[], cores: number): number {
  return Math.min(
    cores,
    running.reduce((sum, { workers }) => sum + (workers ?? 0), 0),
  )
}

/** The address of a run's screen. */
export const runPath = (run: string): string => `/run/${encodeURIComponent(run)}`

/** Where a job's name leads to: its run, or the comparison of a study, whose runs are many; null where there is neither. */
export function placeOf(job: Pick<JobRow, 'kind' | 'name' | 'run'>): RouteLocationRaw | null {
  if (job.run === null) return null
  if (job.kind !== 'study') return runPath(job.run)
  const query = studyQuery(job)
  return query === null ? null : { name: 'compare', query }
}

/** A study is named by what was ordered: `figure-4, small`. */
function studyQuery({ name }: Pick<JobRow, 'name'>): LocationQueryRaw | null {
  const [study = '', scale = ''] = name.split(', ')
  const source = readSource({ study, scale })
  return source === null ? null : writeSource(source)
}

/** Where the results of a job that is done are compared; null where it has none to compare. */
export function comparisonQuery({ kind, state, name, run }: JobRow): LocationQueryRaw | null {
  if (state !== 'done') return null
  if (kind === 'fine-tune' && run !== null) return writeSource({ runs: [run] })
  return kind === 'study' ? studyQuery({ name }) : null
}
