import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'
import { client } from '../api/client.ts'
import { orAborted } from '../api/connection.ts'
import { followTaskCells, type CellsByPolicy, type Policy } from './follow-task-cells.ts'

/** How long to wait between two questions while the run trains (ms). */
const PAUSE_MS = 1000

export interface CellQuery {
  readonly run: string
  readonly policies: readonly Policy[]
  /** Cells per policy; of more, the machine answers every n-th iteration. */
  readonly most: number
}

/**
 * What each task's policy did in each iteration.
 *
 * @param query the same for as long as the component lives
 * @param newest the newest iteration of the run known elsewhere; nothing is asked before it is known
 */
export function useTaskCells(
  { run, policies, most }: CellQuery,
  newest: () => number | undefined,
): Readonly<ShallowRef<CellsByPolicy | undefined>> {
  const cells = shallowRef<CellsByPolicy>()
  const stop = new AbortController()
  const { signal } = stop
  onScopeDispose(() => stop.abort())

  async function later(than: number): Promise<number> {
    if (than >= 0) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    return new Promise((resolve) => {
      const { stop: unwatch } = watch(
        newest,
        (now) => {
          if (now === undefined || now <= than) return
          resolve(now)
          queueMicrotask(() => unwatch())
        },
        { immediate: true },
      )
      signal.addEventListener('abort', () => unwatch(), { once: true })
    })
  }

  async function live(): Promise<void> {
    const source = {
      policies,
      most,
      later: (than: number) => orAborted(later(than), signal),
      ask: (policy: Policy, from: number, cap: number) =>
        client.metrics.tasks({ run, policy, most: cap, ...(from <= 1 ? {} : { from }) }, { signal }),
    }
    try {
      for await (const now of followTaskCells(source)) cells.value = now
    } catch (error) {
      // What the end of a component aborts is no failure.
      if (!signal.aborted) throw error
    }
  }
  void live()
  return cells
}
