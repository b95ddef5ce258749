// Checkpoints on their way out of and into the database, as files.
import { FORMAT, FORMAT_VERSION } from '../store/checkpoint/checkpoint.ts'
import { checkpointCounts, checkpointTensors } from '../store/checkpoint/state-tensors.ts'
import type { Checkpoint, CheckpointRow, Store } from '../store/store.ts'
import { readWithin, writeWhole } from './files.ts'

export const CHECKPOINT_FORMATS = ['safetensors', 'json'] as const
export type CheckpointFormat = (typeof CHECKPOINT_FORMATS)[number]

/** No checkpoint of ours comes near it (the largest networks of the settings need 55 MB); nothing larger is read. */
const MAX_CHECKPOINT_BYTES = 256 * 2 ** 20

/** Writes a checkpoint to a file, which appears only when it is complete; an existing file is replaced. */
export function exportCheckpoint(store: Store, id: string, format: CheckpointFormat, file: string): void {
  writeWhole(file, checkpointFile(store, id, format))
}

/** The content of such a file. `safetensors` is the checkpoint itself, bit for bit; `importCheckpointFile` reads it. */
export function checkpointFile(store: Store, id: string, format: CheckpointFormat): Uint8Array {
  switch (format) {
    case 'safetensors':
      return store.readCheckpointBytes(id)
    case 'json':
      return new TextEncoder().encode(checkpointJson(store.readCheckpoint(id)))
  }
}

/** Reads, checks and stores a checkpoint file. @throws an error that says what is wrong with it */
export function importCheckpointFile(store: Store, file: string): CheckpointRow {
  return store.importCheckpoint(readWithin(file, MAX_CHECKPOINT_BYTES, 'checkpoint'), file)
}

/**
 * Every tensor under the name that it has in the safetensors file, row-major. Numbers are shortest decimals, so they
 * read back to the same bits.
 */
function checkpointJson(checkpoint: Checkpoint): string {
  const tensors = [...checkpointTensors(checkpoint)].map(
    ([name, { dtype, shape, data }]) => [name, { dtype, shape, data: Array.from(data) }] as const,
  )
  return JSON.stringify({
    format: FORMAT,
    formatVersion: FORMAT_VERSION,
    ...checkpointCounts(checkpoint),
    config: checkpoint.config,
    tensors: Object.fromEntries(tensors),
  })
}
