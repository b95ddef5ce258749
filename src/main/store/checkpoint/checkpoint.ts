// A checkpoint as a safetensors file: what the database stores, what `export --format safetensors` writes and what
// `--init FILE` reads are the same bytes. Names and shapes of the tensors are in `checkpointTensors`.
import { isDeepStrictEqual } from 'node:util'
import { parseRunConfig } from '../../../core/config/parse.ts'
import type { RunConfig } from '../../../core/config/settings.ts'
import { policyShapeOf, type MetaState } from '../../../core/meta/state.ts'
import { criticTensors } from '../../../core/nn/critic.ts'
import { policyTensors, type PolicyShape, type TensorSlice } from '../../../core/nn/policy.ts'
import type { Checkpoint } from '../store.ts'
import { sha256 } from '../sha256.ts'
import { CheckpointError, decodeSafetensors, encodeSafetensors, type Safetensors, type Tensor } from './safetensors.ts'

export const FORMAT = 'cmaml-checkpoint'
export const FORMAT_VERSION = '1'

/** While the hash of a file is computed, this stands in its place. */
const NO_HASH = '0'.repeat(64)

/** Equal checkpoints give equal bytes, whichever run wrote them. @throws CheckpointError for NaN and infinities */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  const { config, state } = checkpoint
  const tensors = checkpointTensors(checkpoint)
  for (const [name, { data }] of tensors) assertFinite(name, data, `the state of iteration ${state.iteration}`)
  const metadata = {
    format: FORMAT,
    formatVersion: FORMAT_VERSION,
    sha256: NO_HASH,
    iteration: String(state.iteration),
    envSteps: String(state.envSteps),
    costCriticUpdates: String(state.costCritic.updates),
    observationCount: String(state.moments.count),
    config: JSON.stringify(config),
  }
  const file = encodeSafetensors({ tensors, metadata })
  writeHash(file, NO_HASH, sha256(file))
  return file
}

/** @throws CheckpointError with the reason, for anything but an undamaged checkpoint of this program */
export function decodeCheckpoint(file: Uint8Array): Checkpoint {
  const content = decodeSafetensors(file)
  const { metadata } = content
  if (metadata['format'] !== FORMAT)
    throw new CheckpointError('a safetensors file of another program: its metadata lack "format": "cmaml-checkpoint"')
  if (metadata['formatVersion'] !== FORMAT_VERSION)
    throw new CheckpointError(
      `its format version is ${metadata['formatVersion']}; this program reads ${FORMAT_VERSION}`,
    )
  assertHash(file, metadata['sha256'])
  const config = readConfig(metadata['config'])
  return { config, state: readState(content, config) }
}

/**
 * All tensors of a checkpoint: `policy.*` (theta), `costCritic.*` with Adam's moments `costCritic.firstMoment.*` and
 * `costCritic.secondMoment.*` (F32), the moments of raw observations and the scalars of the outer loop (F64).
 */
export function checkpointTensors({ config, state }: Checkpoint): Map<string, Tensor> {
  const shape = policyShapeOf(config)
  const { theta, costCritic, moments, lambda, eta, kappa } = state
  const tensors = new Map<string, Tensor>()
  for (const { prefix, slices, vector } of parameterGroups(shape, theta, costCritic)) {
    const total = slices.reduce((sum, slice) => sum + slice.size, 0)
    if (vector.length !== total)
      throw new CheckpointError(`${prefix} has ${vector.length} parameters, the configuration's networks have ${total}`)
    for (const { name, shape: dims, offset, size } of slices)
      tensors.set(`${prefix}.${name}`, { dtype: 'F32', shape: dims, data: vector.subarray(offset, offset + size) })
  }
  const wide = { 'observations.mean': moments.mean, 'observations.squares': moments.squares }
  for (const [name, data] of Object.entries(wide)) tensors.set(name, { dtype: 'F64', shape: [data.length], data })
  const scalars = { 'meta.lambda': lambda, 'meta.eta': eta, 'meta.kappa': kappa }
  for (const [name, value] of Object.entries(scalars))
    tensors.set(name, { dtype: 'F64', shape: [], data: Float64Array.of(value) })
  return tensors
}

type ParameterVectors = Omit<MetaState['costCritic'], 'updates'>

function parameterGroups(shape: PolicyShape, theta: Float32Array, critic: ParameterVectors) {
  const slices: readonly TensorSlice[] = criticTensors(shape)
  return [
    { prefix: 'policy', slices: policyTensors(shape), vector: theta },
    { prefix: 'costCritic', slices, vector: critic.parameters },
    { prefix: 'costCritic.firstMoment', slices, vector: critic.firstMoment },
    { prefix: 'costCritic.secondMoment', slices, vector: critic.secondMoment },
  ]
}

function readConfig(text: string | undefined): RunConfig {
  let input: unknown
  try {
    input = JSON.parse(text ?? '')
  } catch (cause) {
    throw new CheckpointError('its configuration is not JSON', { cause })
  }
  let config: RunConfig
  try {
    config = parseRunConfig(input)
  } catch (cause) {
    throw new CheckpointError(`its configuration cannot be used: ${(cause as Error).message}`, { cause })
  }
  // A gap would be filled with today's defaults, which are not what the checkpoint was trained with.
  if (!isDeepStrictEqual(config, input)) throw new CheckpointError('its configuration is incomplete')
  return config
}

type DataOf<D extends Tensor['dtype']> = Extract<Tensor, { dtype: D }>['data']

function readState(content: Safetensors, config: RunConfig): MetaState {
  const { tensors, metadata } = content
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

  const critic = criticTensors(shape)
  // Affine scaling gathers no moments; then their vectors may be empty.
  const components = tensors.get('observations.mean')?.data.length === 0 ? 0 : shape.observationSize
  const state: MetaState = {
    iteration: integer('iteration'),
    theta: join('policy', policyTensors(shape)),
    costCritic: {
      parameters: join('costCritic', critic),
      firstMoment: join('costCritic.firstMoment', critic),
      secondMoment: join('costCritic.secondMoment', critic),
      updates: integer('costCriticUpdates'),
    },
    lambda: scalar('meta.lambda'),
    eta: scalar('meta.eta'),
    kappa: scalar('meta.kappa'),
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

/** The hash covers the whole file, with zeros in the place of the hash itself. */
function assertHash(file: Uint8Array, stated: string | undefined): void {
  if (!stated || !/^[0-9a-f]{64}$/.test(stated)) throw new CheckpointError('its metadata lack "sha256"')
  const blank = new Uint8Array(file)
  if (!writeHash(blank, stated, NO_HASH) || sha256(blank) !== stated)
    throw new CheckpointError('the file is damaged or was edited: its content does not match its sha-256')
}

/** Replaces the hash in a file's header by another of the same length; false where it is not found. */
function writeHash(file: Uint8Array, from: string, to: string): boolean {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength)
  const at = bytes.indexOf(`"sha256":"${from}"`)
  if (at >= 0) bytes.write(`"sha256":"${to}"`, at)
  return at >= 0
}

function assertFinite(name: string, data: Float32Array | Float64Array, where: string): void {
  const index = data.findIndex((value) => !Number.isFinite(value))
  if (index >= 0) throw new CheckpointError(`${name}[${index}] is ${data[index]} in ${where}`)
}
