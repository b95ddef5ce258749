/** What a report of a problem needs: versions, settings and the log, without names, notes or results of runs. */
import type { Store } from '../store/store.ts'
import type { AppInfo } from './app-info.ts'
import type { LogFile } from './log-file.ts'
import type { Preferences } from './preferences-schema.ts'
import type { StorageReport } from './storage.ts'

/** Of the log, the newest so many bytes. */
const LOG_BYTES = 500_000

export interface DiagnosticFacts {
  readonly info: AppInfo
  readonly preferences: Preferences
  readonly preferencesProblem: string | null
  readonly storage: StorageReport | null
  readonly store: Store | null
  readonly log: LogFile
}

/** One JSON file. */
export function diagnosticsFile({ info, preferences, preferencesProblem, storage, store, log }: DiagnosticFacts): {
  name: string
  type: string
  bytes: Uint8Array<ArrayBuffer>
} {
  const written = new Date().toISOString()
  const report = {
    written,
    info,
    preferences,
    preferencesProblem,
    storage,
    runs: store === null ? [] : runFacts(store),
    log: log.tail(LOG_BYTES).split('\n'),
  }
  return {
    name: `cmaml-studio-diagnostics-${written.slice(0, 19).replaceAll(':', '-')}.json`,
    type: 'application/json',
    bytes: new TextEncoder().encode(`${JSON.stringify(report, null, 2)}\n`),
  }
}

/** The newest runs, by what they are and how they ended. */
function runFacts(store: Store) {
  return store.runs({ limit: 50 }).map(({ id, kind, method, status, reason, world, algorithm, done, total }) => {
    return { id, kind, method, status, reason, world, algorithm, done, total }
  })
}
