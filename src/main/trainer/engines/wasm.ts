import { createRequire } from 'node:module'
import { dirname, sep } from 'node:path'
import { importTfjs, start, type LoadedBackend } from './backend.ts'

/** tfjs's WebAssembly backend. Its threads need the Web Workers of a browser: under Node it computes on one. */
export async function loadWasm(): Promise<LoadedBackend> {
  const tf = await importTfjs()
  const { setWasmPaths, version_wasm } = await import('@tensorflow/tfjs-backend-wasm')
  const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')
  setWasmPaths(dirname(main) + sep)
  return start(tf, 'wasm', async () => ({
    device: (await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT'))
      ? 'WebAssembly SIMD, one thread'
      : 'WebAssembly, one thread',
    versions: { '@tensorflow/tfjs-backend-wasm': version_wasm },
    transposeExplicitly: true,
  }))
}
