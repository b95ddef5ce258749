/** Returns and advantages by their definitions, trajectory by trajectory in float64. */
import { criticShape } from '../../src/core/nn/critic.ts'
import type { PolicyShape } from '../../src/core/nn/policy.ts'
import type { Batch } from '../../src/core/rl/batch.ts'
import { outputsOf } from '../core/nn/reference.ts'

/** Rows of each episode in order of time, and the row of `bootstrapObservations` behind it (-1: it terminated). */
export interface Trajectory {
  readonly rows: number[]
  readonly bootstrap: number
}

export function trajectoriesOf({ size, next }: Batch): Trajectory[] {
  const successors = new Set(next.subarray(0, size))
  const starts = Array.from({ length: size }, (_, row) => row).filter((row) => !successors.has(row))
  return starts.map((start) => {
    const rows = [start]
    while (next[rows.at(-1)!]! >= 0) rows.push(next[rows.at(-1)!]!)
    const end = next[rows.at(-1)!]!
    return { rows, bootstrap: end === -1 ? -1 : -2 - end }
  })
}

export const meanOf = (values: ArrayLike<number>) => Array.from(values).reduce((sum, v) => sum + v, 0) / values.length

/** Mean over episodes of sum_t gamma^t signal_t. */
export function episodeSum(batch: Batch, signal: Float32Array, gamma: number): number {
  return meanOf(
    trajectoriesOf(batch).map(({ rows }) => rows.reduce((sum, row, t) => sum + gamma ** t * signal[row]!, 0)),
  )
}

export interface Estimate {
  /** V(s_t). */
  readonly values: Float64Array
  /** sum_l (gamma lambda)^l delta_{t+l}, delta_t = r_t + gamma V(s_{t+1}) - V(s_t) (Schulman et al., 2016, eq. 16). */
  readonly advantages: Float64Array
  /** advantages + values. */
  readonly returns: Float64Array
}

export function estimate(
  policy: PolicyShape,
  critic: Float32Array,
  batch: Batch,
  signal: Float32Array,
  gamma: number,
  lambda: number,
): Estimate {
  const shape = criticShape(policy)
  const values = outputsOf(shape, critic, batch.observations, batch.size)
  const behind = outputsOf(shape, critic, batch.bootstrapObservations, batch.bootstrapSize)
  const advantages = new Float64Array(batch.size)
  for (const { rows, bootstrap } of trajectoriesOf(batch)) {
    const after = bootstrap < 0 ? 0 : behind[bootstrap]!
    const deltas = rows.map((row, t) => {
      const nextValue = t + 1 < rows.length ? values[rows[t + 1]!]! : after
      return signal[row]! + gamma * nextValue - values[row]!
    })
    rows.forEach((row, t) => {
      advantages[row] = deltas.slice(t).reduce((sum, delta, l) => sum + (gamma * lambda) ** l * delta, 0)
    })
  }
  return { values, advantages, returns: advantages.map((advantage, row) => advantage + values[row]!) }
}

export function centred(values: Float64Array): Float64Array {
  const mean = meanOf(values)
  return values.map((value) => value - mean)
}

export function standardised(values: Float64Array): Float64Array {
  const deviations = centred(values)
  const deviation = Math.sqrt(meanOf(deviations.map((value) => value ** 2)))
  return deviations.map((value) => value / deviation)
}

/** 1 - Var(returns - values) / Var(returns). */
export function explainedShare(values: Float64Array, returns: Float64Array): number {
  const variance = (of: Float64Array) => meanOf(centred(of).map((deviation) => deviation ** 2))
  return 1 - variance(returns.map((value, row) => value - values[row]!)) / variance(returns)
}

/** Largest difference of two vectors, relative to the largest entry of the expected one. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity
  const scale = Math.max(...Array.from(expected, Math.abs))
  return Math.max(...Array.from(expected, (value, i) => Math.abs(actual[i]! - value))) / scale
}
