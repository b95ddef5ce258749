// How a training state lies in a checkpoint file: the names and shapes of its tensors, and its counts.
import { isDeepStrictEqual } from 'node:util'
import type { RunConfig } from '../../../core/config/settings.ts'
import type { AdamMoments } from '../../../core/nn/adam.ts'
import { criticTensors, type CriticState } from '../../../core/nn/critic.ts'
import { policyTensors, type PolicyShape, type TensorSlice } from '../../../core/nn/policy.ts'
import { startMultiplier, type MultiplierState } from '../../../core/rl/multiplier.ts'
import { policyShapeOf, type TrainingState } from '../../../core/training/state.ts'
import type { Checkpoint } from '../store.ts'
import { CheckpointError, type Safetensors, type Tensor } from './safetensors.ts'

const MULTIPLIER_FIELDS = ['value', 'firstMoment', 'secondMoment', 'integral', 'smoothedCost'] as const

/**
 * All tensors of a checkpoint, by name. F32: `policy.*` (theta), `costCritic.*` and, of pre-training, `rewardCritic.*`;
 * each with Adam's moments `*.firstMoment.*` and `*.secondMoment.*`, which theta has under the outer optimiser adam only.
 * F64: the moments of raw observations, `lambda.*` and `eta.*` (a scalar per field), `kappa`, and of pre-training, where
 * there are any, `recentCosts`.
 */
export function checkpointTensors({ config, state }: Checkpoint): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>()
  for (const { prefix, slices, vector } of parameterGroups(policyShapeOf(config), state)) {
    const total = slices.reduce((sum, slice) => sum + slice.size, 0)
    if (vector.length !== total)
      throw new CheckpointError(`${prefix} has ${vector.length} parameters, the configuration's networks have ${total}`)
    for (const { name, shape: dims, offset, size } of slices)
      tensors.set(`${prefix}.${name}`, { dtype: 'F32', shape: dims, data: vector.subarray(offset, offset + size) })
  }
  const { moments, lambda, eta, kappa, recentCosts } = state
  const wide = { 'observations.mean': moments.mean, 'observations.squares': moments.squares }
  for (const [name, data] of Object.entries(wide)) tensors.set(name, { dtype: 'F64', shape: [data.length], data })
  const scalar = (name: string, value: number) =>
    tensors.set(name, { dtype: 'F64', shape: [], data: Float64Array.of(value) })
  for (const [name, multiplier] of Object.entries({ lambda, eta }))
    for (const field of MULTIPLIER_FIELDS) scalar(`${name}.${field}`, multiplier[field])
  scalar('kappa', kappa)
  if (recentCosts.length > 0)
    tensors.set('recentCosts', { dtype: 'F64', shape: [recentCosts.length], data: Float64Array.from(recentCosts) })
  return tensors
}

/** What a checkpoint counts, by name; it has `policyUpdates` and `rewardCriticUpdates` where it has what they count. */
export function checkpointCounts({ state }: Checkpoint): Record<string, number> {
  const { iteration, envSteps, thetaMoments, costCritic, rewardCritic, lambda, eta, moments } = state
  return {
    iteration,
    envSteps,
    costCriticUpdates: costCritic.updates,
    observationCount: moments.count,
    lambdaUpdates: lambda.updates,
    etaUpdates: eta.updates,
    ...(thetaMoments && { policyUpdates: thetaMoments.updates }),
    ...(rewardCritic && { rewardCriticUpdates: rewardCritic.updates }),
  }
}

interface ParameterGroup {
  readonly prefix: string
  readonly slices: readonly TensorSlice[]
  readonly vector: Float32Array
}

function parameterGroups(shape: PolicyShape, state: TrainingState): ParameterGroup[] {
  const { theta, thetaMoments, costCritic, rewardCritic } = state
  return [
    { prefix: 'policy', slices: policyTensors(shape), vector: theta },
    ...(thetaMoments ? momentGroups('policy', policyTensors(shape), thetaMoments) : []),
    ...criticGroups('costCritic', criticTensors(shape), costCritic),
    ...(rewardCritic ? criticGroups('rewardCritic', criticTensors(shape), rewardCritic) : []),
  ]
}

const criticGroups = (prefix: string, slices: readonly TensorSlice[], critic: CriticState): ParameterGroup[] => [
  { prefix, slices, vector: critic.parameters },
  ...momentGroups(prefix, slices, critic),
]

