/** The backends that every machine has, started for the tests of this folder. */
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import { createRequire } from 'node:module'
import { dirname, sep } from 'node:path'
import type { TfjsBackend } from '../../../../src/core/nn/tfjs/backend.ts'

/** Each as it is run (wasm's products are fast on plain matrices only), and wasm's stacks of matrices too. */
export const backends = [
  { backend: 'cpu', transposeExplicitly: false },
  { backend: 'wasm', transposeExplicitly: true },
  { backend: 'wasm', transposeExplicitly: false },
] as const

export async function startBackend({ backend, transposeExplicitly }: (typeof backends)[number]): Promise<TfjsBackend> {
  setWasmPaths(dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')) + sep)
  if (!(await tf.setBackend(backend))) throw new Error(`The backend ${backend} does not start here.`)
  return { tf, backend, transposeExplicitly }
}
