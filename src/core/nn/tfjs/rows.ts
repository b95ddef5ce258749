import type { Tensor, Tf } from './backend.ts'

/** Rows of one task, or every stride-th of them. */
export interface TaskRows {
  readonly rows: number
  readonly stride: number
}

/** Rows [from, from + count) of each of several tasks. */
export interface BlockOfRows {
  readonly from: number
  readonly count: number
}

/** Cuts the longest task's rows into blocks. */
export function blocksOf(longest: number, rowsPerBlock: number): BlockOfRows[] {
  const blocks: BlockOfRows[] = []
  for (let from = 0; from < longest; from += rowsPerBlock) {
    blocks.push({ from, count: Math.min(rowsPerBlock, longest - from) })
  }
  return blocks
}

/**
 * Copies a block of each task's row-major array to the device, [tasks x count x width]. Beyond a task's own rows its
 * first row is repeated: such rows have no weight, and whatever is finite for the task's data is finite for them.
 */
export function stackRows(
  tf: Tf,
  tasks: readonly TaskRows[],
  arrayOf: (task: number) => Float32Array,
  width: number,
  { from, count }: BlockOfRows,
): Tensor {
  const stacked = new Float32Array(tasks.length * count * width)
  tasks.forEach(({ rows, stride }, t) => {
    const source = arrayOf(t)
    const own = Math.max(0, Math.min(count, rows - from))
    const at = t * count * width
    if (stride === 1) stacked.set(source.subarray(from * width, (from + own) * width), at)
    for (let i = stride === 1 ? own : 0; i < count; i++) {
      const row = i < own ? (from + i) * stride : 0
      for (let k = 0; k < width; k++) stacked[at + i * width + k] = source[row * width + k]!
    }
  })
  return tf.tensor(stacked, [tasks.length, count, width])
}

/** Weights of a mean over each task's own rows, [tasks x count x vectors]: weight / rows, or 1 / rows; else 0. */
export function stackShares(
  tf: Tf,
  tasks: readonly Pick<TaskRows, 'rows'>[],
  weightsOf: (task: number) => readonly (Float32Array | null)[],
  vectors: number,
  { from, count }: BlockOfRows,
): Tensor {
  const stacked = new Float32Array(tasks.length * count * vectors)
  tasks.forEach(({ rows }, t) => {
    const own = Math.max(0, Math.min(count, rows - from))
    weightsOf(t).forEach((weights, w) => {
      for (let i = 0; i < own; i++) {
        stacked[(t * count + i) * vectors + w] = (weights ? weights[from + i]! : 1) / rows
      }
    })
  })
  return tf.tensor(stacked, [tasks.length, count, vectors])
}

/** Flat vectors of equal length side by side, [vectors x length]. */
export function stackVectors(tf: Tf, vectors: readonly Float32Array[]): Tensor {
  const length = vectors[0]!.length
  const stacked = new Float32Array(vectors.length * length)
  vectors.forEach((vector, i) => stacked.set(vector, i * length))
  return tf.tensor(stacked, [vectors.length, length])
}

/** Rows of a result [requests x length] as arrays of their own. */
export function unstack(floats: Float32Array, requests: number): Float32Array[] {
  const length = floats.length / requests
  return Array.from({ length: requests }, (_, i) => floats.slice(i * length, (i + 1) * length))
}