const momentGroups = (prefix: string, slices: readonly TensorSlice[], moments: AdamMoments): ParameterGroup[] => [
  { prefix: `${prefix}.firstMoment`, slices, vector: moments.firstMoment },
  { prefix: `${prefix}.secondMoment`, slices, vector: moments.secondMoment },
]

type DataOf<D extends Tensor['dtype']> = Extract<Tensor, { dtype: D }>['data']

/** The state in a file of either format version; every tensor must be one that the version has. */
export function readState({ tensors, metadata }: Safetensors, config: RunConfig, version: '1' | '2'): TrainingState {
  const shape = policyShapeOf(config)
  const expected = new Set<string>()
  const take = <D extends Tensor['dtype']>(name: string, dtype: D, dims: readonly number[]): DataOf<D> => {
    expected.add(name)
    const tensor = tensors.get(name)
    if (!tensor) throw new CheckpointError(`tensor "${name}" is missing`)
    if (tensor.dtype !== dtype || !isDeepStrictEqual(tensor.shape, dims))
      throw new CheckpointError(
        `tensor "${name}" is ${tensor.dtype} [${tensor.shape.join(', ')}], expected ${dtype} [${dims.join(', ')}]`,
      )
    assertFinite(name, tensor.data, 'the file')
    return tensor.data as DataOf<D>
  }
  const join = (prefix: string, slices: readonly TensorSlice[]) => {
    const parts = slices.map(({ name, shape: dims }) => take(`${prefix}.${name}`, 'F32', dims))
    const vector = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
    slices.forEach(({ offset }, index) => vector.set(parts[index]!, offset))
    return vector
  }
  const scalar = (name: string) => take(name, 'F64', [])[0]!
  const integer = (name: string) => {
    const text = metadata[name] ?? ''
    if (!/^\d{1,15}$/.test(text)) throw new CheckpointError(`its metadata "${name}" are not a count`)
    return Number(text)
  }
  const moments = (prefix: string, slices: readonly TensorSlice[]): AdamMoments => ({
    firstMoment: join(`${prefix}.firstMoment`, slices),
    secondMoment: join(`${prefix}.secondMoment`, slices),
    updates: integer(`${prefix}Updates`),
  })
  const critic = (prefix: string): CriticState => ({
    parameters: join(prefix, criticTensors(shape)),
    ...moments(prefix, criticTensors(shape)),
  })
  const multiplier = (name: string): MultiplierState => {
    // Version 1 knew gradient steps only, whose whole state is the value.
    if (version === '1') return startMultiplier(scalar(`meta.${name}`))
    const fields = MULTIPLIER_FIELDS.map((field) => [field, scalar(`${name}.${field}`)])
    return { ...(Object.fromEntries(fields) as Omit<MultiplierState, 'updates'>), updates: integer(`${name}Updates`) }
  }
  const counts = (name: string) => Object.hasOwn(metadata, name)

  // Where scaling is fixed no moments are gathered; then their vectors may be empty.
  const isEmpty = config.observationScaling !== 'running' && tensors.get('observations.mean')?.data.length === 0
  const components = isEmpty ? 0 : shape.observationSize
  const recentCosts = tensors.get('recentCosts')?.data.length ?? 0
  const state: TrainingState = {
    iteration: integer('iteration'),
    theta: join('policy', policyTensors(shape)),
    thetaMoments: counts('policyUpdates') ? moments('policy', policyTensors(shape)) : null,
    costCritic: critic('costCritic'),
    rewardCritic: counts('rewardCriticUpdates') ? critic('rewardCritic') : null,
    lambda: multiplier('lambda'),
    eta: multiplier('eta'),
    kappa: scalar(version === '1' ? 'meta.kappa' : 'kappa'),
    recentCosts: recentCosts > 0 ? [...take('recentCosts', 'F64', [recentCosts])] : [],
    moments: {
      count: integer('observationCount'),
      mean: take('observations.mean', 'F64', [components]),
      squares: take('observations.squares', 'F64', [components]),
    },
    envSteps: integer('envSteps'),
  }
  for (const name of tensors.keys())
    if (!expected.has(name)) throw new CheckpointError(`tensor "${name.slice(0, 80)}" is not part of a checkpoint`)
  return state
}

export function assertFinite(name: string, data: Float32Array | Float64Array, where: string): void {
  const index = data.findIndex((value) => !Number.isFinite(value))
  if (index >= 0) throw new CheckpointError(`${name}[${index}] is ${data[index]} in ${where}`)
}
