import type { RunConfig } from '../../src/core/config/settings.ts'
import { policyShapeOf, randomPolicy } from '../../src/core/training/state.ts'
import { policyTensors } from '../../src/core/nn/policy.ts'
import { tinyConfig } from './worker.ts'

/** Episodes long enough for a robot that drives ahead to cross hazards: a tiny run whose cost is not zero. */
export function costlyConfig(...assignments: string[]): RunConfig {
  return tinyConfig('environment.horizon=150', 'costLimit=1', 'meta.kl=0.5', ...assignments)
}

/**
 * A random policy whose mean drives ahead at full force: it meets the hazards that a fresh policy does not.
 * @param turn mean turning rate; driving in circles, it meets them again and again
 */
export function drivingPolicy(config: RunConfig, seed = 1, turn = 0): Float32Array {
  const theta = randomPolicy(config, ['driving policy', seed])
  const bias = policyTensors(policyShapeOf(config)).find(({ name }) => name === 'head.bias')!
  theta[bias.offset] = 1 // forward force
  theta[bias.offset + 1] = theta[bias.offset + 1]! + turn // about zero
  return theta
}
