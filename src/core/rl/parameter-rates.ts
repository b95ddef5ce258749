import { policyTensors, type PolicyShape } from '../nn/policy.ts'

/**
 * Slow trunk, fast head (ANIL, Raghu et al., 2020): how fast the parts of a policy adapt. A rate of 0 leaves them as
 * they are.
 */
export interface ParameterRateSettings {
  /** Of the tanh layers. */
  readonly trunkRate: number
  /** Of the linear mean and the log standard deviations. */
  readonly headRate: number
}

/** Diagonal of D, one rate per parameter; undefined where D is the identity. */
export type ParameterRates = Float64Array | undefined

/**
 * Steps are taken in the coordinates z of theta = theta_old + D z. There the gradient is D g and the Fisher matrix is
 * D F D (`naturalDirection`). An exact natural gradient would not depend on D where D > 0; what slows the trunk is the
 * damping, which is added in z: directions with rate^2 * curvature well below it move by rate^2 of what they would.
 */
export function parameterRates(shape: PolicyShape, { trunkRate, headRate }: ParameterRateSettings): ParameterRates {
  if (trunkRate === 1 && headRate === 1) return undefined
  const tensors = policyTensors(shape)
  const logStd = tensors.at(-1)!
  const rates = new Float64Array(logStd.offset + logStd.size).fill(headRate)
  for (const { name, offset, size } of tensors)
    if (name.startsWith('hidden')) rates.fill(trunkRate, offset, offset + size)
  return rates
}

/** D v. */
export function scaledByRates<V extends Float32Array | Float64Array>(rates: ParameterRates, v: V): V {
  if (!rates) return v
  const scaled = v.slice() as V
  for (let i = 0; i < scaled.length; i++) scaled[i]! *= rates[i]!
  return scaled
}
