// Checkpoints on their way out of and into the database, as files.
import { zipSync } from 'fflate'
import { decoded } from '../store/checkpoints.ts'
import { encodeWithCard, FORMAT, FORMAT_VERSION } from '../store/checkpoint/checkpoint.ts'
import type { CheckpointCard } from '../store/checkpoint/card.ts'
import { scalingTensors } from '../store/checkpoint/scaling-tensors.ts'
import { checkpointCounts, checkpointTensors } from '../store/checkpoint/state-tensors.ts'
import type { Checkpoint, CheckpointRow, Store } from '../store/store.ts'
import { checkpointCard } from './checkpoint-card.ts'
import { readWithin, writeWhole } from './files.ts'
import { actingPolicy } from './policy/acting-policy.ts'
import { onnxModel } from './policy/onnx.ts'
import { tfjsModel } from './policy/tfjs.ts'

export const CHECKPOINT_FORMATS = ['safetensors', 'json', 'onnx', 'tfjs'] as const
export type CheckpointFormat = (typeof CHECKPOINT_FORMATS)[number]

/** A model of TensorFlow.js is a folder of files. */
export const CHECKPOINT_EXTENSIONS: Readonly<Record<CheckpointFormat, string>> = {
  safetensors: '.safetensors',
  json: '.json',
  onnx: '.onnx',
  tfjs: '.tfjs.zip',
}

/** No checkpoint of ours comes near it (the largest networks of the settings need 55 MB); nothing larger is read. */
const MAX_CHECKPOINT_BYTES = 256 * 2 ** 20

/** What a file of a checkpoint is called where nobody says otherwise. */
export const checkpointFileName = ({ run, id, iteration }: CheckpointRow, format: CheckpointFormat): string =>
  `${run ?? id}-${iteration}${CHECKPOINT_EXTENSIONS[format]}`

/** Writes a checkpoint to a file, which appears only when it is complete; an existing file is replaced. */
export function exportCheckpoint(store: Store, id: string, format: CheckpointFormat, file: string): void {
  writeWhole(file, checkpointFile(store, id, format))
}

/** The content of such a file; the same checkpoint gives the same bytes. `importCheckpointFile` reads `safetensors`. */
export function checkpointFile(store: Store, id: string, format: CheckpointFormat): Uint8Array {
  const checkpoint = store.readCheckpoint(id)
  const card = checkpointCard(store, store.checkpoint(id), checkpoint)
  switch (format) {
    case 'safetensors':
      return encodeWithCard(checkpoint, card)
    case 'json':
      return new TextEncoder().encode(checkpointJson(checkpoint, card))
    case 'onnx':
      return onnxModel(actingPolicy(checkpoint), card)
    case 'tfjs':
      // The earliest time that the format knows, in whatever zone: equal models are equal files.
      return zipSync(tfjsModel(actingPolicy(checkpoint), card), { mtime: new Date(1980, 0, 1) })
  }
}

/** Reads, checks and stores a checkpoint file. @throws an error that says what is wrong with it */
export function importCheckpointFile(store: Store, file: string): CheckpointRow {
  return store.importCheckpoint(readCheckpointFile(file), file)
}

/** Its bytes. Damage is found here, before a database is opened, let alone created. */
export function readCheckpointFile(file: string): Uint8Array {
  const bytes = readWithin(file, MAX_CHECKPOINT_BYTES, 'checkpoint')
  decoded(bytes, file)
  return bytes
}

/**
 * Every tensor under the name that it has in the safetensors file, row-major. Numbers are shortest decimals, so they
 * read back to the same bits.
 */
function checkpointJson(checkpoint: Checkpoint, card: CheckpointCard): string {
  const tensors = [...checkpointTensors(checkpoint), ...scalingTensors(checkpoint)].map(
    ([name, { dtype, shape, data }]) => [name, { dtype, shape, data: Array.from(data) }] as const,
  )
  return JSON.stringify({
    format: FORMAT,
    formatVersion: FORMAT_VERSION,
    ...checkpointCounts(checkpoint),
    card,
    config: checkpoint.config,
    tensors: Object.fromEntries(tensors),
  })
}
