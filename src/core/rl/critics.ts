import type { CriticFit, Learner } from '../nn/learner.ts'
import type { Stream } from '../random/stream.ts'
import type { Batch } from './batch.ts'

export interface CriticSettings {
  readonly minibatch: number
  readonly learningRate: number
  readonly l2: number
  readonly maxGradientNorm: number
}

/** Fits critics to their targets over `epochs` fresh permutations of the batch, which all of them share. */
export async function fitCritics(
  learner: Learner,
  batch: Batch,
  fits: readonly CriticFit[],
  epochs: number,
  settings: CriticSettings,
  random: Stream,
): Promise<void> {
  const orders = Array.from({ length: epochs }, () =>
    random.shuffle(Int32Array.from({ length: batch.size }, (_, i) => i)),
  )
  if (epochs > 0) await learner.fitCritics(batch, fits, orders, settings)
}
