// A checkpoint as a safetensors file, as the database stores it. An exported one is the same with what others need: the card,
// and the coefficients of the observations' scaling. Names and shapes of the tensors are in `state-tensors.ts`.
import { isDeepStrictEqual } from 'node:util'
import { migrateConfig } from '../../../core/config/migrate.ts'
import { parseRunConfig } from '../../../core/config/parse.ts'
import type { RunConfig } from '../../../core/config/settings.ts'
import type { Checkpoint } from '../store.ts'
import { sha256 } from '../sha256.ts'
import { parseCard, type CheckpointCard } from './card.ts'
import { CheckpointError, decodeSafetensors, encodeSafetensors, type Tensor } from './safetensors.ts'
import { isScalingTensor, scalingTensors } from './scaling-tensors.ts'
import { assertFinite, checkpointCounts, checkpointTensors, readState } from './state-tensors.ts'

export const FORMAT = 'cmaml-checkpoint'
/** What is written. Version 1, of program version 0.1, is read too: it had one number per multiplier and no optional parts. */
export const FORMAT_VERSION = '2'

/** While the hash of a file is computed, this stands in its place. */
const NO_HASH = '0'.repeat(64)

/** Equal checkpoints give equal bytes, whichever run wrote them. @throws CheckpointError for NaN and infinities */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  return encode(checkpoint, checkpointTensors(checkpoint), {})
}

/** As it is exported; `decodeCheckpointFile` takes it apart again. */
export function encodeWithCard(checkpoint: Checkpoint, card: CheckpointCard): Uint8Array {
  const tensors = new Map([...checkpointTensors(checkpoint), ...scalingTensors(checkpoint)])
  return encode(checkpoint, tensors, { card: JSON.stringify(card) })
}

function encode(
  checkpoint: Checkpoint,
  tensors: ReadonlyMap<string, Tensor>,
  more: Readonly<Record<string, string>>,
): Uint8Array {
  const { config, state } = checkpoint
  for (const [name, { data }] of tensors) assertFinite(name, data, `the state of iteration ${state.iteration}`)
  const counts = Object.entries(checkpointCounts(checkpoint)).map(([name, count]) => [name, String(count)] as const)
  const metadata = {
    format: FORMAT,
    formatVersion: FORMAT_VERSION,
    sha256: NO_HASH,
    ...Object.fromEntries(counts),
    config: JSON.stringify(config),
    ...more,
  }
  const file = encodeSafetensors({ tensors, metadata })
  new TextEncoder().encodeInto(sha256(file), file.subarray(hashPosition(file, NO_HASH)))
  return file
}

/**
 * Older files are brought to today's form while they are read; their bytes, and so their hash, stay.
 *
 * @throws CheckpointError with the reason, for anything but an undamaged checkpoint of this program
 */
export const decodeCheckpoint = (file: Uint8Array): Checkpoint => decodeCheckpointFile(file).checkpoint

/** What a file holds: a checkpoint as it is stored, or one that was exported, which has a card. */
export interface CheckpointFile {
  readonly checkpoint: Checkpoint
  /** With its configuration in the form of the version that wrote it, which its hash is of. */
  readonly written: Checkpoint
  readonly card: CheckpointCard | null
}

/** @throws CheckpointError, as `decodeCheckpoint` */
export function decodeCheckpointFile(file: Uint8Array): CheckpointFile {
  const content = decodeSafetensors(file)
  const { metadata } = content
  if (metadata['format'] !== FORMAT)
    throw new CheckpointError('a safetensors file of another program: its metadata lack "format": "cmaml-checkpoint"')
  const version = metadata['formatVersion']
  if (version !== '1' && version !== FORMAT_VERSION)
    throw new CheckpointError(`its format version is ${version}; this program reads 1 to ${FORMAT_VERSION}`)
  assertHash(file, metadata['sha256'])
  const config = readConfig(metadata['config'])
  const asWritten = ({ state }: Checkpoint) => ({ config: JSON.parse(metadata['config']!) as RunConfig, state })
  if (metadata['card'] === undefined) {
    const checkpoint = { config, state: readState(content, config, version) }
    return { checkpoint, written: asWritten(checkpoint), card: null }
  }
  const own = new Map([...content.tensors].filter(([name]) => !isScalingTensor(name)))
  const checkpoint = { config, state: readState({ tensors: own, metadata }, config, version) }
  assertScaling(content.tensors, checkpoint)
  const written = asWritten(checkpoint)
  return { checkpoint, written, card: readCard(metadata['card'], written) }
}

/** They are for others, and would mislead them if they were not the checkpoint's. */
function assertScaling(tensors: ReadonlyMap<string, Tensor>, checkpoint: Checkpoint): void {
  const expected = scalingTensors(checkpoint)
  for (const [name, tensor] of expected)
    if (!isDeepStrictEqual(tensors.get(name), tensor))
      throw new CheckpointError(`tensor "${name}" is not what the configuration and the statistics say`)
  const strange = [...tensors.keys()].find((name) => isScalingTensor(name) && !expected.has(name))
  if (strange !== undefined) throw new CheckpointError(`tensor "${strange.slice(0, 80)}" is not part of a checkpoint`)
}

function readCard(text: string, checkpoint: Checkpoint): CheckpointCard {
  let input: unknown
  try {
    input = JSON.parse(text)
  } catch (cause) {
    throw new CheckpointError('its card is not JSON', { cause })
  }
  const card = parseCard(input)
  const truth = cardFacts(checkpoint)
  for (const [field, value] of Object.entries(truth))
    if (!isDeepStrictEqual(card[field as keyof typeof truth], value))
      throw new CheckpointError(`its card belongs to another checkpoint: it has another ${field}`)
  return card
}

/** What a card repeats from its checkpoint. */
export function cardFacts(checkpoint: Checkpoint) {
  const { config, state } = checkpoint
  return {
    method: config.method,
    iteration: state.iteration,
    envSteps: state.envSteps,
    world: config.environment.world,
    costLimit: config.costLimit,
    algorithm: config.inner.algorithm,
    seed: config.seed,
    sha256: sha256(encodeCheckpoint(checkpoint)),
    configSha256: sha256(new TextEncoder().encode(JSON.stringify(config))),
  } satisfies Partial<CheckpointCard>
}

function readConfig(text: string | undefined): RunConfig {
  let input: unknown
  try {
    input = migrateConfig(JSON.parse(text ?? ''))
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

/** The hash covers the whole file, with zeros in the place of the hash itself. */
function assertHash(file: Uint8Array, stated: string | undefined): void {
  if (!stated || !/^[0-9a-f]{64}$/.test(stated)) throw new CheckpointError('its metadata lack "sha256"')
  const at = hashPosition(file, stated)
  if (at < 0 || sha256(file.subarray(0, at), NO_HASH, file.subarray(at + NO_HASH.length)) !== stated)
    throw new CheckpointError('the file is damaged or was edited: its content does not match its sha-256')
}

/** Where a hash begins in a file's header; negative where it is not found. */
function hashPosition(file: Uint8Array, hash: string): number {
  const before = '"sha256":"'
  const at = Buffer.from(file.buffer, file.byteOffset, file.byteLength).indexOf(`${before}${hash}"`)
  return at < 0 ? at : at + before.length
}
