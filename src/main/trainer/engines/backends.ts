import { BACKENDS, type BackendName, type LoadedBackend } from './backend.ts'
import { loadCpu } from './cpu.ts'
import type { EngineKind } from './parts.ts'
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
  /** What can be installed for it, each with what it computes on. */
  readonly install: readonly { readonly kind: EngineKind; readonly device: string }[]
}

/** All backends, the preferred first; reads names of files only. */
export function availableBackends(folder?: string): BackendStatus[] {
  return BACKENDS.map((backend) => ({ backend, ...status(backend, folder) }))
}

/** Backends of which nothing is known to be missing, the preferred first. */
export const presentBackends = (): BackendName[] =>
  availableBackends().flatMap(({ backend, missing }) => (missing === null ? [backend] : []))

function status(backend: BackendName, folder?: string): Omit<BackendStatus, 'backend'> {
  switch (backend) {
    case 'tensorflow':
      return {
        missing: missingTensorflow(folder),
        install: [
          { kind: 'gpu', device: 'NVIDIA GPU (CUDA)' },
          { kind: 'tensorflow', device: 'CPU' },
        ],
      }
    case 'webgpu':
      return {
        missing: missingWebgpu(folder),
        install: [{ kind: 'webgpu', device: 'GPU (Vulkan, Direct3D 12 or Metal)' }],
      }
    case 'wasm':
    case 'cpu':
      return { missing: null, install: [] }
  }
}
