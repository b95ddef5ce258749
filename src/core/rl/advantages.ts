import type { Batch } from './batch.ts'

/** Advantages and the value targets that go with them, one per row. */
export interface Advantages {
  readonly advantages: Float32Array
  /** lambda-returns: advantage + value. */
  readonly targets: Float32Array
}

/**
 * Generalised advantage estimation (Schulman et al., 2016, eq. 16) of any per-step signal, rewards or costs.
 * Truncation bootstraps with the value of the observation that follows; termination does not.
 *
 * @param signal rewards or costs, [batch.size]
 * @param values critic's values of the rows, [batch.size]
 * @param bootstrapValues critic's values of `batch.bootstrapObservations`, [batch.bootstrapSize]
 */
export function estimateAdvantages(
  batch: Batch,
  signal: Float32Array,
  values: Float32Array,
  bootstrapValues: Float32Array,
  gamma: number,
  lambda: number,
): Advantages {
  const advantages = new Float32Array(batch.size)
  const targets = new Float32Array(batch.size)
  // A row's successor has a larger index, so one backward sweep sees every successor first.
  for (let row = batch.size - 1; row >= 0; row--) {
    const next = batch.next[row]!
    const nextValue = next >= 0 ? values[next]! : next === -1 ? 0 : bootstrapValues[-2 - next]!
    const delta = signal[row]! + gamma * nextValue - values[row]!
    const advantage = delta + (next >= 0 ? gamma * lambda * advantages[next]! : 0)
    advantages[row] = advantage
    targets[row] = advantage + values[row]!
  }
  return { advantages, targets }
}

/** In place: mean 0 and standard deviation 1. Returns the standard deviation it had. */
export function standardise(values: Float32Array): number {
  centre(values)
  let squares = 0
  for (const value of values) squares += value * value
  const deviation = Math.sqrt(squares / values.length)
  for (let i = 0; i < values.length; i++) values[i]! /= deviation + 1e-8
  return deviation
}

/** In place: mean 0. */
export function centre(values: Float32Array): void {
  let sum = 0
  for (const value of values) sum += value
  const mean = sum / values.length
  for (let i = 0; i < values.length; i++) values[i]! -= mean
}

/** 1 - Var(target - prediction) / Var(target); NaN-free: 0 where the targets do not vary. */
export function explainedVariance(predictions: Float32Array, targets: Float32Array): number {
  const total = variance(targets)
  return total > 0 ? 1 - variance(targets.map((target, i) => target - predictions[i]!)) / total : 0
}

function variance(values: Float32Array): number {
  let sum = 0
  for (const value of values) sum += value
  const mean = sum / values.length
  let squares = 0
  for (const value of values) squares += (value - mean) ** 2
  return squares / values.length
}

/** Mean over episodes of the discounted sum of a signal from the episode's start. */
export function meanDiscountedSum(batch: Batch, signal: Float32Array, gamma: number): number {
  const sums = new Float64Array(batch.size)
  const isStart = new Uint8Array(batch.size).fill(1)
  for (let row = batch.size - 1; row >= 0; row--) {
    const next = batch.next[row]!
    sums[row] = signal[row]! + (next >= 0 ? gamma * sums[next]! : 0)
    if (next >= 0) isStart[next] = 0
  }
  let total = 0
  let episodes = 0
  for (let row = 0; row < batch.size; row++) {
    if (!isStart[row]) continue
    total += sums[row]!
    episodes++
  }
  return total / episodes
}
