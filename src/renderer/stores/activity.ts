import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import type { Activity, JobRow } from '../../main/api/contract.ts'
import { client, follow } from '../api/client.ts'
import { endedBetween, isAtWork, movedJobs } from '../queue/jobs.ts'
import { useRuns } from './runs.ts'

/** What runs, what waits and what has ended: a mirror of the queue, whichever program works on it. */
export const useActivity = defineStore('activity', () => {
  const activity = shallowRef<Activity>()
  /** Waiting jobs that are out of sight: they are removed soon, unless that is undone. */
  const hidden = shallowRef<ReadonlySet<string>>(new Set())
  const listeners = new Set<(job: JobRow) => void>()

  /** Ids of runs and jobs that were asked to end after what they compute: shown before the program that works on them says so. */
  const asked = shallowRef<ReadonlySet<string>>(new Set())

  const jobs = computed(() =>
    (activity.value?.jobs ?? []).map((job) =>
      isAtWork(job) && wasAsked(job) ? { ...job, state: 'stopping' as const } : job,
    ),
  )
  const running = computed(() => jobs.value.filter(isAtWork))
  const waiting = computed(() => jobs.value.filter(({ id, state }) => state === 'waiting' && !hidden.value.has(id)))
  const ended = computed(() => jobs.value.filter((job) => !isAtWork(job) && job.state !== 'waiting'))
  const paused = computed(() => activity.value?.paused ?? false)
  const cores = computed(() => activity.value?.cores)

  /** Follows the queue until the signal. */
  function watchQueue(signal: AbortSignal): Promise<void> {
    return follow((_, stop) => client.jobs.watch({}, { signal: stop }), take, signal)
  }

  function take(next: Activity): void {
    const before = activity.value
    activity.value = next
    if (before === undefined) return
    for (const { id } of next.jobs.filter((job) => !isAtWork(job))) if (asked.value.has(id)) forget(id)
    for (const job of endedBetween(before.jobs, next.jobs)) for (const listener of listeners) listener(job)
  }

  const wasAsked = ({ id, run }: JobRow): boolean => asked.value.has(id) || (run !== null && asked.value.has(run))

  /** Whether what works on the run ends after what it computes. */
  const isStopping = (run: string): boolean =>
    asked.value.has(run) || jobs.value.some((job) => job.run === run && job.state === 'stopping')

  /** The job that is to go on with the run, or does. */
  const jobOf = (run: string): JobRow | undefined =>
    jobs.value.find((job) => job.run === run && (job.state === 'waiting' || isAtWork(job)))

  const forget = (id: string): void => void (asked.value = new Set([...asked.value].filter((other) => other !== id)))

  async function asking(id: string, how: 'iteration' | 'now', ask: () => Promise<unknown>): Promise<void> {
    if (how === 'iteration') asked.value = new Set([...asked.value, id])
    try {
      await ask()
    } catch (error) {
      forget(id)
      throw error
    }
  }

  const stop = (id: string, how: 'iteration' | 'now'): Promise<void> =>
    asking(id, how, () => client.jobs.stop({ id, how }))

  const stopRun = (run: string, how: 'iteration' | 'now'): Promise<void> =>
    asking(run, how, () => client.jobs.stopRun({ run, how }))

  // A run that ended can be resumed: it was not asked anything then.
  const runs = useRuns()
  watch(
    () => [...asked.value].filter((id) => (runs.byId.get(id)?.status ?? 'running') !== 'running'),
    (ended) => ended.forEach(forget),
  )

  /** Called with every job that ends from now on. @returns ends the subscription */
  function onEnded(listener: (job: JobRow) => void): () => void {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }

  /** Shows a change before the answer comes; a refusal takes it back. */
  async function optimistically(change: (now: Activity) => Activity, ask: () => Promise<unknown>): Promise<void> {
    const before = activity.value
    if (before === undefined) return
    const shown = change(before)
    activity.value = shown
    try {
      await ask()
    } catch (error) {
      if (activity.value === shown) activity.value = before
      throw error
    }
  }

  /** @param before the waiting job that it shall stand before; null: the last */
  const move = (id: string, before: string | null): Promise<void> =>
    optimistically(
      (now) => ({ ...now, jobs: movedJobs(now.jobs, id, before) }),
      () => client.jobs.move({ id, before }),
    )

  const pause = (held: boolean): Promise<void> =>
    optimistically(
      (now) => ({ ...now, paused: held }),
      () => client.jobs.pause({ paused: held }),
    )

  function hide(id: string): void {
    hidden.value = new Set([...hidden.value, id])
  }

  function reveal(id: string): void {
    hidden.value = new Set([...hidden.value].filter((other) => other !== id))
  }

  return {
    activity,
    jobs,
    running,
    waiting,
    ended,
    paused,
    cores,
    isStopping,
    jobOf,
    watchQueue,
    onEnded,
    stop,
    stopRun,
    move,
    pause,
    hide,
    reveal,
  }
})
