import { defineStore } from 'pinia'
import { ref } from 'vue'
import type { AppInfo, RunSummary } from '../../main/api/contract.ts'
import { client } from '../api/client.ts'

/** fetch reports a server that is gone as a TypeError, in words that differ by browser. */
function explain(error: unknown): string {
  if (error instanceof TypeError) return 'C-MAML Studio does not answer. Is it still running in its terminal?'
  return error instanceof Error ? error.message : String(error)
}

/** The runs of the database and where that database is. */
export const useRuns = defineStore('runs', () => {
  const info = ref<AppInfo>()
  const runs = ref<RunSummary[]>()
  /** Why the last reading failed. */
  const problem = ref<string>()

  async function load(): Promise<void> {
    try {
      info.value = await client.app.info()
      runs.value = await client.runs.list()
      problem.value = undefined
    } catch (error) {
      problem.value = explain(error)
    }
  }

  return { info, runs, problem, load }
})
