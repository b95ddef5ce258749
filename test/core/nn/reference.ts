// The yardstick of the engines is part of the program: `cmaml engines --check` measures with it.
export * from '../../../src/core/nn/reference.ts'

/** Whether two arrays hold the same bits. */
export function sameBits(a: Float32Array, b: Float32Array): boolean {
  const bytes = (array: Float32Array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength)
  return bytes(a).equals(bytes(b))
}
