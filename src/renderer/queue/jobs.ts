// What the screens say about jobs, from the rows of the queue.
import type { LocationQueryRaw } from 'vue-router'
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

/** The dot of a job is that of its run. @param run how its run stands, once it is known */
export function dotOf({ state }: JobRow, paused: boolean, run?: RunRow['status']): RunState {
  if (state === 'waiting') return paused ? 'paused' : 'queued'
  if (state === 'done') return 'completed'
  // A job whose program is gone failed; its run was interrupted, and can be resumed.
  if (state === 'failed' && run === 'interrupted') return run
  return state === 'stopped' || state === 'failed' || state === 'stopping' ? state : 'running'
}

/** 0 to 1; undefined until it is known how much there is to do. */
export const shareOf = ({ done, total }: JobRow): number | undefined => (total > 0 ? done / total : undefined)

/** What its progress counts. */
export function unitOf({ kind, phase }: JobRow): string {
  if (kind === 'study') return 'step'
  return kind === 'fine-tune' || phase === 'fine-tuning' ? 'task' : 'iteration'
}

/** What a job that was asked to stop does yet. */
export function stoppingWords(job: JobRow): string {
  // The steps of a study are whole runs.
  if (job.kind === 'study' || job.total === 0) return 'Stopping after this iteration'
  return `Stopping after ${unitOf(job)} ${formatInteger(Math.min(job.total, job.done + 1))}`
}

/**
 * Seconds to its end. A job that has just begun to go on with a run has no pace of its own yet, but the run has.
 *
 * @param run its run, once it is known
 */
export const etaOf = ({ kind, etaSeconds }: JobRow, run?: Pick<RunRow, 'etaSeconds'>): number | null =>
  etaSeconds ?? (kind === 'study' ? null : (run?.etaSeconds ?? null))

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
  return after.filter(
    ({ id, state }) => open.has(id) && (state === 'done' || state === 'stopped' || state === 'failed'),
  )
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

/** Whether it may go on: with its run, or from the beginning where it has none. A study finds what it has already. */
export function canResume({ state, run }: JobRow, openRuns: ReadonlySet<string | null>): boolean {
  return (state === 'stopped' || state === 'failed') && (run === null || !openRuns.has(run))
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

/** Where the results of a job that is done are compared; null where it has none to compare. */
export function comparisonQuery({ kind, state, name, run }: JobRow): LocationQueryRaw | null {
  if (state !== 'done') return null
  if (kind === 'fine-tune' && run !== null) return writeSource({ runs: [run] })
  if (kind !== 'study') return null
  // A study is named by what was ordered: `figure-4, small`.
  const [study = '', scale = ''] = name.split(', ')
  const source = readSource({ study, scale })
  return source === null ? null : writeSource(source)
}
