import type { TaskCells, TaskCellsQuery } from './organisation-rows.ts'
import { runKey } from './run-reference.ts'
import { read, type Connection } from './transaction.ts'

/**
 * Steps through the iterations that are wanted by the primary key (run, iteration, task, step), so that a long run costs no
 * more than a short one. Numbers are bound as REAL.
 */
const CELLS = `
  WITH RECURSIVE wanted (iteration) AS (
    SELECT CAST(@from AS INTEGER)
    UNION ALL SELECT iteration + CAST(@every AS INTEGER) FROM wanted WHERE iteration + @every <= @to)
  SELECT task_steps.iteration, task, episode_return, episode_cost
  FROM wanted CROSS JOIN task_steps ON task_steps.iteration = wanted.iteration
  WHERE run = @run AND step = @step
  ORDER BY task_steps.iteration, task`

export function readTaskCells(connection: Connection, id: string, query: TaskCellsQuery): TaskCells {
  if (!(query.most >= 1)) throw new RangeError(`most is ${query.most}, at least 1 is needed`)
  return read(connection, () => {
    const run = runKey(connection, id)
    const { first, last } = connection
      .prepare(
        `SELECT (SELECT min(iteration) FROM task_steps WHERE run = @run) AS first,
           (SELECT max(iteration) FROM task_steps WHERE run = @run) AS last`,
      )
      .get({ run }) as { first: number | null; last: number | null }
    if (first === null || last === null) return cells([], 0)
    const from = Math.max(query.from ?? first, first)
    const to = Math.min(query.to ?? last, last)
    if (from > to) return cells([], last)
    const { tasks, lastStep } = connection
      .prepare(
        'SELECT count(DISTINCT task) AS tasks, max(step) AS lastStep FROM task_steps WHERE run = ? AND iteration = ?',
      )
      .get(run, first) as { tasks: number; lastStep: number }
    // At least one iteration is answered, cut to `most` tasks.
    const every = Math.max(1, Math.ceil((to - from + 1) / Math.max(1, Math.floor(query.most / tasks))))
    const step = query.policy === 'before' ? 0 : lastStep
    const rows = connection.prepare(CELLS).raw().all({ run, from, to, every, step }) as Cell[]
    return cells(rows.slice(0, query.most), last)
  })
}

type Cell = [iteration: number, task: number, episodeReturn: number, cost: number]

function cells(rows: readonly Cell[], cursor: number): TaskCells {
  return {
    cursor,
    tasks: [...new Set(rows.map(([, task]) => task))].sort((a, b) => a - b),
    iteration: Int32Array.from(rows, (row) => row[0]),
    task: Int32Array.from(rows, (row) => row[1]),
    return: Float32Array.from(rows, (row) => row[2]),
    cost: Float32Array.from(rows, (row) => row[3]),
  }
}
