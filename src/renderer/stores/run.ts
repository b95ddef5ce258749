import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import { ORPCError } from '@orpc/client'
import type { RunDetail, RunRow } from '../../main/api/contract.ts'
import { client } from '../api/client.ts'
import { messageOf } from '../shell/report.ts'
import { useRuns } from './runs.ts'

/** The run that is open: its row is live; the rest is read again when the row says that it has changed. */
export const useRun = defineStore('run', () => {
  const runs = useRuns()
  const id = shallowRef('')
  const detail = shallowRef<RunDetail>()
  /** Why it could not be read. */
  const problem = shallowRef<string>()
  const missing = shallowRef(false)

  const row = computed<RunRow | undefined>(() => runs.byId.get(id.value) ?? detail.value?.row)
  /** It was there, and has been deleted since. */
  const gone = computed(
    () => detail.value !== undefined && (missing.value || (seen.value === id.value && !runs.byId.has(id.value))),
  )
  const state = computed(() => {
    if (detail.value !== undefined) return gone.value ? 'deleted' : 'ready'
    if (missing.value) return 'not-found'
    return problem.value === undefined ? 'reading' : 'failed'
  })

  /** Id of the open run once the list has had it: what is in no list may still be on its way into it. */
  const seen = shallowRef('')
  watch(
    () => runs.byId.has(id.value),
    (listed) => {
      if (listed) seen.value = id.value
    },
    { immediate: true },
  )

  let asked = 0
  async function read(): Promise<void> {
    const turn = ++asked
    try {
      const answer = await client.runs.detail({ run: id.value })
      if (turn !== asked) return
      detail.value = answer
      problem.value = undefined
      missing.value = false
    } catch (error) {
      if (turn !== asked) return
      missing.value = error instanceof ORPCError && error.code === 'NOT_FOUND'
      if (!missing.value) problem.value = messageOf(error)
    }
  }

  function open(run: string): Promise<void> {
    if (run !== id.value) {
      id.value = run
      detail.value = undefined
      problem.value = undefined
      missing.value = false
      seen.value = runs.byId.has(run) ? run : ''
    }
    return read()
  }

  // Checkpoints, obstacles and the machine change with the state; iterations alone change none of them but checkpoints.
  // A run that is told about for the first time, by the list or by its details, has not changed.
  watch(
    () => [id.value, row.value?.status, row.value?.total, row.value?.hasNotes],
    ([now, status], [before, statusBefore]) => {
      if (now === before && status !== undefined && statusBefore !== undefined && detail.value !== undefined)
        void read()
    },
  )

  return { id, detail, row, state, problem, open, read }
})
