import { BACKENDS, type BackendName, type LoadedBackend } from './backend.ts'
import { loadCpu } from './cpu.ts'
import { loadTensorflow, missingTensorflow } from './tensorflow.ts'
import { loadWasm } from './wasm.ts'
import { loadWebgpu, missingWebgpu } from './webgpu.ts'

export { BackendUnavailableError, BACKENDS, type BackendName, type LoadedBackend, type Tfjs } from './backend.ts'

/**
 * Loads TensorFlow.js with a backend. To be called in the trainer process only: it computes, and native code may crash.
 *
 * @param folder of engines installed on demand; `enginesFolder()` by default
 * @throws BackendUnavailableError
 */
export function loadBackend(name: BackendName, folder?: string): Promise<LoadedBackend> {
  switch (name) {
    case 'tensorflow':
      return loadTensorflow(folder)
    case 'webgpu':
      return loadWebgpu(folder)
    case 'wasm':
      return loadWasm()
    case 'cpu':
      return loadCpu()
  }
}

/** Whether a backend's files are there. That it loads too, and finds its device, only loading it tells. */
export interface BackendStatus {
  readonly backend: BackendName
  /** What is missing; null if nothing is. */
  readonly missing: string | null
  /** Commands that install it, each with what it is for. */
  readonly install: readonly { readonly command: string; readonly device: string }[]
}

/** All backends, the preferred first; reads names of files only. */
export function availableBackends(folder?: string): BackendStatus[] {
  return BACKENDS.map((backend) => ({ backend, ...status(backend, folder) }))
}

function status(backend: BackendName, folder?: string): Omit<BackendStatus, 'backend'> {
  switch (backend) {
    case 'tensorflow':
      return {
        missing: missingTensorflow(folder),
        install: [
          { command: 'npm run install:gpu', device: 'NVIDIA GPU (CUDA)' },
          { command: 'npm run install:tensorflow', device: 'CPU' },
        ],
      }
    case 'webgpu':
      return {
        missing: missingWebgpu(folder),
        install: [{ command: 'npm run install:webgpu', device: 'GPU (Vulkan, Direct3D 12 or Metal)' }],
      }
    case 'wasm':
    case 'cpu':
      return { missing: null, install: [] }
  }
}
