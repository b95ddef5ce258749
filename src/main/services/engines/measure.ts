/** Times updates on several engines, each in a process of its own, taking turns, within a budget of time. */
import { isSameProblem, predictSeconds, workOf, type EngineProblem } from '../../../core/engines/timings.ts'
import type { TriableEngine } from '../../trainer/client.ts'
import { spawnTrial } from '../../trainer/spawn.ts'
import { briefly, load, timedEngine, TooLong, within, type Contender, type SpawnTrial } from './contender.ts'
import { thisMachine, type EngineMeasurement, type SkippedTiming } from './timings-file.ts'

/** Sizes of which all combinations are measured. */
export interface MeasuredSizes {
  readonly widths: readonly number[]
  readonly rows: readonly number[]
  readonly tasks: readonly number[]
}

export interface MeasureOptions {
  readonly engines: readonly TriableEngine[]
  readonly sizes: MeasuredSizes
  /** What is timed already, and is not timed again. */
  readonly known?: Pick<EngineMeasurement, 'timings' | 'skipped'> | null
  /** Seconds of wall time, loading included. */
  readonly budget: number
  /** Threads of the SIMD engine; all cores by default. */
  readonly workers?: number
  /** Lets others go first. */
  readonly background?: boolean
  /** Ends the measurement with what is done. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: MeasureProgress) => void
  readonly spawn?: SpawnTrial
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

/** All combinations, the smallest first. */
export const problemsOf = ({ widths, rows, tasks }: MeasuredSizes): EngineProblem[] =>
  widths
    .flatMap((width) => rows.flatMap((count) => tasks.map((several) => ({ width, rows: count, tasks: several }))))
    .sort((a, b) => workOf(a) - workOf(b))

/** A crash of an engine is its failure, and the others go on. */
export async function measureEngines(options: MeasureOptions): Promise<EngineMeasurement> {
  const { engines, sizes, known, budget, workers, background = false, signal } = options
  const { onProgress = () => {}, spawn = spawnTrial } = options
  const problems = problemsOf(sizes)
  const start = performance.now()
  const left = () => budget - (performance.now() - start) / 1000
  const leftFor = ({ allowed, spent }: Contender) => Math.min(left(), allowed - spent)
  const stopped = () => signal?.aborted === true
  const settled = known ? [...known.timings, ...known.skipped] : []
  const missing = new Map(
    engines.map((name) => {
      const own = settled.filter(({ engine }) => engine === name)
      return [name, problems.filter((problem) => !own.some((one) => isSameProblem(one, problem)))]
    }),
  )
  const countOf = (names: readonly TriableEngine[]) => names.reduce((sum, name) => sum + missing.get(name)!.length, 0)
  const total = countOf(engines)
  const timings: EngineMeasurement['timings'][number][] = []
  const skipped: SkippedTiming[] = []
  const contenders: Contender[] = []
  const reload = { spawn, workers, background, signal }
  const openCount = () => contenders.reduce((sum, contender) => sum + openOf(contender).length, 0)
  const tell = (engine: TriableEngine, problem: EngineProblem | null) => {
    const done = total - openCount() - countOf(engines.slice(contenders.length))
    onProgress({ done, total, remaining: Math.max(0, left()), engine, problem })
  }

  try {
    for (const [i, name] of engines.entries()) {
      if (stopped()) break
      tell(name, null)
      const contender = await load(name, missing.get(name)!, { ...reload, limit: left() / (engines.length - i) })
      // That it was interrupted is no failure.
      if (contender.trial || !stopped()) contenders.push(contender)
    }
    while (!stopped() && (await timeWhatFits()));
  } finally {
    await Promise.all(contenders.map(async ({ trial }) => trial?.close()))
  }
  if (!stopped()) contenders.forEach(skipTheRest)
  return { machine: thisMachine(), measuredAt: Date.now(), engines: contenders.map(timedEngine), timings, skipped }

  /**
   * Each engine has an equal share of the time that is left: where one is slow, the others are compared all the same.
   * What an engine cannot use is divided anew the next time.
   *
   * @returns whether anything was timed, or turned out to fail or to take too long
   */
  async function timeWhatFits(): Promise<boolean> {
    const before = openCount()
    const active = contenders.filter((contender) => openOf(contender).length > 0)
    for (const contender of active) contender.allowed = contender.spent + left() / active.length
    for (const problem of problems) {
      if (stopped()) break
      const due = active.filter(
        (contender) =>
          openOf(contender).includes(problem) && (predicted(contender, problem) ?? 0) <= leftFor(contender),
      )
      const best = await takeTurns(due, problem)
      for (const contender of due) {
        const seconds = best.get(contender.name)
        if (seconds === undefined) continue
        contender.open.delete(problem)
        timings.push({ engine: contender.name, ...problem, seconds })
      }
    }
    return openCount() < before
  }

  function predicted({ name }: Contender, problem: EngineProblem): number | null {
    return predictSeconds(
      [...(known?.timings ?? []), ...timings].filter(({ engine }) => engine === name),
      problem,
    )
  }

  function skipTheRest(contender: Contender): void {
    const { name, failure, open } = contender
    if (failure !== null) return
    for (const problem of open)
      skipped.push({
        ...{ engine: name, ...problem },
        seconds: isOverdue(contender, problem) ? null : predicted(contender, problem),
      })
  }

  async function takeTurns(due: readonly Contender[], problem: EngineProblem): Promise<Map<TriableEngine, number>> {
    const best = new Map<TriableEngine, number>()
    for (const contender of due) {
      // The first update of a width translates shaders or kernels, which a run does once.
      if (contender.warm.has(problem.width) || stopped()) continue
      tell(contender.name, problem)
      if ((await timed(contender, problem)) !== null) contender.warm.add(problem.width)
    }
    for (let round = 0; round < ROUNDS; round++) {
      for (const contender of due) {
        const before = best.get(contender.name)
        const again = before === undefined ? round === 0 : before < LONG && before < leftFor(contender)
        const isReady = contender.trial !== null && contender.warm.has(problem.width)
        if (stopped() || !isReady || !again) continue
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
      return await within(trial.time(problem), { limit: leftFor(contender), signal })
    } catch (error) {
      contender.trial = null
      await trial.close()
      if (stopped()) return null
      if (!(error instanceof TooLong)) contender.failure = briefly(error)
      else {
        contender.overdue = problem
        contender.warm.clear()
        // Its process was killed in the middle; what is smaller may still fit.
        const isLeft = [...contender.open].some((one) => !isOverdue(contender, one))
        if (isLeft && left() > LONG)
          contender.trial = (await load(contender.name, [], { ...reload, limit: left() / engines.length })).trial
      }
      return null
    } finally {
      contender.spent += (performance.now() - begun) / 1000
    }
  }
}

/** What it is to be timed at yet, as far as it can be. */
const openOf = (contender: Contender): EngineProblem[] =>
  contender.trial === null ? [] : [...contender.open].filter((problem) => !isOverdue(contender, problem))

const isOverdue = ({ overdue }: Contender, problem: EngineProblem): boolean =>
  overdue !== null && (isSameProblem(overdue, problem) || workOf(problem) >= workOf(overdue))
