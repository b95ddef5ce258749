import { createRequire } from 'node:module'
import { dirname, sep } from 'node:path'
import { importTfjs, start, type LoadedBackend, type Tfjs } from './backend.ts'
import { guardHeap, type WasmModule } from './wasm-heap.ts'

/**
 * tfjs's WebAssembly backend. Its threads need the Web Workers of a browser: under Node it computes on one.
 *
 * @param folder of its .wasm files; that of the package by default
 */
export async function loadWasm(folder = packageFolder()): Promise<LoadedBackend> {
  const tf = await importTfjs()
  const { setWasmPaths, version_wasm } = await import('@tensorflow/tfjs-backend-wasm')
  setWasmPaths(folder + sep)
  return start(tf, 'wasm', async () => {
    guard(tf)
    return {
      device: (await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT'))
        ? 'WebAssembly SIMD, one thread'
        : 'WebAssembly, one thread',
      versions: { '@tensorflow/tfjs-backend-wasm': version_wasm },
      transposeExplicitly: true,
    }
  })
}

const packageFolder = (): string => dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))

function guard(tf: Tfjs): void {
  const backend = tf.backend() as unknown as { readonly wasm: WasmModule; dispose(): void }
  guardHeap(backend.wasm)
  const dispose = backend.dispose.bind(backend)
  backend.dispose = () => {
    try {
      dispose()
    } catch (error) {
      // Of a module that has ended nothing can be freed but the module itself, with its backend.
      if (!(error instanceof WebAssembly.RuntimeError)) throw error
    }
  }
}
