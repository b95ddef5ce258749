/** The stored measurement of this machine: how long updates take on its engines, in a file of the user's data folder. */
import { existsSync, readFileSync } from 'node:fs'
import { cpus, availableParallelism, homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { ENGINE_NAMES } from '../../../core/config/engines.ts'
import { isSameProblem, type EngineProblem, type EngineTiming } from '../../../core/engines/timings.ts'
import { writeWhole } from '../../export/files.ts'
import { makeFolder } from '../../make-folder.ts'
import { defaultDatabasePath } from '../../store/location.ts'
import type { TriableEngine } from '../../trainer/client.ts'
import { availableBackends } from '../../trainer/engines/backends.ts'
import { findPackage, packageVersion } from '../../trainer/engines/folder.ts'
import { changedCircumstance, circumstancesOf, type Circumstances } from './circumstances.ts'

const FILE = 'engine-timings.json'
const VERSION = 1

/** Engines that are timed; `tfjs` only stands for the best of the others. */
export const TRIABLE = ENGINE_NAMES.filter((name): name is TriableEngine => name !== 'tfjs')

/** What the times of the SIMD engine depend on. */
export interface TimedMachine {
  readonly cpu: string
  readonly cores: number
  /** Version. */
  readonly node: string
}

/** An engine that was to be timed. */
export interface TimedEngine {
  readonly name: TriableEngine
  /** What it computes on, in words; empty if it could not be loaded. */
  readonly device: string
  readonly versions: Readonly<Record<string, string>>
  /** Why it was not timed to the end; null if it was. */
  readonly failure: string | null
  /** What might have been the reason, where it failed: once that is another, it is as good as never tried. */
  readonly failedUnder?: Circumstances | undefined
}

/** A combination that would have taken too long. */
export interface SkippedTiming extends EngineProblem {
  readonly engine: TriableEngine
  /** How long an update would take; null: longer than there was time. */
  readonly seconds: number | null
}

export interface StoredTiming extends EngineTiming {
  readonly engine: TriableEngine
  /** When (ms since 1970), if it was before the rest. */
  readonly measuredAt?: number | undefined
}

export interface EngineMeasurement {
  readonly machine: TimedMachine
  /** When (ms since 1970) what is newest was measured. */
  readonly measuredAt: number
  readonly engines: readonly TimedEngine[]
  readonly timings: readonly StoredTiming[]
  readonly skipped: readonly SkippedTiming[]
}

const text = z.string().max(1000)
const engineName = z.enum(TRIABLE)
const problem = {
  engine: engineName,
  width: z.number().int().min(1),
  rows: z.number().int().min(1),
  tasks: z.number().int().min(1),
}

/** Of the file, without its version. */
export const measurementSchema = z.object({
  machine: z.object({ cpu: text, cores: z.number().int().min(1), node: text }),
  measuredAt: z.number().min(0),
  engines: z
    .array(
      z.object({
        ...{ name: engineName, device: text, versions: z.record(text, text), failure: z.string().nullable() },
        failedUnder: z.record(text, z.string()).optional(),
      }),
    )
    .readonly(),
  timings: z
    .array(z.object({ ...problem, seconds: z.number().positive(), measuredAt: z.number().min(0).optional() }))
    .readonly(),
  skipped: z.array(z.object({ ...problem, seconds: z.number().positive().nullable() })).readonly(),
}) satisfies z.ZodType<EngineMeasurement>

/** In the data folder, beside the database's usual place. */
export function defaultTimingsFile(env: NodeJS.ProcessEnv = process.env): string {
  const { CMAML_DB: _, ...rest } = env
  return join(dirname(defaultDatabasePath(rest, process.platform, homedir())), FILE)
}

export const thisMachine = (): TimedMachine => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
  node: process.versions.node,
})

/** What the file holds of this machine. */
export interface StoredMeasurement {
  /** Without what no longer holds; null where nothing is left. */
  readonly measurement: EngineMeasurement | null
  /** Why some or all of the file is not used; null if all of it is, or there is none. */
  readonly problem: string | null
}

/** Never fails: what cannot be used is as good as not measured. */
export function readMeasurement(file = defaultTimingsFile()): StoredMeasurement {
  if (!existsSync(file)) return { measurement: null, problem: null }
  const unused = (why: string) => ({ measurement: null, problem: `${file} is not used: ${why}.` })
  try {
    const stored: unknown = JSON.parse(readFileSync(file, 'utf8'))
    const { version } = z.object({ version: z.number() }).parse(stored)
    if (version > VERSION) return unused('a newer version of C-MAML Studio wrote it')
    return holding(measurementSchema.parse(stored), unused)
  } catch (error) {
    return unused(error instanceof z.ZodError ? `it is damaged (${inWords(error)})` : (error as Error).message)
  }
}

