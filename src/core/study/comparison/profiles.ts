/** Performance profiles: the share of all (seed, task) pairs above a score, or at most at a cost. */
import type { SeriesRole } from '../figure-data.ts'
import { crossedIntervals } from '../statistics/crossed-draws.ts'
import type { ProfileKind } from '../statistics/performance-profile.ts'
import type { ScoreMatrix } from '../statistics/score-matrix.ts'
import type { Bootstrap } from './bands.ts'
import type { ShownQuantity } from './cube.ts'
import { matrixOver, shownInitialisations, type ComparedPart, type StepChoice } from './part.ts'

const THRESHOLDS = 101

export interface Profiles {
  readonly kind: ProfileKind
  /** [n], the unit of the quantity. */
  readonly taus: Float64Array
  readonly curves: readonly {
    readonly label: string
    readonly role: SeriesRole
    /** [n] */
    readonly value: Float64Array
    readonly low: Float64Array | null
    readonly high: Float64Array | null
  }[]
  readonly tasks: number
  readonly replicates: number
  readonly meaning: string
}

/** Of costs the share at most at each threshold, of everything else the share above it: for both, higher is better. */
export function profiles(
  part: ComparedPart,
  quantity: ShownQuantity,
  over: StepChoice,
  bootstrap: Bootstrap,
): Profiles {
  const kind: ProfileKind = quantity === 'cost' || quantity === 'transitions' ? 'at-most' : 'above'
  const matrices = part.initialisations.map((_, i) => matrixOver(part, i, over, quantity))
  const taus = thresholdsOf(matrices)
  const counted = matrices.map((matrix) => profileCounter(matrix, taus, kind))
  const size = counted.length * taus.length
  const compute = (runs: Int32Array, tasks: Int32Array, out: Float64Array) =>
    counted.forEach((count, i) => count(runs, tasks, out.subarray(i * taus.length, (i + 1) * taus.length)))
  const [runCount, taskCount] = [part.replicates.length, part.tasks.length]
  const values = new Float64Array(size)
  compute(new Int32Array(runCount).fill(1), new Int32Array(taskCount).fill(1), values)
  const { low, high, band } = crossedIntervals([runCount], taskCount, size, bootstrap, ({ runs, tasks }, out) =>
    compute(runs[0]!, tasks, out),
  )
  const own = (all: Float64Array | null, i: number) => all?.subarray(i * taus.length, (i + 1) * taus.length) ?? null
  const what = kind === 'above' ? 'above' : 'at most at'
  return {
    kind,
    taus,
    curves: shownInitialisations(part).map(({ label, role }, i) => ({
      label,
      role,
      value: own(values, i)!,
      low: own(low, i),
      high: own(high, i),
    })),
    tasks: taskCount,
    replicates: runCount,
    meaning: `Share of seeds and tasks ${what} each value; band: ${band}.`,
  }
}

/** Evenly from the lowest to the highest value of all. */
function thresholdsOf(matrices: readonly ScoreMatrix[]): Float64Array {
  const all = matrices.flatMap(({ values }) => [...values])
  const [least, most] = [Math.min(...all), Math.max(...all)]
  return Float64Array.from({ length: THRESHOLDS }, (_, i) => least + ((most - least) * i) / (THRESHOLDS - 1))
}

type Count = (runs: Int32Array, tasks: Int32Array, out: Float64Array) => void

/** Every value is sorted into the first threshold that it does not exceed; a draw only counts. */
function profileCounter({ values }: ScoreMatrix, taus: Float64Array, kind: ProfileKind): Count {
  const firstAtMost = Int32Array.from(values, (value) => {
    let at = 0
    while (at < taus.length && value > taus[at]!) at++
    return at
  })
  return (runs, tasks, out) => {
    out.fill(0)
    for (let run = 0, at = 0; run < runs.length; run++)
      for (let task = 0; task < tasks.length; task++, at++) {
        const bin = firstAtMost[at]!
        if (bin < out.length) out[bin]! += runs[run]! * tasks[task]!
      }
    let sum = 0
    for (let i = 0; i < out.length; i++) {
      sum += out[i]!
      const share = sum / values.length
      out[i] = kind === 'above' ? 1 - share : share
    }
  }
}
