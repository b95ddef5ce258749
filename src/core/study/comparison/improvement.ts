/** Initialisations against each other, each pair: how probable an improvement is, and paired differences. */
import { crossedIntervals } from '../statistics/crossed-draws.ts'
import type { Estimate } from '../statistics/estimate.ts'
import { crossedMeans } from '../statistics/crossed-statistics.ts'
import { mapScores } from '../statistics/score-matrix.ts'
import { pairedDifference, type Curve, type PairedDifference } from '../paired.ts'
import type { Bootstrap } from './bands.ts'
import type { ShownQuantity } from './cube.ts'
import { matrixOver, shownInitialisations, type ComparedPart, type StepChoice } from './part.ts'

const LOWER_IS_BETTER: readonly ShownQuantity[] = ['cost', 'transitions']

export interface ImprovementMatrix {
  readonly labels: readonly string[]
  /**
   * [row][column]: how probable it is that a run of the row is better than one of the column on the same task, all pairs of
   * seeds, a tie counting one half; null on the diagonal.
   */
  readonly cells: readonly (readonly (Estimate | null)[])[]
  readonly meaning: string
}

export function improvementMatrix(
  part: ComparedPart,
  quantity: ShownQuantity,
  over: StepChoice,
  bootstrap: Bootstrap,
): ImprovementMatrix {
  const labels = shownInitialisations(part).map(({ label }) => label)
  const lower = LOWER_IS_BETTER.includes(quantity)
  const matrices = labels.map((_, i) => matrixOver(part, i, over, quantity))
  const [runs, tasks] = [part.replicates.length, part.tasks.length]
  const cells: (Estimate | null)[][] = labels.map(() => labels.map(() => null))
  for (let a = 0; a < labels.length; a++)
    for (let b = a + 1; b < labels.length; b++) {
      const wins = winsOf(matrices[a]!.values, matrices[b]!.values, runs, tasks, lower)
      const estimate = improvementOf(wins, runs, tasks, bootstrap)
      cells[a]![b] = estimate
      cells[b]![a] = mirrored(estimate)
    }
  const side = lower ? 'lower' : 'higher'
  const what = over === 'mean' ? 'mean over steps' : `step ${over}`
  return {
    labels,
    cells,
    meaning:
      `Probability that a run of the row has a ${side} ${quantity} (${what}) than one of the column on the same task, ` +
      `all pairs of seeds, ties one half; ${cells[0]?.find((cell) => cell)?.band ?? 'nothing to compare'}.`,
  }
}

/** [tasks x runs x runs]: whether run x of the first is better than run y of the second, a tie one half. */
function winsOf(x: Float64Array, y: Float64Array, runs: number, tasks: number, lower: boolean): Float64Array {
  const wins = new Float64Array(tasks * runs * runs)
  let at = 0
  for (let task = 0; task < tasks; task++)
    for (let i = 0; i < runs; i++)
      for (let j = 0; j < runs; j++) {
        const [own, other] = [x[i * tasks + task]!, y[j * tasks + task]!]
        wins[at++] = own === other ? 0.5 : Number(lower ? own < other : own > other)
      }
  return wins
}

function improvementOf(wins: Float64Array, runs: number, tasks: number, bootstrap: Bootstrap): Estimate {
  const total = runs * runs * tasks
  const value = wins.reduce((sum, win) => sum + win, 0) / total
  const { low, high, ...provenance } = crossedIntervals([runs, runs], tasks, 1, bootstrap, (draw, out) => {
    const [ofX, ofY] = [draw.runs[0]!, draw.runs[1]!]
    let sum = 0
    for (let task = 0, at = 0; task < tasks; task++) {
      const times = draw.tasks[task]!
      if (times === 0) {
        at += runs * runs
        continue
      }
      let ofTask = 0
      for (let i = 0; i < runs; i++) for (let j = 0; j < runs; j++, at++) ofTask += ofX[i]! * ofY[j]! * wins[at]!
      sum += times * ofTask
    }
    out[0] = sum / total
  })
  return { value, low: low?.[0] ?? null, high: high?.[0] ?? null, ...provenance }
}

const mirrored = ({ value, low, high, ...provenance }: Estimate): Estimate => ({
  ...provenance,
  value: 1 - value,
  low: high === null ? null : 1 - high,
  high: low === null ? null : 1 - low,
})

export interface Difference extends PairedDifference {
  readonly first: string
  readonly second: string
  /** Over whole seeds and whole tasks: it holds for other seeds and other tasks. */
  readonly crossed: Estimate
}

/**
 * First less second on the same task under the same seeds, for every pair of initialisations.
 *
 * @param over a step, or the mean over all of them
 */
export function pairedDifferences(
  part: ComparedPart,
  quantity: ShownQuantity,
  over: StepChoice,
  bootstrap: Bootstrap,
): Difference[] {
  const initialisations = shownInitialisations(part)
  const matrices = initialisations.map((_, i) => matrixOver(part, i, over, quantity))
  const curves = matrices.map(({ values, tasks }): Curve[] => {
    return [...values].map((value, at) => ({
      seed: part.replicates[Math.floor(at / tasks)]!,
      task: part.cube.tasks[part.tasks[at % tasks]!]!.seed,
      values: [value],
    }))
  })
  return initialisations.flatMap(({ label: first }, a) =>
    initialisations.slice(a + 1).map(({ label: second }, offset) => ({
      first,
      second,
      ...pairedDifference(curves[a]!, curves[a + 1 + offset]!, bootstrap.seed),
      crossed: crossedMeans([mapScores([matrices[a]!, matrices[a + 1 + offset]!], ([x, y]) => x! - y!)], bootstrap)[0]!,
    })),
  )
}
