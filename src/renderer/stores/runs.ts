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
  const demonstrationOpening = ref(false)
  /** Why the demonstration project could not be opened. */
  const demonstrationProblem = ref<string>()

  async function load(): Promise<void> {
    try {
      info.value = await client.app.info()
      runs.value = await client.runs.list()
      problem.value = undefined
    } catch (error) {
      problem.value = explain(error)
    }
  }

  /** Imports the runs that came with the program into the database, and lists them. */
  async function openDemonstration(): Promise<void> {
    demonstrationOpening.value = true
    demonstrationProblem.value = undefined
    try {
      await client.demonstration.open()
      await load()
    } catch (error) {
      demonstrationProblem.value = explain(error)
    } finally {
      demonstrationOpening.value = false
    }
  }

  return { info, runs, problem, demonstrationOpening, demonstrationProblem, load, openDemonstration }
})
