// How long updates take on the engines of a machine: what was measured, what it says of the rest, and where another
// engine overtakes the SIMD engine.
import type { EngineName } from '../config/engines.ts'

/** The sizes that decide how long an update takes. */
export interface EngineProblem {
  /** Of both hidden layers. */
  readonly width: number
  /** Of each task's batch. */
  readonly rows: number
  /** Updated together. */
  readonly tasks: number
}

/** `64 wide, 2,000 rows, 20 tasks` */
export const problemWords = ({ width, rows, tasks }: EngineProblem): string =>
  `${width} wide, ${wholeWords(rows)} rows, ${tasks === 1 ? '1 task' : `${tasks} tasks`}`

/** `20,000` */
export const wholeWords = (count: number): string => count.toLocaleString('en-GB')

/** How long an update took on this machine. */
export interface EngineTiming extends EngineProblem {
  readonly engine: EngineName
  /** Wall time of the update of all tasks. */
  readonly seconds: number
}

/** Inputs of a policy that the estimate of work counts with; their part is small where widths matter. */
const INPUTS = 44

/** Multiply-adds of one pass over the data: what the time of a large update is proportional to. */
export const workOf = ({ width, rows, tasks }: EngineProblem): number => tasks * rows * width * (INPUTS + width)

const contains = (a: EngineProblem, b: EngineProblem): boolean =>
  a.width >= b.width && a.rows >= b.rows && a.tasks >= b.tasks

export const isSameProblem = (a: EngineProblem, b: EngineProblem): boolean => contains(a, b) && contains(b, a)

/**
 * About how long an update takes, by an engine's other timings scaled with the work: less where a device is not busy yet,
 * more where memory is short. null where nothing says anything.
 */
export function predictSeconds(measured: readonly EngineTiming[], problem: EngineProblem): number | null {
  const predictions = measured.map(
    (timing) => timing.seconds * (contains(timing, problem) ? 1 : Math.max(1, workOf(problem) / workOf(timing))),
  )
  return predictions.length === 0 ? null : Math.min(...predictions)
}

/** Where an engine overtakes the SIMD engine as batches grow, at one width and number of tasks. */
export interface BreakEven {
  readonly engine: EngineName
  readonly width: number
  readonly tasks: number
  /** Rows of a batch; null: not within what was measured. */
  readonly rows: number | null
  /** Whether it was faster at the smallest batch already, so that `rows` is only a bound. */
  readonly fromStart: boolean
  /** Of the largest batch that both were measured on: the SIMD engine's time over its own. */
  readonly speedUp: number
}

/** For every engine beside the SIMD engine; between two batch sizes the ratio of times is taken to be a power of rows. */
export function breakEvens(timings: readonly EngineTiming[]): BreakEven[] {
  const lines = Map.groupBy(
    timings.filter(({ engine }) => engine !== 'simd'),
    ({ engine, width, tasks }) => `${engine} ${width} ${tasks}`,
  )
  return [...lines.values()].flatMap((line): BreakEven[] => {
    const { engine, width, tasks } = line[0]!
    const ratios = line
      .toSorted((a, b) => a.rows - b.rows)
      .flatMap((timing) => {
        const simd = timings.find((other) => other.engine === 'simd' && isSameProblem(other, timing))
        return simd ? [{ rows: timing.rows, ratio: simd.seconds / timing.seconds }] : []
      })
    const last = ratios.at(-1)
    if (!last) return []
    // Faster from there on: a single lucky batch size in between is none.
    const first = ratios.findLastIndex(({ ratio }) => ratio <= 1) + 1
    const after = ratios[first]
    const before = ratios[first - 1]
    const rows = !after ? null : before ? crossing(before, after) : after.rows
    return [{ engine, width, tasks, rows, fromStart: first === 0, speedUp: last.ratio }]
  })
}

type Ratio = { readonly rows: number; readonly ratio: number }

/** Where a power law through both has the ratio 1. */
function crossing(before: Ratio, after: Ratio): number {
  const share = -Math.log(before.ratio) / (Math.log(after.ratio) - Math.log(before.ratio))
  return before.rows * (after.rows / before.rows) ** share
}

/** When the oldest of the times was measured: a measurement of some sizes leaves those of others as they are. */
export const measuredFrom = (measurement: {
  readonly measuredAt: number
  readonly timings: readonly { readonly measuredAt?: number | undefined }[]
}): number => Math.min(measurement.measuredAt, ...measurement.timings.map((one) => one.measuredAt ?? Infinity))
