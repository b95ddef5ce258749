/**
 * Scores of R runs on T tasks, the form of every statistic here (Agarwal et al., 2021, arXiv 2108.13264, section 3). A run
 * is one seed: one trained initialisation and all fine-tunings from it. A score is whatever is measured per run and task,
 * e.g. an undiscounted episode return or cost; a statistic has the unit of its scores.
 */
export interface ScoreMatrix {
  /** R, seeds. */
  readonly runs: number
  /** T */
  readonly tasks: number
  /** [R x T], row-major: a row is a run. Finite. */
  readonly values: Float64Array
}

/** A matrix from its rows, [R][T]: every run must have a score for every task. */
export function scoreMatrix(rows: readonly ArrayLike<number>[]): ScoreMatrix {
  const runs = rows.length
  const tasks = rows[0]?.length ?? 0
  rows.forEach((row, run) => {
    if (row.length !== tasks)
      throw new RangeError(
        `Run 1 has scores of ${tasks} tasks, run ${run + 1} of ${row.length}: every run needs all tasks`,
      )
  })
  const values = new Float64Array(runs * tasks)
  rows.forEach((row, run) => values.set(row, run * tasks))
  return checkedScores({ runs, tasks, values })
}

/** Throws where the matrix is empty, of another size than it says, or not finite, naming the first such score. */
export function checkedScores(scores: ScoreMatrix): ScoreMatrix {
  const { runs, tasks, values } = scores
  if (!(Number.isInteger(runs) && runs > 0)) throw new RangeError(`Scores need at least one run; got ${runs}`)
  if (!(Number.isInteger(tasks) && tasks > 0)) throw new RangeError(`Scores need at least one task; got ${tasks}`)
  if (values.length !== runs * tasks)
    throw new RangeError(`${runs} runs on ${tasks} tasks are ${runs * tasks} scores; got ${values.length}`)
  const bad = values.findIndex((value) => !Number.isFinite(value))
  if (bad >= 0) {
    const [run, task] = [Math.floor(bad / tasks) + 1, (bad % tasks) + 1]
    throw new RangeError(`The score of run ${run} of ${runs} on task ${task} of ${tasks} is ${values[bad]}`)
  }
  return scores
}

/** Throws unless both are about the same number of tasks; column t of both is the same task. */
export function checkSameTasks(a: ScoreMatrix, b: ScoreMatrix): void {
  if (a.tasks !== b.tasks) throw new RangeError(`Scores of ${a.tasks} and ${b.tasks} tasks cannot be compared`)
}

/** Scores of the same shape, each computed from those of `matrices` at the same run and task. */
export function mapScores(
  matrices: readonly ScoreMatrix[],
  compute: (scores: readonly number[]) => number,
): ScoreMatrix {
  const [first] = matrices
  if (!first) throw new RangeError('There are no scores to compute from')
  const { runs, tasks } = first
  for (const matrix of matrices) {
    checkedScores(matrix)
    checkSameTasks(first, matrix)
    if (matrix.runs !== runs)
      throw new RangeError(`Scores of ${runs} and ${matrix.runs} runs cannot be paired run by run`)
  }
  const values = Float64Array.from({ length: runs * tasks }, (_, at) =>
    compute(matrices.map((matrix) => matrix.values[at]!)),
  )
  return checkedScores({ runs, tasks, values })
}

/** [T]: the mean over runs of each task. */
export function taskMeans({ runs, tasks, values }: ScoreMatrix): Float64Array {
  const means = new Float64Array(tasks)
  for (let at = 0; at < values.length; at++) means[at % tasks]! += values[at]!
  return means.map((sum) => sum / runs)
}

/** [R]: the mean over tasks of each run. */
export function runMeans({ runs, tasks, values }: ScoreMatrix): Float64Array {
  return Float64Array.from({ length: runs }, (_, run) => mean(values.subarray(run * tasks, (run + 1) * tasks)))
}

export function mean(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]!
  return sum / values.length
}
