import type { Stream } from '../random/stream.ts'
import { logStdOf, meanShape, networkTensors, parameterCount, policyParameterCount } from './policy.ts'
import type { NetworkShape, PolicyShape } from './policy.ts'

/**
 * Glorot-uniform kernels and zero biases (Glorot & Bengio, 2010, eq. 16).
 * @param headScale shrinks the head's kernel, so that a fresh policy acts near zero in every state
 */
export function initialiseNetwork(shape: NetworkShape, headScale: number, stream: Stream): Float32Array {
  const parameters = new Float32Array(parameterCount(shape))
  for (const { name, shape: dims, offset, size } of networkTensors(shape)) {
    if (!name.endsWith('.kernel')) continue
    const bound = Math.sqrt(6 / dims.reduce((sum, dim) => sum + dim, 0)) * (name === 'head.kernel' ? headScale : 1)
    for (let i = 0; i < size; i++) parameters[offset + i] = (2 * stream.uniform() - 1) * bound
  }
  return parameters
}

export function initialisePolicy(policy: PolicyShape, headScale: number, logStd: number, stream: Stream): Float32Array {
  const theta = new Float32Array(policyParameterCount(policy))
  theta.set(initialiseNetwork(meanShape(policy), headScale, stream))
  logStdOf(policy, theta).fill(logStd)
  return theta
}
