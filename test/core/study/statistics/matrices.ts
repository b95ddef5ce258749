import fc from 'fast-check'
import { stream } from '../../../../src/core/random/stream.ts'
import { scoreMatrix } from '../../../../src/core/study/statistics/score-matrix.ts'
import type { ScoreMatrix } from '../../../../src/core/study/statistics/score-matrix.ts'

/** Any small matrix, with scores of everyday size and many ties. */
export const anyScores = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 9 }))
  .chain(([runs, tasks]) =>
    fc.array(fc.array(fc.integer({ min: -40, max: 40 }), { minLength: tasks, maxLength: tasks }), {
      minLength: runs,
      maxLength: runs,
    }),
  )
  .map((rows) => scoreMatrix(rows.map((row) => row.map((value) => value / 8))))

/** The same scores with runs, and tasks, in another order. */
export function permuted({ runs, tasks, values }: ScoreMatrix, seed: number): ScoreMatrix {
  const random = stream(seed, 'permutation')
  const order = (count: number) => random.shuffle(Int32Array.from({ length: count }, (_, i) => i))
  const [byRun, byTask] = [order(runs), order(tasks)]
  return scoreMatrix(Array.from(byRun, (run) => Array.from(byTask, (task) => values[run * tasks + task]!)))
}

/** [R x T] from a function of run and task. */
export function scoresOf(runs: number, tasks: number, score: (run: number, task: number) => number): ScoreMatrix {
  return scoreMatrix(Array.from({ length: runs }, (_, r) => Array.from({ length: tasks }, (_, t) => score(r, t))))
}
