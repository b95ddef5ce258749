import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { AppInfo, RunChanges, RunRow } from '../../main/api/contract.ts'
import { client, follow } from '../api/client.ts'
import { Disconnected } from '../api/connection.ts'
import { applyChanges } from '../runs/mirror.ts'
import { messageOf } from '../shell/report.ts'

/** Changes that come closer together are shown together (ms): nobody reads faster, and a long list is sorted each time. */
const TOGETHER_MS = 100

/** A mirror of all runs of the database, kept up to date from the first use on; and what the program says of itself. */
export const useRuns = defineStore('runs', () => {
  const info = shallowRef<AppInfo>()
  const byId = shallowRef<ReadonlyMap<string, RunRow>>(new Map())
  const rows = computed(() => [...byId.value.values()])
  /** `reading` until the list has come once. */
  const state = ref<'reading' | 'following' | 'failed'>('reading')
  /** Why the list is not kept up to date. */
  const problem = ref<string>()

  /** With the changes that are not shown yet. */
  let newest = byId.value
  /** Of the database that the list is of. */
  let epoch = ''
  let publishing: ReturnType<typeof setTimeout> | undefined

  function take(changes: RunChanges): void {
    epoch = changes.epoch
    newest = applyChanges(newest, changes)
    if (state.value === 'following') publishing ??= setTimeout(publish, TOGETHER_MS)
    else publish()
  }

  function publish(): void {
    clearTimeout(publishing)
    publishing = undefined
    byId.value = newest
    state.value = 'following'
    problem.value = undefined
  }

  /** At every connection, since another version may have been started meanwhile. */
  async function readInfo(): Promise<void> {
    try {
      info.value = await client.app.info()
    } catch (error) {
      if (!(error instanceof Disconnected)) throw error
    }
  }

  async function keepFollowing(): Promise<void> {
    try {
      await follow<number, RunChanges>(
        (after, signal) => {
          void readInfo()
          return client.runs.watch({ after, epoch }, { signal })
        },
        take,
        new AbortController().signal,
      )
      problem.value = 'C-MAML Studio has stopped telling what changes.'
    } catch (error) {
      problem.value = messageOf(error)
    }
    state.value = 'failed'
  }

  /** After a failure: begins again. */
  function retry(): void {
    if (state.value !== 'failed') return
    state.value = 'reading'
    void keepFollowing()
  }

  void keepFollowing()

  return { info, byId, rows, state, problem, retry }
})
