/** Times updates on several engines, each in a process of its own, taking turns, within a budget of time. */
import { constants, setPriority } from 'node:os'
import { isSameProblem, predictSeconds, workOf, type EngineProblem } from '../../../core/engines/timings.ts'
import type { EngineTrialClient, TriableEngine } from '../../trainer/client.ts'
import { spawnTrial } from '../../trainer/spawn.ts'
import { thisMachine, type EngineMeasurement, type SkippedTiming, type TimedEngine } from './timings-file.ts'

/** Sizes of which all combinations are measured. */
export interface MeasuredSizes {
  readonly widths: readonly number[]
  readonly rows: readonly number[]
  readonly tasks: readonly number[]
}

export interface MeasureOptions {
  readonly engines: readonly TriableEngine[]
  readonly sizes: MeasuredSizes
  /** Seconds of wall time, loading included. */
  readonly budget: number
  /** Threads of the SIMD engine; all cores by default. */
  readonly workers?: number
  /** Lets others go first. */
  readonly background?: boolean
  /** Ends the measurement with what is done. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: MeasureProgress) => void
}

export interface MeasureProgress {
  /** Combinations of an engine and sizes that are measured or left out. */
  readonly done: number
  readonly total: number
  /** Seconds that the rest takes at most. */
  readonly remaining: number
  readonly engine: TriableEngine
  /** null while the engine is loaded. */
  readonly problem: EngineProblem | null
}

/** Turns of every engine at every combination; the fastest counts. */
const ROUNDS = 3
/** An update that takes this long (s) scatters little, and has one turn. */
const LONG = 3

interface Contender {
  readonly name: TriableEngine
  trial: EngineTrialClient | null
  device: string
  versions: Readonly<Record<string, string>>
  failure: string | null
  /** Seconds. */
  spent: number
  /** Larger problems than the one that took too long are not begun. */
  overdue: EngineProblem | null
}

/** A crash of an engine is its failure, and the others go on. */
export async function measureEngines(options: MeasureOptions): Promise<EngineMeasurement> {
  const { engines, sizes, budget, workers, background = false, signal, onProgress = () => {} } = options
  const problems = sizes.widths
    .flatMap((width) => sizes.rows.flatMap((rows) => sizes.tasks.map((tasks) => ({ width, rows, tasks }))))
    .sort((a, b) => workOf(a) - workOf(b))
  const start = performance.now()
  const left = () => budget - (performance.now() - start) / 1000
  // None may use up the others' time: where one is slow, the others are compared all the same.
  const leftFor = ({ spent }: Contender) => Math.min(left(), budget / engines.length - spent)
  const stopped = () => signal?.aborted === true
  const total = engines.length * problems.length
  const timings: EngineMeasurement['timings'][number][] = []
  const skipped: SkippedTiming[] = []
  const contenders: Contender[] = []
  let done = 0
  const tell = (engine: TriableEngine, problem: EngineProblem | null) =>
    onProgress({ done, total, remaining: Math.max(0, left()), engine, problem })

  try {
    for (const name of engines) {
      if (stopped()) break
      tell(name, null)
      contenders.push(await load(name, { workers, background, signal, left }))
    }
    for (const problem of problems) {
      if (stopped()) break
      const due: Contender[] = []
      for (const contender of contenders) {
        if (contender.failure !== null) continue
        const measured = timings.filter(({ engine }) => engine === contender.name)
        const seconds = predictSeconds(measured, problem)
        const isOverdue = contender.overdue !== null && workOf(problem) >= workOf(contender.overdue)
        if (!contender.trial || isOverdue || (seconds ?? 0) > leftFor(contender))
          skipped.push({ engine: contender.name, ...problem, seconds })
        else due.push(contender)
      }
      const best = await takeTurns(due, problem)
      for (const { name, overdue } of due) {
        const seconds = best.get(name)
        if (seconds !== undefined) timings.push({ engine: name, ...problem, seconds })
        else if (overdue !== null && isSameProblem(overdue, problem))
          skipped.push({ engine: name, ...problem, seconds: null })
      }
      done += engines.length
    }
  } finally {
    await Promise.all(contenders.map(async ({ trial }) => trial?.close()))
  }
  return { machine: thisMachine(), measuredAt: Date.now(), engines: contenders.map(timedEngine), timings, skipped }

  async function takeTurns(due: readonly Contender[], problem: EngineProblem): Promise<Map<TriableEngine, number>> {
    const best = new Map<TriableEngine, number>()
    for (let round = 0; round < ROUNDS; round++) {
      for (const contender of due) {
        const before = best.get(contender.name)
        const again = before === undefined ? round === 0 : before < LONG && before < leftFor(contender)
        if (stopped() || !contender.trial || !again) continue
        tell(contender.name, problem)
        const seconds = await timed(contender, problem)
        if (seconds !== null) best.set(contender.name, Math.min(seconds, before ?? Infinity))
      }
    }
    return best
  }

  /** null: interrupted, too slow or failed; then its process is gone. */
  async function timed(contender: Contender, problem: EngineProblem): Promise<number | null> {
    const trial = contender.trial!
    const begun = performance.now()
    try {
      return await within(trial.time(problem), { limit: left(), signal })
    } catch (error) {
      contender.trial = null
      await trial.close()
      if (stopped()) return null
      if (error instanceof TooLong) {
        contender.overdue = problem
        // Its process was killed in the middle; what is smaller may still fit.
        if (left() > LONG) contender.trial = (await load(contender.name, { workers, background, signal, left })).trial
      } else contender.failure = firstLine(error)
      return null
    } finally {
      contender.spent += (performance.now() - begun) / 1000
    }
  }
}

interface LoadOptions {
  readonly workers: number | undefined
  readonly background: boolean
  readonly signal: AbortSignal | undefined
  readonly left: () => number
}

async function load(name: TriableEngine, { workers, background, signal, left }: LoadOptions): Promise<Contender> {
  const contender: Contender = { name, trial: null, device: '', versions: {}, failure: null, spent: 0, overdue: null }
  const spawned = spawnTrial(name, workers)
  try {
    const trial = await within(spawned, { limit: left(), signal })
    if (background) setPriority(trial.pid, constants.priority.PRIORITY_LOW)
    const { device, versions } = trial.engine
    return { ...contender, trial, device, versions }
  } catch (error) {
    void spawned.then((late) => late.close()).catch(() => {})
    return { ...contender, failure: error instanceof TooLong ? 'It does not load in time' : firstLine(error) }
  }
}

const timedEngine = ({ name, device, versions, failure }: Contender): TimedEngine => ({
  ...{ name, device, versions, failure },
})

class TooLong extends Error {}

/** @param limit seconds */
function within<T>(
  work: Promise<T>,
  { limit, signal }: { readonly limit: number; readonly signal: AbortSignal | undefined },
): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = () => reject(signal!.reason as Error)
    if (signal?.aborted) cancel()
    const timer = setTimeout(() => reject(new TooLong()), Math.max(0, 1000 * limit))
    signal?.addEventListener('abort', cancel)
    void work.then(resolve, reject).finally(() => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', cancel)
    })
  })
}

/** What a native library says at its end is long; its first line names it. */
const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n').slice(0, 2).join(' ').slice(0, 500)
