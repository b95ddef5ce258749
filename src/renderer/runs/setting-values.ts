// Values of settings of all runs, asked for once they are needed: a list of runs does not carry its configurations.
import { shallowReactive, watch, type Ref } from 'vue'
import type { SettingsOf } from '../../core/runs/match.ts'
import type { RunRow } from '../../main/api/contract.ts'
import { client } from '../api/client.ts'

export interface SettingValues {
  /** undefined too while it is being asked for. */
  readonly of: SettingsOf
  readonly isReading: (path: string) => boolean
}

/** @param paths the settings that are needed now */
export function useSettingValues(paths: Ref<readonly string[]>, runs: Ref<readonly RunRow[]>): SettingValues {
  const values = shallowReactive(new Map<string, ReadonlyMap<string, unknown>>())
  const asked = new Set<string>()

  async function read(path: string): Promise<void> {
    if (asked.has(path)) return
    asked.add(path)
    try {
      values.set(path, new Map(await client.runs.setting({ path })))
    } finally {
      asked.delete(path)
    }
  }

  // The configuration of a run never changes, so only runs that are new make another question.
  watch(
    [paths, runs],
    () => {
      for (const path of paths.value) {
        const known = values.get(path)
        if (known === undefined || runs.value.length > known.size) void read(path)
      }
    },
    { immediate: true },
  )

  return {
    of: (run, path) => values.get(path)?.get(run.id),
    isReading: (path) => !values.has(path),
  }
}
