import { describe, expect, it } from 'vitest'
import { adaptTask } from '../../../src/core/meta/adapt-task.ts'
import { initialTrainingState, policyShapeOf } from '../../../src/core/training/state.ts'
import { logStdOf, policyTensors } from '../../../src/core/nn/policy.ts'
import { stream } from '../../../src/core/random/stream.ts'
import type { Batch } from '../../../src/core/rl/batch.ts'
import { costlyConfig, drivingPolicy } from '../../support/costly.ts'
import { recordingWorker } from '../../support/recording.ts'
import { norm, relativeError, surrogate } from '../nn/reference.ts'

const ALPHA = 0.05
/** The meta multiplier. */
const LAMBDA = 0.6

/** An adaptation of K plain gradient steps on one task, with its data and the weights of each surrogate. */
async function adapted(steps: number, outerRule: 'maml' | 'fomaml') {
  const config = costlyConfig(
    'inner.algorithm=gradient',
    `inner.gradientRate=${ALPHA}`,
    `inner.steps=${steps}`,
    `meta.outerRule=${outerRule}`,
    'environment.horizon=100',
    'policy.hidden=[8,8]',
  )
  const { costCritic, moments } = initialTrainingState(config)
  const theta = drivingPolicy(config)
  const { worker, recording } = await recordingWorker(config)
  const job = { kind: 'adapt-task', iteration: 1, task: 12, theta, costCritic, lambda: LAMBDA, moments } as const
  const { metaGradient } = await adaptTask(worker, job)
  // The first gradient of an adaptation is the safety term's. The last is of (A_R - lambda A_C) / (1 + lambda), and the
  // meta-gradient without that division (eq. 21).
  const surrogates = recording.gradients.slice(1).map(({ weights }, k): Surrogate => {
    const { batch } = recording.bound[k]!
    return { batch, weights: k < steps ? weights : weights.map((w) => (1 + LAMBDA) * w) }
  })
  return { config, theta, metaGradient, surrogates, policies: recording.policies }
}

type Surrogate = Readonly<{ batch: Batch; weights: Float32Array }>

describe.each([1, 2])('the meta-gradient of MAML after K = %i gradient steps', (steps) => {
  /** theta_{k+1} = theta_k + alpha grad S_k(theta_k) in float64, data and weights fixed. */
  const adapt = (config: Awaited<ReturnType<typeof adapted>>['config'], theta: Float64Array, inner: Surrogate[]) => {
    const shape = policyShapeOf(config)
    const path = [theta]
    for (const { batch, weights } of inner) {
      const { gradient } = surrogate(shape, path.at(-1)!, batch, weights)
      path.push(path.at(-1)!.map((value, i) => value + ALPHA * gradient[i]!))
    }
    return path
  }

  it('is the slope of the whole objective S_K+1(theta_K(theta)), in every tensor', async () => {
    const { config, theta, metaGradient, surrogates, policies } = await adapted(steps, 'maml')
    const shape = policyShapeOf(config)
    const [inner, outer] = [surrogates.slice(0, -1), surrogates.at(-1)!]
    expect(inner).toHaveLength(steps)
    // The policies that were rolled out are those of the objective, and no bound of the log-std has bent them.
    const path = adapt(config, Float64Array.from(theta), inner)
    path.forEach((at, k) => expect(relativeError(policies[k]!, at)).toBeLessThan(1e-6))
    for (const value of logStdOf(shape, policies.at(-1)!)) {
      expect(value).toBeGreaterThan(config.policy.minLogStd)
      expect(value).toBeLessThan(config.policy.maxLogStd)
    }
    const objective = (at: Float64Array) =>
      surrogate(shape, adapt(config, at, inner).at(-1)!, outer.batch, outer.weights).value
    const random = stream('directions', steps)
    for (const { name, offset, size } of policyTensors(shape)) {
      // Along the tensor's own gradient, and as much of anything else.
      const own = metaGradient.map((g, i) => (i >= offset && i < offset + size ? g : 0))
      const noise = own.map((_, i) => (i >= offset && i < offset + size ? random.normal() : 0))
      const direction = Float64Array.from(own, (g, i) => g / norm(own) + noise[i]! / norm(noise))
      const slope = direction.reduce((sum, d, i) => sum + d * metaGradient[i]!, 0)
      const moved = (distance: number) => objective(direction.map((d, i) => theta[i]! + distance * d))
      const difference = (moved(1e-4) - moved(-1e-4)) / 2e-4
      // Float32 kernels over sums of 300 rows; the differences are good to about 1e-7.
      expect(Math.abs(slope - difference) / norm(own), name).toBeLessThan(1e-3)
    }
  })

  it('is (I + alpha H_1) ... (I + alpha H_K) g, with H g as the slope of the gradient along g', async () => {
    const { config, theta, metaGradient, surrogates } = await adapted(steps, 'maml')
    const shape = policyShapeOf(config)
    const [inner, outer] = [surrogates.slice(0, -1), surrogates.at(-1)!]
    const path = adapt(config, Float64Array.from(theta), inner)
    const firstOrder = surrogate(shape, path.at(-1)!, outer.batch, outer.weights).gradient
    let expected = firstOrder
    for (let k = steps - 1; k >= 0; k--) {
      const { batch, weights } = inner[k]!
      const epsilon = 1e-5 / norm(expected)
      const along = (sign: number) => path[k]!.map((value, i) => value + sign * epsilon * expected[i]!)
      const [ahead, behind] = [1, -1].map((sign) => surrogate(shape, along(sign), batch, weights).gradient)
      expected = expected.map((g, i) => g + (ALPHA * (ahead![i]! - behind![i]!)) / (2 * epsilon))
    }
    expect(relativeError(metaGradient, expected)).toBeLessThan(1e-4)
    // The second-order part is no rounding error: without it the two would differ.
    expect(relativeError(firstOrder, expected)).toBeGreaterThan(0.02)
  })

  it('is that of fomaml without the second-order part, on the same data', async () => {
    const second = await adapted(steps, 'maml')
    const first = await adapted(steps, 'fomaml')
    expect(first.policies).toEqual(second.policies)
    const shape = policyShapeOf(first.config)
    const { batch, weights } = second.surrogates.at(-1)!
    const { gradient } = surrogate(shape, second.policies.at(-1)!, batch, weights)
    expect(relativeError(first.metaGradient, gradient)).toBeLessThan(1e-4)
    expect(relativeError(second.metaGradient, first.metaGradient)).toBeGreaterThan(0.02)
  })
})
