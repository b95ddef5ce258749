// What comparisons read of a fine-tuning: a few numbers of every policy, as columns. A comparison reads tens of thousands of
// rows, and only these columns of them.
import { runKey } from './run-reference.ts'
import { read, type Connection } from './transaction.ts'

/** Element i of each array belongs to one policy. By initialisation, task, step. */
export interface FineTuneCells {
  readonly count: number
  readonly initialisation: Int32Array
  readonly task: Int32Array
  readonly step: Int32Array
  readonly return: Float64Array
  readonly cost: Float64Array
  readonly goals: Float64Array
  readonly transitions: Float64Array
}

type Cell = [
  initialisation: number,
  task: number,
  step: number,
  episodeReturn: number,
  cost: number,
  goals: number,
  transitions: number,
]

export function readFineTuneCells(connection: Connection, id: string): FineTuneCells {
  const rows = read(connection, () =>
    connection
      .prepare(
        `SELECT initialisation, task, step, episode_return, episode_cost, goals, transitions FROM fine_tune_steps
         WHERE run = ? ORDER BY initialisation, task, step`,
      )
      .raw()
      .all(runKey(connection, id)),
  ) as Cell[]
  const integers = (column: 0 | 1 | 2) => Int32Array.from(rows, (row) => row[column])
  const numbers = (column: 3 | 4 | 5 | 6) => Float64Array.from(rows, (row) => row[column])
  return {
    count: rows.length,
    initialisation: integers(0),
    task: integers(1),
    step: integers(2),
    return: numbers(3),
    cost: numbers(4),
    goals: numbers(5),
    transitions: numbers(6),
  }
}
