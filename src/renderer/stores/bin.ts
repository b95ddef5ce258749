import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { BinContent } from '../../main/api/contract.ts'
import { client, follow } from '../api/client.ts'
import { messageOf } from '../shell/report.ts'

/** A mirror of the bin, kept up to date from the first use on, whichever window or program deletes. */
export const useBin = defineStore('bin', () => {
  /** undefined until it has come once. */
  const content = shallowRef<BinContent>()
  /** Why it is not kept up to date. */
  const problem = ref<string>()
  const count = computed(() => (content.value ? content.value.runs.length + content.value.comparisons.length : 0))

  async function keepFollowing(): Promise<void> {
    problem.value = undefined
    try {
      await follow(
        (_, signal) => client.bin.watch(undefined, { signal }),
        (next) => void (content.value = next),
        new AbortController().signal,
      )
      problem.value = 'C-MAML Studio has stopped telling what changes.'
    } catch (error) {
      problem.value = messageOf(error)
    }
  }

  /** After a failure: begins again. */
  function retry(): void {
    if (problem.value !== undefined) void keepFollowing()
  }

  void keepFollowing()

  return { content, count, problem, retry }
})
