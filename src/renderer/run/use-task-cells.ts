import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'
import type { TaskCells } from '../../main/api/contract.ts'
import { client } from '../api/client.ts'
import { joinedCells, NO_CELLS } from './task-cells.ts'

/** More are thinned out by the machine, which answers every n-th iteration. */
const MOST = 40_000
/** How long to wait between two questions while the run trains (ms). */
const PAUSE_MS = 1000

export type Policy = 'before' | 'after'

/**
 * What each task's policy did. `cursor` is the newest iteration known elsewhere: where it has grown, the later cells are
 * asked for. A run of another id begins anew.
 */
export function useTaskCells(
  run: () => string,
  policies: () => readonly Policy[],
  cursor: () => number,
): Readonly<ShallowRef<Readonly<Record<Policy, TaskCells>> | undefined>> {
  const cells = shallowRef<Readonly<Record<Policy, TaskCells>>>()
  let stop = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  let asking = false

  async function ask(id: string, signal: AbortSignal): Promise<void> {
    asking = true
    const known = cells.value ?? { before: NO_CELLS, after: NO_CELLS }
    const next = { ...known }
    try {
      await Promise.all(
        policies().map(async (policy) => {
          const after = known[policy].cursor
          const answer = await client.metrics.tasks(
            { run: id, policy, most: MOST, ...(after === 0 ? {} : { from: after + 1 }) },
            { signal },
          )
          next[policy] = after === 0 ? answer : joinedCells(known[policy], answer)
        }),
      )
      if (signal.aborted) return
      // Read anew, thinner, before it grows for ever.
      cells.value = next.before.iteration.length > 2 * MOST ? undefined : next
    } finally {
      asking = false
    }
  }

  watch(
    [run, () => policies().join()],
    ([id]) => {
      stop.abort()
      stop = new AbortController()
      cells.value = undefined
      void ask(id, stop.signal).catch(onRefusal(stop.signal))
    },
    { immediate: true },
  )
  watch(cursor, (now) => {
    if (timer !== undefined || asking || now <= (cells.value?.before.cursor ?? 0)) return
    timer = setTimeout(() => {
      timer = undefined
      void ask(run(), stop.signal).catch(onRefusal(stop.signal))
    }, PAUSE_MS)
  })
  onScopeDispose(() => {
    stop.abort()
    clearTimeout(timer)
  })
  return cells
}

/** What the end of a component aborts is no failure. */
const onRefusal = (signal: AbortSignal) => (error: unknown) => {
  if (!signal.aborted) throw error
}
