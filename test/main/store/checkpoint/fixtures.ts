/** A checkpoint file, and what can be done to it. */
import { expect } from 'vitest'
import { encodeCheckpoint } from '../../../../src/main/store/checkpoint/checkpoint.ts'
import { decodeSafetensors, encodeSafetensors, type Tensor } from '../../../../src/main/store/checkpoint/safetensors.ts'
import { sha256 } from '../../../../src/main/store/sha256.ts'
import type { Checkpoint } from '../../../../src/main/store/store.ts'
import { config, stateAt } from '../samples.ts'

export const checkpoint: Checkpoint = { config: config(), state: stateAt(3) }
export const file = encodeCheckpoint(checkpoint)

/** The same bits, which `toEqual` alone does not say of zeros and denormals. */
export const bits = (values: Float32Array | Float64Array) =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength)

/** The file with other tensors or metadata, and a hash that fits unless `metadata` brings its own. */
export function rewritten(
  change: (content: { tensors: Map<string, Tensor>; metadata: Record<string, string> }) => void,
) {
  const { tensors, metadata } = decodeSafetensors(file)
  const content = { tensors: new Map(tensors), metadata: { ...metadata } }
  change(content)
  return rehashed(encodeSafetensors(content))
}

/** Puts the right hash into a file, as somebody would who edits one on purpose. */
export function rehashed(bytes: Uint8Array): Uint8Array {
  const buffer = Buffer.from(bytes)
  const at = buffer.indexOf('"sha256":"')
  if (at < 0) return bytes
  buffer.write('0'.repeat(64), at + 10)
  buffer.write(sha256(buffer), at + 10)
  return buffer
}

export function flipped(at: number): Uint8Array {
  const bytes = new Uint8Array(file)
  bytes[at]! ^= 1
  return bytes
}

export function replaced(text: string, by: string): Uint8Array {
  const bytes = Buffer.from(file)
  const at = bytes.indexOf(text)
  expect(at).toBeGreaterThan(0)
  bytes.write(by, at)
  return bytes
}

export const f32 = (shape: readonly number[], ...values: number[]): Tensor => ({
  dtype: 'F32',
  shape,
  data: Float32Array.from(values),
})
