import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { Activity, JobRow } from '../../main/api/contract.ts'
import { client, follow } from '../api/client.ts'
import { endedBetween, isAtWork, movedJobs } from '../queue/jobs.ts'

/** What runs, what waits and what has ended: a mirror of the queue, whichever program works on it. */
export const useActivity = defineStore('activity', () => {
  const activity = shallowRef<Activity>()
  /** Waiting jobs that are out of sight: they are removed soon, unless that is undone. */
  const hidden = shallowRef<ReadonlySet<string>>(new Set())
  const listeners = new Set<(job: JobRow) => void>()

  const jobs = computed(() => activity.value?.jobs ?? [])
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
    for (const job of endedBetween(before.jobs, next.jobs)) for (const listener of listeners) listener(job)
  }

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

  return { activity, jobs, running, waiting, ended, paused, cores, watchQueue, onEnded, move, pause, hide, reveal }
})
