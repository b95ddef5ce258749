// What each task's policy did in each iteration: gathered, summed up as a spread, and laid out for the heat map.
import type { Stretch } from '../../core/series/stretch.ts'
import type { TaskCells } from '../../main/api/contract.ts'
import type { TaskValues } from '../charts/heat-map-option.ts'
import { firstAtLeast } from '../charts/x-range.ts'

export type Quantity = 'return' | 'cost'
export type Spread = 'sd' | 'quartiles' | 'none'

export const NO_CELLS: TaskCells = {
  cursor: 0,
  tasks: [],
  iteration: new Int32Array(),
  task: new Int32Array(),
  return: new Float32Array(),
  cost: new Float32Array(),
}

/** Cells with later ones behind them. */
export function joinedCells(known: TaskCells, news: TaskCells): TaskCells {
  const from = known.iteration.at(-1) ?? 0
  const begin = firstAtLeast(news.iteration, from + 1)
  if (begin === news.iteration.length) return known
  return {
    cursor: news.cursor,
    tasks: [...new Set([...known.tasks, ...news.tasks])].sort((a, b) => a - b),
    iteration: joined(Int32Array, known.iteration, news.iteration.subarray(begin)),
    task: joined(Int32Array, known.task, news.task.subarray(begin)),
    return: joined(Float32Array, known.return, news.return.subarray(begin)),
    cost: joined(Float32Array, known.cost, news.cost.subarray(begin)),
  }
}

function joined<Column extends Int32Array | Float32Array>(
  Kind: new (length: number) => Column,
  a: Column,
  b: Column,
): Column {
  const all = new Kind(a.length + b.length)
  all.set(a)
  all.set(b, a.length)
  return all
}

/** Over the tasks of one iteration. */
export interface IterationSpread {
  readonly iteration: number
  readonly mean: number
  /** Divides by N - 1; 0 for a single task. */
  readonly sd: number
  readonly lowerQuartile: number
  readonly upperQuartile: number
}

export function spreads(cells: TaskCells, quantity: Quantity): IterationSpread[] {
  const found: IterationSpread[] = []
  const { iteration } = cells
  for (let begin = 0, end = 0; begin < iteration.length; begin = end) {
    while (end < iteration.length && iteration[end] === iteration[begin]) end++
    const values = cells[quantity].slice(begin, end).sort()
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
    found.push({
      iteration: iteration[begin]!,
      mean,
      sd: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0,
      lowerQuartile: quantile(values, 0.25),
      upperQuartile: quantile(values, 0.75),
    })
  }
  return found
}

/** Linear between the order statistics, as numpy does by default. `sorted` ascends. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const place = share * (sorted.length - 1)
  const low = Math.floor(place)
  const high = Math.min(sorted.length - 1, low + 1)
  return sorted[low]! + (place - low) * (sorted[high]! - sorted[low]!)
}

/**
 * Ends of the band around stretches: the mean of the spreads of the iterations within each. Where only every n-th
 * iteration is known, a stretch between two of them has that of the one before it.
 *
 * @param least what the quantity cannot be below: where one standard deviation would reach below it, the band is cut
 */
export function band(
  stretches: readonly Stretch[],
  known: readonly IterationSpread[],
  spread: Exclude<Spread, 'none'>,
  least = -Infinity,
): { lower: Float64Array; upper: Float64Array; isCut: boolean } {
  const at = Float64Array.from(known, ({ iteration }) => iteration)
  const every = known.length > 1 ? at[1]! - at[0]! : 1
  let isCut = false
  const ends = stretches.map(({ first, last, mean }): [number, number] => {
    const begin = firstAtLeast(at, first)
    const end = firstAtLeast(at, last + 1)
    const before = known[begin - 1]
    const here = end > begin ? known.slice(begin, end) : before && first - before.iteration < every ? [before] : []
    if (here.length === 0) return [NaN, NaN]
    const average = (read: (one: IterationSpread) => number) =>
      here.reduce((sum, one) => sum + read(one), 0) / here.length
    if (spread === 'quartiles') return [average((one) => one.lowerQuartile), average((one) => one.upperQuartile)]
    const sd = average((one) => one.sd)
    if (mean - sd < least) isCut = true
    return [Math.max(least, mean - sd), mean + sd]
  })
  return {
    lower: Float64Array.from(ends, ([lower]) => lower),
    upper: Float64Array.from(ends, ([, upper]) => upper),
    isCut,
  }
}

/** One task over all that is known of it. */
export interface TaskSummary {
  readonly task: number
  readonly mean: number
  /** Of its newest iteration. */
  readonly newest: number
  /** Share of its iterations above the limit. */
  readonly above: number
  /** Iterations in which it was drawn. */
  readonly times: number
}

export function taskSummaries(cells: TaskCells, quantity: Quantity, limit: number): TaskSummary[] {
  const values = new Map(cells.tasks.map((task) => [task, [] as number[]]))
  cells.task.forEach((task, i) => values.get(task)?.push(cells[quantity][i]!))
  return [...values]
    .filter(([, own]) => own.length > 0)
    .map(([task, own]) => ({
      task,
      mean: own.reduce((sum, value) => sum + value, 0) / own.length,
      newest: own.at(-1)!,
      above: own.filter((value) => value > limit).length / own.length,
      times: own.length,
    }))
}

/** Most columns of the heat map: more than it has pixels would not be seen. */
const MOST_COLUMNS = 600

/**
 * Tasks in the given order by iterations; a task that was not drawn in a column is a hole. Neighbouring iterations share
 * a column, with the mean of their values, where there are too many.
 */
export function taskMatrix(cells: TaskCells, quantity: Quantity, order: readonly number[]): TaskValues {
  const iterations = [...new Set(cells.iteration)]
  const per = Math.max(1, Math.ceil(iterations.length / MOST_COLUMNS))
  const count = Math.ceil(iterations.length / per)
  const columns = Array.from({ length: count }, (_, c) => {
    const next = iterations[(c + 1) * per]
    return { first: iterations[c * per]!, last: next === undefined ? iterations.at(-1)! : next - 1 }
  })
  const columnOf = new Map(iterations.map((at, i) => [at, Math.floor(i / per)]))
  const rowOf = new Map(order.map((task, row) => [task, row]))
  const values = new Float64Array(order.length * count)
  const counts = new Int32Array(values.length)
  cells.iteration.forEach((at, i) => {
    const row = rowOf.get(cells.task[i]!)
    if (row === undefined) return
    const place = row * count + columnOf.get(at)!
    values[place]! += cells[quantity][i]!
    counts[place]!++
  })
  return { columns, tasks: order.length, values: values.map((sum, i) => (counts[i] === 0 ? NaN : sum / counts[i]!)) }
}

/** What one task's policy did, iteration by iteration. */
export function taskHistory(cells: TaskCells, quantity: Quantity, task: number): Stretch[] {
  const found: Stretch[] = []
  cells.task.forEach((other, i) => {
    if (other !== task) return
    const [at, value] = [cells.iteration[i]!, cells[quantity][i]!]
    found.push({ first: at, last: at, count: 1, min: value, max: value, mean: value })
  })
  return found
}
