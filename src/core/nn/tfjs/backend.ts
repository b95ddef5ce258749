import type * as tfjs from '@tensorflow/tfjs-core'

/** The namespace of tfjs-core, with a backend set and ready. */
export type Tf = typeof tfjs
export type Tensor = tfjs.Tensor

/** What an engine computes with. Whoever makes it has chosen the backend; core only uses it. */
export interface TfjsBackend {
  readonly tf: Tf
  /** Name of the backend in use: `webgpu`, `tensorflow`, `wasm`, `cpu`. */
  readonly backend: string
  /**
   * For backends whose matMul is fast on plain matrices only (wasm: its XNNPACK product takes neither transposed operands
   * nor a leading dimension; the loops that it falls back to take 7 to 10 times as long): operands are transposed before
   * the product, and tasks are computed one after the other.
   */
  readonly transposeExplicitly: boolean
}

/** Products of stacks of matrices, [P x rows x columns], task by task. */
export interface Products {
  /** A B */
  plain(a: Tensor, b: Tensor): Tensor
  /** A^T B */
  transposedLeft(a: Tensor, b: Tensor): Tensor
  /** A B^T */
  transposedRight(a: Tensor, b: Tensor): Tensor
}

export function productsOf({ tf, transposeExplicitly }: TfjsBackend): Products {
  if (!transposeExplicitly) {
    return {
      plain: (a, b) => tf.matMul(a, b),
      transposedLeft: (a, b) => tf.matMul(a, b, true, false),
      transposedRight: (a, b) => tf.matMul(a, b, false, true),
    }
  }
  const transposed = (x: Tensor) => tf.transpose(x, [0, 2, 1])
  return {
    plain: (a, b) => tf.matMul(a, b),
    transposedLeft: (a, b) => tf.matMul(transposed(a), b),
    transposedRight: (a, b) => tf.matMul(a, transposed(b)),
  }
}
