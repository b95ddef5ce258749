import type * as tfjsCore from '@tensorflow/tfjs-core'

export type Tfjs = typeof tfjsCore

/** Backends of TensorFlow.js, the preferred first. */
export const BACKENDS = ['tensorflow', 'webgpu', 'wasm', 'cpu'] as const
export type BackendName = (typeof BACKENDS)[number]

/** TensorFlow.js with one backend chosen and ready. A process uses one backend at a time. */
export interface LoadedBackend {
  readonly tf: Tfjs
  readonly backend: BackendName
  /** What computes, in words, e.g. `WebAssembly SIMD, one thread`. */
  readonly device: string
  /** Package or library -> version. */
  readonly versions: Readonly<Record<string, string>>
  /** Its matMul is slow on transposed operands: transpose them beforehand. */
  readonly transposeExplicitly: boolean
  /** Frees the backend with all its tensors; they must not be used afterwards. */
  dispose(): void
}

/** A backend that cannot be loaded here. The message says what is missing and what to do about it. */
export class BackendUnavailableError extends Error {
  readonly backend: BackendName
  /** What is missing or failed: a clause without a full stop. */
  readonly missing: string
  /** The commands that install it, in words; null where none does. */
  readonly install: string | null

  constructor(backend: BackendName, missing: string, install: string | null, options?: ErrorOptions) {
    const remedy = install === null ? '' : ` Install it in the settings of the app (Compute), or with ${install}.`
    super(`The backend ${backend} of TensorFlow.js is unavailable: ${missing}.${remedy}`, options)
    this.name = 'BackendUnavailableError'
    this.backend = backend
    this.missing = missing
    this.install = install
  }
}

/** The one copy of tfjs-core that all backends here work on, without its advertisements on the console. */
export async function importTfjs(): Promise<Tfjs> {
  const tf = await import('@tensorflow/tfjs-core')
  tf.env().set('PROD', true)
  return tf
}

/** What a loader knows about its backend. */
export interface BackendTraits {
  readonly device: string
  readonly versions: Readonly<Record<string, string>>
  readonly transposeExplicitly: boolean
}

/**
 * Makes a registered backend the current one.
 *
 * @param traits asked once the backend runs
 * @throws BackendUnavailableError
 */
export async function start(
  tf: Tfjs,
  backend: BackendName,
  traits: () => BackendTraits | Promise<BackendTraits>,
): Promise<LoadedBackend> {
  const factory = tf.findBackendFactory(backend)
  // tfjs swallows the reason and says it on the console.
  if (!(await tf.setBackend(backend))) throw new BackendUnavailableError(backend, 'it does not start', null)
  const { device, versions, transposeExplicitly } = await traits()
  return {
    tf,
    backend,
    device,
    versions: { '@tensorflow/tfjs-core': tf.version_core, ...versions },
    transposeExplicitly,
    dispose() {
      tf.removeBackend(backend)
      // Its package registered it when it was first imported, and will not again.
      tf.registerBackend(backend, factory)
    },
  }
}

/** Registers a backend anew. */
export function register(tf: Tfjs, backend: BackendName, factory: Parameters<Tfjs['registerBackend']>[1]): void {
  if (tf.findBackendFactory(backend)) tf.removeBackend(backend)
  tf.registerBackend(backend, factory)
}
