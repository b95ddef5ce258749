/** Intervals of one statistic for many matrices of the same R runs and T tasks, from shared draws. */
import type { BootstrapOptions } from './bootstrap.ts'
import { crossedIntervals, type CrossedDraw } from './crossed-draws.ts'
import type { Estimate } from './estimate.ts'
import { checkedScores, type ScoreMatrix } from './score-matrix.ts'

/** Computes the statistic of all matrices for one draw, [matrices]. Drawing everything once gives the statistics themselves. */
type Kernel = (draw: CrossedDraw, out: Float64Array) => void

/** Means; of 0-1 scores, shares. */
export const crossedMeans = (matrices: readonly ScoreMatrix[], options: Omit<BootstrapOptions, 'resampling'>) =>
  crossedEstimates(matrices, options, meanKernel(matrices))

/** Interquartile means, as `interquartileMean`. */
export const crossedInterquartileMeans = (
  matrices: readonly ScoreMatrix[],
  options: Omit<BootstrapOptions, 'resampling'>,
) => crossedEstimates(matrices, options, interquartileKernel(matrices))

/** The mean of each run's worst share of tasks, mean over runs, as `conditionalValueAtRisk`. */
export const crossedTails = (
  matrices: readonly ScoreMatrix[],
  options: Omit<BootstrapOptions, 'resampling'>,
  share: number,
) => crossedEstimates(matrices, options, tailKernel(matrices, share))

function crossedEstimates(
  matrices: readonly ScoreMatrix[],
  options: Omit<BootstrapOptions, 'resampling'>,
  kernel: Kernel,
): Estimate[] {
  const [first] = matrices
  if (!first) return []
  const { runs, tasks } = first
  for (const matrix of matrices) {
    checkedScores(matrix)
    if (matrix.runs !== runs || matrix.tasks !== tasks)
      throw new RangeError(
        `Scores of ${matrix.runs} runs on ${matrix.tasks} tasks cannot share draws with ${runs} on ${tasks}`,
      )
  }
  const values = new Float64Array(matrices.length)
  kernel({ tasks: new Int32Array(tasks).fill(1), runs: [new Int32Array(runs).fill(1)] }, values)
  const { low, high, ...provenance } = crossedIntervals([runs], tasks, matrices.length, options, kernel)
  return matrices.map((_, i) => ({
    value: values[i]!,
    low: low?.[i] ?? null,
    high: high?.[i] ?? null,
    ...provenance,
  }))
}

function meanKernel(matrices: readonly ScoreMatrix[]): Kernel {
  return ({ tasks, runs: [runs] }, out) => {
    const [taskCount, runCount] = [tasks.length, runs!.length]
    for (let m = 0; m < matrices.length; m++) {
      const { values } = matrices[m]!
      let sum = 0
      for (let run = 0; run < runCount; run++) {
        const times = runs![run]!
        if (times === 0) continue
        const row = run * taskCount
        let ofRun = 0
        for (let task = 0; task < taskCount; task++) ofRun += tasks[task]! * values[row + task]!
        sum += times * ofRun
      }
      out[m] = sum / (runCount * taskCount)
    }
  }
}

/** Each matrix is sorted once; a draw counts how often each of its scores is there. */
function interquartileKernel(matrices: readonly ScoreMatrix[]): Kernel {
  const size = matrices[0]?.values.length ?? 0
  const sorted = matrices.map(({ values }) => {
    const order = Int32Array.from({ length: size }, (_, i) => i).sort((a, b) => values[a]! - values[b]!)
    return { order, values: Float64Array.from(order, (at) => values[at]!) }
  })
  const times = new Int32Array(size)
  const cut = Math.floor(size / 4)
  const last = size - cut
  return ({ tasks, runs: [runs] }, out) => {
    for (let run = 0, at = 0; run < runs!.length; run++)
      for (let task = 0; task < tasks.length; task++, at++) times[at] = runs![run]! * tasks[task]!
    for (let m = 0; m < sorted.length; m++) {
      const { order, values } = sorted[m]!
      let at = 0
      // Scores up to and with `at - 1`.
      let below = 0
      while (below <= cut) below += times[order[at++]!]!
      let sum = Math.min(below, last) * values[at - 1]! - cut * values[at - 1]!
      while (below < last) {
        const count = times[order[at]!]!
        sum += Math.min(count, last - below) * values[at]!
        below += count
        at++
      }
      out[m] = sum / (last - cut)
    }
  }
}

function tailKernel(matrices: readonly ScoreMatrix[], share: number): Kernel {
  if (!(share > 0 && share <= 1)) throw new RangeError(`The tail's share lies above 0 and at most at 1; got ${share}`)
  // Of each run, its tasks from the worst on.
  const orders = matrices.map(({ runs, tasks, values }) =>
    Array.from({ length: runs }, (_, run) =>
      Int32Array.from({ length: tasks }, (_, task) => task).sort(
        (a, b) => values[run * tasks + b]! - values[run * tasks + a]!,
      ),
    ),
  )
  return ({ tasks, runs: [runs] }, out) => {
    const count = share * tasks.length
    for (let m = 0; m < matrices.length; m++) {
      const { values } = matrices[m]!
      let total = 0
      for (let run = 0; run < runs!.length; run++) {
        if (runs![run] === 0) continue
        const order = orders[m]![run]!
        let left = count
        let sum = 0
        for (let i = 0; left > 0 && i < order.length; i++) {
          const taken = Math.min(left, tasks[order[i]!]!)
          sum += taken * values[run * tasks.length + order[i]!]!
          left -= taken
        }
        total += (runs![run]! * sum) / count
      }
      out[m] = total / runs!.length
    }
  }
}
