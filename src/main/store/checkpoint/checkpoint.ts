// A checkpoint as a safetensors file: what the database stores, what `export --format safetensors` writes and what
// `--init FILE` reads are the same bytes. Names and shapes of the tensors are in `state-tensors.ts`.
import { isDeepStrictEqual } from 'node:util'
import { migrateConfig } from '../../../core/config/migrate.ts'
import { parseRunConfig } from '../../../core/config/parse.ts'
import type { RunConfig } from '../../../core/config/settings.ts'
import type { Checkpoint } from '../store.ts'
import { sha256 } from '../sha256.ts'
import { CheckpointError, decodeSafetensors, encodeSafetensors } from './safetensors.ts'
import { assertFinite, checkpointCounts, checkpointTensors, readState } from './state-tensors.ts'

export const FORMAT = 'cmaml-checkpoint'
/** What is written. Version 1, of program version 0.1, is read too: it had one number per multiplier and no optional parts. */
export const FORMAT_VERSION = '2'

/** While the hash of a file is computed, this stands in its place. */
const NO_HASH = '0'.repeat(64)

/** Equal checkpoints give equal bytes, whichever run wrote them. @throws CheckpointError for NaN and infinities */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  const { config, state } = checkpoint
  const tensors = checkpointTensors(checkpoint)
  for (const [name, { data }] of tensors) assertFinite(name, data, `the state of iteration ${state.iteration}`)
  const counts = Object.entries(checkpointCounts(checkpoint)).map(([name, count]) => [name, String(count)] as const)
  const metadata = {
    format: FORMAT,
    formatVersion: FORMAT_VERSION,
    sha256: NO_HASH,
    ...Object.fromEntries(counts),
    config: JSON.stringify(config),
  }
  const file = encodeSafetensors({ tensors, metadata })
  writeHash(file, NO_HASH, sha256(file))
  return file
}

/**
 * Older files are brought to today's form while they are read; their bytes, and so their hash, stay.
 *
 * @throws CheckpointError with the reason, for anything but an undamaged checkpoint of this program
 */
export function decodeCheckpoint(file: Uint8Array): Checkpoint {
  const content = decodeSafetensors(file)
  const { metadata } = content
  if (metadata['format'] !== FORMAT)
    throw new CheckpointError('a safetensors file of another program: its metadata lack "format": "cmaml-checkpoint"')
  const version = metadata['formatVersion']
  if (version !== '1' && version !== FORMAT_VERSION)
    throw new CheckpointError(`its format version is ${version}; this program reads 1 to ${FORMAT_VERSION}`)
  assertHash(file, metadata['sha256'])
  const config = readConfig(metadata['config'])
  return { config, state: readState(content, config, version) }
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
