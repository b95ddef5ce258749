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

/**
 * How many iterations each cell stands for, itself included: those up to the next that is known, as of an old run only every
 * n-th iteration is read. Shape [cells].
 */
export function iterationsBehind({ iteration, cursor }: TaskCells): Int32Array {
  const behind = new Int32Array(iteration.length)
  let next = Math.max(cursor, iteration.at(-1) ?? 0) + 1
  for (let i = iteration.length - 1; i >= 0; i--) {
    const later = iteration[i + 1]
    if (later !== undefined && later !== iteration[i]) next = later
    behind[i] = next - iteration[i]!
  }
  return behind
}

/** Where only every n-th iteration is known. */
export interface Thinning {
  readonly every: number
  /** The last iteration that another stands for. */
  readonly until: number
}

/** null: every iteration is known. */
export function thinningOf(cells: TaskCells): Thinning | null {
  const behind = iterationsBehind(cells)
  const last = behind.findLastIndex((count) => count > 1)
  if (last < 0) return null
  return {
    every: behind.reduce((most, count) => Math.max(most, count)),
    until: cells.iteration[last]! + behind[last]! - 1,
  }
}

/** Over the tasks of one iteration, which stands for `first`..`last`. */
export interface IterationSpread {
  readonly first: number
  readonly last: number
  /** N. */
  readonly tasks: number
  readonly mean: number
  /** Divides by N - 1; 0 for a single task. */
  readonly sd: number
  readonly lowerQuartile: number
  readonly upperQuartile: number
}

export function spreads(cells: TaskCells, quantity: Quantity): IterationSpread[] {
  const found: IterationSpread[] = []
  const { iteration } = cells
  const behind = iterationsBehind(cells)
  for (let begin = 0, end = 0; begin < iteration.length; begin = end) {
    while (end < iteration.length && iteration[end] === iteration[begin]) end++
    const values = cells[quantity].slice(begin, end).sort()
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
    found.push({
      first: iteration[begin]!,
      last: iteration[begin]! + behind[begin]! - 1,
      tasks: values.length,
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
 * iteration is known, each stands for those up to the next.
 *
 * @param least what the quantity cannot be below: where one standard deviation would reach below it, the band is cut
 */
export function band(
  stretches: readonly Stretch[],
  known: readonly IterationSpread[],
  spread: Exclude<Spread, 'none'>,
  least = -Infinity,
): { lower: Float64Array; upper: Float64Array; isCut: boolean } {
  const firsts = Float64Array.from(known, ({ first }) => first)
  const [lower, upper] = [new Float64Array(stretches.length), new Float64Array(stretches.length)]
  let isCut = false
  stretches.forEach((stretch, i) => {
    let [sd, lowerQuartile, upperQuartile, iterations] = [0, 0, 0, 0]
    for (let k = Math.max(0, firstAtLeast(firsts, stretch.first + 1) - 1); k < known.length; k++) {
      const one = known[k]!
      if (one.first > stretch.last) break
      const shared = Math.min(one.last, stretch.last) - Math.max(one.first, stretch.first) + 1
      if (shared <= 0) continue
      sd += shared * one.sd
      lowerQuartile += shared * one.lowerQuartile
      upperQuartile += shared * one.upperQuartile
      iterations += shared
    }
    // Without any iteration these are NaN: there is no band.
    const ends = [lowerQuartile / iterations, upperQuartile / iterations]
    if (spread === 'sd') ends.splice(0, 2, stretch.mean - sd / iterations, stretch.mean + sd / iterations)
    if (ends[0]! < least) isCut = true
    lower[i] = Math.max(least, ends[0]!)
    upper[i] = ends[1]!
  })
  return { lower, upper, isCut }
}

/** One task over all iterations in which it was drawn; what is thinned out counts as what is known before it. */
export interface TaskSummary {
  readonly task: number
  readonly mean: number
  /** Of its newest iteration. */
  readonly newest: number
  /** Share of its iterations above the limit. */
  readonly above: number
}

export function taskSummaries(cells: TaskCells, quantity: Quantity, limit: number): TaskSummary[] {
  const behind = iterationsBehind(cells)
  const sums = new Map(cells.tasks.map((task) => [task, { values: 0, above: 0, iterations: 0, newest: NaN }]))
  cells.task.forEach((task, i) => {
    const sum = sums.get(task)
    if (sum === undefined) return
    const value = cells[quantity][i]!
    sum.values += behind[i]! * value
    if (value > limit) sum.above += behind[i]!
    sum.iterations += behind[i]!
    sum.newest = value
  })
  return [...sums]
    .filter(([, { iterations }]) => iterations > 0)
    .map(([task, { values, above, iterations, newest }]) => {
      return { task, mean: values / iterations, newest, above: above / iterations }
    })
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
  const behind = iterationsBehind(cells)
  cells.iteration.forEach((at, i) => {
    const row = rowOf.get(cells.task[i]!)
    if (row === undefined) return
    const place = row * count + columnOf.get(at)!
    values[place]! += behind[i]! * cells[quantity][i]!
    counts[place]! += behind[i]!
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