/** A clause: the first that is wrong, and where. */
function inWords({ issues }: z.ZodError): string {
  const [{ path, message }] = issues as [z.core.$ZodIssue]
  return path.length === 0 ? message : `${path.join('.')}: ${message}`
}

function holding(stored: EngineMeasurement, unused: (why: string) => StoredMeasurement): StoredMeasurement {
  const now = thisMachine()
  const other = (['cpu', 'cores', 'node'] as const).find((part) => stored.machine[part] !== now[part])
  if (other) return unused(`it was measured with ${other} ${stored.machine[other]}, and this is ${now[other]}`)
  const changes = stored.engines.flatMap((engine) => {
    const change = changeSince(engine)
    return change === null ? [] : [{ engine: engine.name, change }]
  })
  if (changes.length === 0) return { measurement: stored, problem: null }
  const measurement = without(stored, (name) => changes.some(({ engine }) => engine === name))
  const words = changes.map(({ engine, change }) => `${engine} (${change})`)
  return { measurement, problem: `Stored times that no longer hold are left out: ${words.join('; ')}.` }
}

/** Why an engine is another one than when it was timed; null if it is not. Devices are known only once it is loaded. */
function changeSince({ name, versions, failure, failedUnder }: TimedEngine): string | null {
  if (failure !== null) {
    if (failedUnder === undefined) return 'it failed in an earlier version of the program'
    const change = changedCircumstance(failedUnder, circumstancesOf(name))
    if (change !== null) return `it failed, and ${change}`
  }
  if (name === 'simd') return null
  const missing = missingFor(name)
  if (missing !== null) return missing
  for (const [part, was] of Object.entries(versions)) {
    const folder = findPackage(part)
    // Else it is no package, but a library inside one.
    const is = folder === null ? was : packageVersion(folder)
    if (is !== was) return `${part} was ${was} and is ${is}`
  }
  return null
}

const missingFor = (name: TriableEngine): string | null =>
  availableBackends().find(({ backend }) => `tfjs/${backend}` === name)?.missing ?? null

/**
 * Stores a measurement. Problems that it measured anew replace those that were there, of all engines: a time says
 * something beside those of the same moment. The others stay, as long as they are of the same machine, devices and
 * versions.
 *
 * @param fills it timed only what was missing: all that was there stays
 * @throws FileError
 */
export function writeMeasurement(
  given: EngineMeasurement,
  { file = defaultTimingsFile(), fills = false }: { readonly file?: string; readonly fills?: boolean } = {},
): EngineMeasurement {
  const { measurement: before } = readMeasurement(file)
  // What is only missing is looked up whenever it is asked for, and may be there the next time.
  const measured = without(given, (name) => missingFor(name) !== null)
  const kept = (engine: TriableEngine) => {
    const [was, is] = [before, measured].map((of) => of?.engines.find(({ name }) => name === engine))
    return was !== undefined && (is === undefined || (is.failure === null && is.device === was.device))
  }
  const isNew = (one: EngineProblem & { readonly engine: TriableEngine }) =>
    [...measured.timings, ...measured.skipped].some(
      (other) => isSameProblem(one, other) && (!fills || other.engine === one.engine),
    )
  const rest = <T extends EngineProblem & { readonly engine: TriableEngine }>(all: readonly T[] = []) =>
    all.filter((one) => kept(one.engine) && !isNew(one))
  const isOlder = (before?.measuredAt ?? 0) < measured.measuredAt
  const dated = (timing: StoredTiming) => (isOlder ? { measuredAt: before!.measuredAt, ...timing } : timing)
  const names = new Set(measured.engines.map(({ name }) => name))
  const all: EngineMeasurement = {
    ...measured,
    engines: [...measured.engines, ...(before?.engines ?? []).filter(({ name }) => !names.has(name))],
    timings: [...rest(before?.timings).map(dated), ...measured.timings],
    skipped: [...rest(before?.skipped), ...measured.skipped],
  }
  store(all, file)
  return all
}

/**
 * An engine that was installed anew is as good as never timed, and what it failed by is gone.
 *
 * @throws FileError
 */
export function forgetEngine(engine: TriableEngine, file = defaultTimingsFile()): void {
  const { measurement } = readMeasurement(file)
  if (!measurement?.engines.some(({ name }) => name === engine)) return
  store(
    without(measurement, (name) => name === engine),
    file,
  )
}

function store(measurement: EngineMeasurement, file: string): void {
  makeFolder(dirname(file))
  writeWhole(file, new TextEncoder().encode(`${JSON.stringify({ version: VERSION, ...measurement }, null, 1)}\n`))
}

const without = (measurement: EngineMeasurement, isGone: (name: TriableEngine) => boolean): EngineMeasurement => ({
  ...measurement,
  engines: measurement.engines.filter(({ name }) => !isGone(name)),
  timings: measurement.timings.filter(({ engine }) => !isGone(engine)),
  skipped: measurement.skipped.filter(({ engine }) => !isGone(engine)),
})
