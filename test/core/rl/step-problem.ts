/** A real engine bound to a small batch, and inputs of policy steps on it. */
import type { SimdEngine } from '../../../src/core/nn/simd/engine.ts'
import { logStdOf } from '../../../src/core/nn/policy.ts'
import type { Learner, PolicyEvaluation } from '../../../src/core/nn/learner.ts'
import { centre } from '../../../src/core/rl/advantages.ts'
import type { PolicyStepInput, PolicyStepSettings } from '../../../src/core/rl/policy-step.ts'
import { randomProblem, shapes } from '../nn/engine.ts'

export const settings: PolicyStepSettings = {
  kl: 0.02,
  conjugateGradientSteps: 10,
  damping: 0.1,
  backtracks: 10,
  backtrackRatio: 0.8,
  gradientRate: 0.1,
  trunkRate: 1,
  headRate: 1,
  pcpoProjection: 'kl',
}

export const bounds = { minLogStd: -3, maxLogStd: 1 }

/** Rewards and costs that the means and the spread of the policy influence, mixed with noise; all seeded. */
export function stepProblem(rows = 600) {
  const problem = randomProblem(shapes['44-64-64-2']!, rows, 11)
  const { engine, batch, theta, random } = problem
  engine.bind(batch, theta, 2)
  const advantages = (action: number, scale: number) => {
    const values = Float32Array.from(
      { length: rows },
      (_, row) => scale * (batch.actions[2 * row + action]! * batch.observations[44 * row]! + random.normal()),
    )
    centre(values)
    return values
  }
  const rewardAdvantages = advantages(0, 1)
  const costAdvantages = advantages(1, 0.1).map((cost, row) => cost + 0.02 * rewardAdvantages[row]!)
  const input = (changes: Partial<PolicyStepInput> = {}): PolicyStepInput => ({
    learner: engine,
    theta,
    rewardAdvantages,
    costAdvantages,
    lambda: 0.5,
    violation: -1,
    settings,
    bounds,
    where: 'test',
    ...changes,
  })
  return { engine, batch, theta, rewardAdvantages, costAdvantages, input }
}

/** Changes of (KL, reward surrogate, cost surrogate) from `theta` to `candidate`, measured anew. */
export function measured(
  { learner, theta, rewardAdvantages, costAdvantages }: PolicyStepInput,
  candidate: Float32Array,
) {
  const engine = learner as SimdEngine
  const weights = [rewardAdvantages, costAdvantages]
  const before = engine.evaluatePolicy(theta, weights).surrogates
  const { kl, surrogates } = engine.evaluatePolicy(candidate, weights)
  return { kl, improvement: surrogates[0]! - before[0]!, costChange: surrogates[1]! - before[1]! }
}

/** The engine, but candidates further from `theta` than `radius` measure as `broken` says. */
export function brokenBeyond(
  engine: SimdEngine,
  theta: Float32Array,
  radius: number,
  broken: (evaluation: PolicyEvaluation) => PolicyEvaluation,
): Learner & { readonly distances: number[] } {
  const distances: number[] = []
  const evaluatePolicy: Learner['evaluatePolicy'] = (candidate, weights) => {
    const evaluation = engine.evaluatePolicy(candidate, weights)
    const distance = Math.hypot(...candidate.map((value, i) => value - theta[i]!))
    if (distance > 0) distances.push(distance)
    return distance > radius ? broken(evaluation) : evaluation
  }
  return { ...engine, evaluatePolicy, distances }
}

/** Largest change in [trunk, head, log standard deviations]. */
export function largestChanges(engine: SimdEngine, before: Float32Array, after: Float32Array) {
  const change = after.map((value, i) => Math.abs(value - before[i]!))
  const logStd = logStdOf(engine.policyShape, change)
  const headSize = 2 * 64 + 2
  const trunk = change.subarray(0, change.length - logStd.length - headSize)
  const head = change.subarray(trunk.length, trunk.length + headSize)
  return [trunk, head, logStd].map((part) => part.reduce((largest, value) => Math.max(largest, value), 0))
}
