import type { CriticFit, Learner } from '../nn/learner.ts'
import type { Stream } from '../random/stream.ts'
import { estimateAdvantages, type Advantages } from './advantages.ts'
import type { Batch } from './batch.ts'
import { assertFinite } from './finite.ts'

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

/** What a critic says about a batch of whole episodes, one value per row. */
export interface CriticEstimate extends Advantages {
  readonly values: Float32Array
  /** Discounted returns (lambda = 1): what explained variances are measured against. */
  readonly returns: Float32Array
}

/** Raw advantages, lambda-returns and discounted returns of one signal, rewards or costs. @param quantity for errors */
async function estimateBatch(
  learner: Learner,
  batch: Batch,
  critic: Float32Array,
  signal: {
    readonly quantity: string
    readonly perStep: Float32Array
    readonly gamma: number
    readonly lambda: number
  },
  where: string,
): Promise<CriticEstimate> {
  const { perStep, gamma, lambda, quantity } = signal
  const values = await learner.values(critic, batch.observations, batch.size)
  const bootstrap = await learner.values(critic, batch.bootstrapObservations, batch.bootstrapSize)
  const { targets: returns } = estimateAdvantages(batch, perStep, values, bootstrap, gamma, 1)
  const { advantages, targets } = estimateAdvantages(batch, perStep, values, bootstrap, gamma, lambda)
  assertFinite(`${quantity} advantage`, advantages, where)
  return { values, returns, advantages, targets }
}

/** Both estimates of a batch with their discounts. */
export async function estimateRewardAndCost(
  learner: Learner,
  batch: Batch,
  critics: { readonly reward: Float32Array; readonly cost: Float32Array },
  { gamma, gaeReward, gaeCost }: { readonly gamma: number; readonly gaeReward: number; readonly gaeCost: number },
  where: string,
): Promise<{ readonly reward: CriticEstimate; readonly cost: CriticEstimate }> {
  const reward = { quantity: 'reward', perStep: batch.rewards, gamma, lambda: gaeReward }
  const cost = { quantity: 'cost', perStep: batch.costs, gamma, lambda: gaeCost }
  return {
    reward: await estimateBatch(learner, batch, critics.reward, reward, where),
    cost: await estimateBatch(learner, batch, critics.cost, cost, where),
  }
}
