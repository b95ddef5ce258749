/** Tasks one by one: before and after adaptation, and tasks against initialisations. */
import type { SeriesRole } from '../figure-data.ts'
import { taskMeans } from '../statistics/score-matrix.ts'
import type { CubeTask, ShownQuantity } from './cube.ts'
import { matrixAt, matrixOver, shownInitialisations, type ComparedPart, type StepChoice } from './part.ts'

/** One task from one initialisation: means over seeds. */
export interface TaskMove {
  readonly task: CubeTask
  readonly before: { readonly return: number; readonly cost: number }
  readonly after: { readonly return: number; readonly cost: number }
  /** Share of seeds within the limit. */
  readonly feasibleBefore: number
  readonly feasibleAfter: number
}

export interface TaskMoves {
  readonly label: string
  readonly role: SeriesRole
  readonly moves: readonly TaskMove[]
}

/** @param to adaptation step of "after" */
export function taskMoves(part: ComparedPart, from: number, to: number): TaskMoves[] {
  const { costLimit, tasks } = part.cube
  return shownInitialisations(part).map(({ label, role }, i) => {
    const at = (step: number) => {
      const costs = matrixAt(part, i, step, 'cost')
      const feasible = { ...costs, values: costs.values.map((cost) => (cost <= costLimit ? 1 : 0)) }
      return {
        returns: taskMeans(matrixAt(part, i, step, 'return')),
        costs: taskMeans(costs),
        feasible: taskMeans(feasible),
      }
    }
    const [before, after] = [at(from), at(to)]
    const moves = part.tasks.map((task, t) => ({
      task: tasks[task]!,
      before: { return: before.returns[t]!, cost: before.costs[t]! },
      after: { return: after.returns[t]!, cost: after.costs[t]! },
      feasibleBefore: before.feasible[t]!,
      feasibleAfter: after.feasible[t]!,
    }))
    return { label, role, moves }
  })
}

/** A number for every task and initialisation. */
export interface TaskMatrix {
  readonly tasks: readonly CubeTask[]
  readonly labels: readonly string[]
  /** [tasks x initialisations], means over seeds. */
  readonly values: Float64Array
  /** Lowest and highest of them. */
  readonly range: readonly [number, number]
}

/** @param over a step, the mean over all, or what adaptation changed: the last step less the first */
export function taskMatrix(part: ComparedPart, quantity: ShownQuantity, over: StepChoice | 'change'): TaskMatrix {
  const columns = part.initialisations.map((_, i) => {
    if (over !== 'change') return taskMeans(matrixOver(part, i, over, quantity))
    const first = taskMeans(matrixAt(part, i, 0, quantity))
    return taskMeans(matrixAt(part, i, part.cube.steps, quantity)).map((value, t) => value - first[t]!)
  })
  const values = Float64Array.from({ length: part.tasks.length * columns.length }, (_, at) => {
    return columns[at % columns.length]![Math.floor(at / columns.length)]!
  })
  return {
    tasks: part.tasks.map((task) => part.cube.tasks[task]!),
    labels: shownInitialisations(part).map(({ label }) => label),
    values,
    range: [Math.min(...values), Math.max(...values)],
  }
}

/**
 * What rows are sorted by: their task's seed or distance, the mean of the row, how far its initialisations lie apart, or
 * one initialisation's column.
 */
export type TaskOrder = 'seed' | 'distance' | 'mean' | 'range' | { readonly label: string }

/** Row indices in order; equal rows keep the order of their seeds. */
export function orderTasks({ tasks, labels, values }: TaskMatrix, by: TaskOrder, descending: boolean): number[] {
  const row = (t: number) => values.subarray(t * labels.length, (t + 1) * labels.length)
  const keyOf = (t: number): number => {
    if (by === 'seed') return tasks[t]!.seed
    if (by === 'distance') return tasks[t]!.goalDistance
    if (by === 'mean') return row(t).reduce((sum, value) => sum + value, 0)
    if (by === 'range') return Math.max(...row(t)) - Math.min(...row(t))
    return row(t)[labels.indexOf(by.label)] ?? Number.NaN
  }
  const keys = tasks.map((_, t) => keyOf(t))
  const sign = descending ? -1 : 1
  return tasks.map((_, t) => t).sort((a, b) => sign * (keys[a]! - keys[b]!) || tasks[a]!.seed - tasks[b]!.seed)
}
