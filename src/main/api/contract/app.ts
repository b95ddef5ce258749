// Questions about the program, its database and its preferences.
import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import type { AppInfo } from '../../services/app-info.ts'
import { preferences } from '../../services/preferences-schema.ts'
import type { StorageReport } from '../../services/storage.ts'
import type { StudyRow } from '../../services/study/list-studies.ts'

export type { AppInfo, StorageReport, StudyRow }
export type { Preferences } from '../../services/preferences-schema.ts'

/** What the interface says about the program itself. */
export const appInfo = z.object({
  version: z.string(),
  /** Absolute path of the database. */
  databaseFile: z.string(),
  databaseExists: z.boolean(),
  /** Why it cannot be used (newer, locked, damaged), in words; null where it can. */
  databaseProblem: z.string().nullable(),
  /** Whether the program came with runs to look at, which `demonstration.open` imports. */
  hasDemonstration: z.boolean(),
  host: z.enum(['desktop', 'browser']),
  platform: z.string(),
  cores: z.number(),
  memory: z.number(),
  node: z.string(),
  electron: z.string().nullable(),
  /** Name and version of the physics and of the kernels in use. */
  components: z.array(z.object({ name: z.string(), value: z.string() })),
  logFolder: z.string(),
}) satisfies z.ZodType<AppInfo>

export const storage = z.object({
  /** Bytes. */
  database: z.number(),
  writeAheadLog: z.number(),
  /** Bytes that compacting gives back. */
  reclaimable: z.number(),
  free: z.number().nullable(),
  runs: z.number(),
  checkpoints: z.object({ count: z.number(), bytes: z.number() }),
  episodes: z.object({ count: z.number(), bytes: z.number() }),
}) satisfies z.ZodType<StorageReport>

/** A command of the native menu, by the id that the page registered it under; `argument`, e.g. the run to open. */
export const menuCommand = z.object({ command: z.string(), argument: z.string().optional() })

/** What importing a bundle did. */
export const imported = z.object({
  /** Runs that were not there before. */
  added: z.number(),
})
export type Imported = z.infer<typeof imported>

export const sqlAnswer = z.object({
  columns: z.array(z.string()),
  /** Row by row. BLOBs are answered as their size in words. */
  rows: z.array(z.array(z.union([z.string(), z.number(), z.null()]))),
  /** Whether there are more rows than were asked for. */
  more: z.boolean(),
  seconds: z.number(),
})
export type SqlAnswer = z.infer<typeof sqlAnswer>

export const presetRow = z.object({
  name: z.string(),
  description: z.string(),
  settings: z.record(z.string(), z.unknown()),
})
export type PresetRow = z.infer<typeof presetRow>

export const studyRow = z.object({
  id: z.string(),
  title: z.string(),
  arms: z.array(z.string()),
  scales: z.array(z.object({ name: z.string(), description: z.string(), seeds: z.array(z.number()) })),
}) satisfies z.ZodType<StudyRow>

const file = z.object({ name: z.string(), type: z.string(), bytes: z.instanceof(Uint8Array) })

export const appContract = {
  info: oc.output(appInfo),
  menu: oc.output(eventIterator(menuCommand)),
  preferences: oc.output(preferences),
  setPreferences: oc.input(preferences.partial()).output(preferences),
  presets: oc.output(z.array(presetRow)),
  studies: oc.output(z.array(studyRow)),
}

export const databaseContract = {
  storage: oc.output(storage),
  /** @returns absolute path of the copy */
  backup: oc.input(z.object({ file: z.string().max(4096).nullable() })).output(z.object({ file: z.string() })),
  compact: oc.output(z.object({ bytesFreed: z.number() })),
  /** Reads only; ends itself after some seconds. */
  query: oc
    .input(z.object({ sql: z.string().max(100_000), limit: z.number().int().min(1).max(100_000) }))
    .output(sqlAnswer),
  /** Tables and columns, for whoever writes a query. */
  tables: oc.output(z.array(z.object({ name: z.string(), columns: z.array(z.string()) }))),
  /** Logs, versions and settings, without results, to attach to a report. */
  diagnostics: oc.output(file),
}

export const demonstrationContract = { open: oc.output(imported) }
