import { stream } from '../random/stream.ts'
import { CONFIDENCE, percentileIntervals } from './statistics/percentile.ts'
import { criticalT } from './student-t.ts'

export { CONFIDENCE }

/** A mean with an interval around it. */
export interface Interval {
  readonly mean: number
  readonly low: number
  readonly high: number
  /** Independent units behind it. */
  readonly count: number
}

/** One fine-tuning of one initialisation on one task: a value before the first and after each step. */
export interface Curve {
  /** Which repetition of the experiment: curves pair by it and by the task. */
  readonly seed: number
  readonly task: number
  /** [steps + 1] */
  readonly values: readonly number[]
}

/** How one initialisation differs from another, task by task. */
export interface PairedDifference {
  /**
   * What counts as one independent observation: a task. Its difference is averaged over all steps and over the seeds,
   * because results of several seeds on one task share that task and are not independent.
   */
  readonly unit: 'task'
  readonly seeds: number
  readonly tasks: readonly { readonly task: number; readonly difference: number }[]
  /** Student's t interval of the mean over tasks; it says nothing about other seeds than these. */
  readonly t: Interval
  /** Percentile bootstrap over tasks. */
  readonly bootstrap: Interval & { readonly resamples: number; readonly seed: number }
}

export const BOOTSTRAP_RESAMPLES = 10_000

/** Mean and Student's t interval; one value alone has an unbounded interval. */
export function meanInterval(values: readonly number[], confidence = CONFIDENCE): Interval {
  const count = values.length
  if (count === 0) throw new RangeError('An interval needs at least one value')
  const mean = average(values)
  if (count === 1) return { mean, low: -Infinity, high: Infinity, count }
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1)
  const half = criticalT(confidence, count - 1) * Math.sqrt(variance / count)
  return { mean, low: mean - half, high: mean + half, count }
}

/** Percentile bootstrap of the mean (Efron & Tibshirani, 1993, section 13.3); the same seed gives the same interval. */
export function bootstrapInterval(
  values: readonly number[],
  seed: number,
  resamples = BOOTSTRAP_RESAMPLES,
  confidence = CONFIDENCE,
): PairedDifference['bootstrap'] {
  if (values.length === 0) throw new RangeError('A bootstrap needs at least one value')
  const random = stream(seed, 'bootstrap')
  const { low, high } = percentileIntervals(1, resamples, confidence, (out) => {
    let sum = 0
    for (let i = 0; i < values.length; i++) sum += values[random.integer(values.length)]!
    out[0] = sum / values.length
  })
  return { mean: average(values), low: low[0]!, high: high[0]!, count: values.length, resamples, seed }
}

/**
 * a - b over the (seed, task) pairs that both have. Throws where nothing is paired or curves differ in length: a mean
 * over unequal steps would compare different things.
 */
export function pairedDifference(a: readonly Curve[], b: readonly Curve[], bootstrapSeed: number): PairedDifference {
  const partners = new Map(b.map((curve) => [key(curve), curve]))
  const byTask = new Map<number, number[]>()
  const seeds = new Set<number>()
  for (const curve of a) {
    const partner = partners.get(key(curve))
    if (!partner) continue
    if (partner.values.length !== curve.values.length)
      throw new RangeError(
        `Task ${curve.task} was fine-tuned for ${curve.values.length - 1} and ${partner.values.length - 1} steps: not comparable`,
      )
    const difference = average(curve.values.map((value, step) => value - partner.values[step]!))
    byTask.set(curve.task, [...(byTask.get(curve.task) ?? []), difference])
    seeds.add(curve.seed)
  }
  if (byTask.size === 0) throw new RangeError('No task was fine-tuned from both initialisations with the same seed')
  const tasks = [...byTask]
    .map(([task, differences]) => ({ task, difference: average(differences) }))
    .sort((x, y) => x.task - y.task)
  const values = tasks.map(({ difference }) => difference)
  return {
    unit: 'task',
    seeds: seeds.size,
    tasks,
    t: meanInterval(values),
    bootstrap: bootstrapInterval(values, bootstrapSeed),
  }
}

/** Per step, the mean over tasks (each averaged over its seeds first) with its t interval. */
export function stepIntervals(curves: readonly Curve[]): Interval[] {
  const byTask = new Map<number, Curve[]>()
  for (const curve of curves) byTask.set(curve.task, [...(byTask.get(curve.task) ?? []), curve])
  const steps = Math.min(...curves.map((curve) => curve.values.length))
  return Array.from({ length: curves.length === 0 ? 0 : steps }, (_, step) =>
    meanInterval([...byTask.values()].map((ofTask) => average(ofTask.map((curve) => curve.values[step]!)))),
  )
}

const key = ({ seed, task }: Curve) => `${seed}/${task}`

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
