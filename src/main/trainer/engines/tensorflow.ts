import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createRequire, registerHooks } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { BackendUnavailableError, importTfjs, register, start, type LoadedBackend, type Tfjs } from './backend.ts'
import { findPackage } from './folder.ts'

const INSTALL = '"cmaml engines install gpu" (NVIDIA) or "cmaml engines install tensorflow" (CPU)'

/** The build for CUDA goes first. */
const PACKAGES = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const

const TFJS = ['@tensorflow/tfjs', '@tensorflow/tfjs-core']

/** tfjs-node's native module, tfjs_binding.node. */
interface Binding {
  readonly TF_Version: string
  isUsingGpuDevice(): boolean
}

interface NodeBackend {
  readonly NodeJSKernelBackend: new (binding: Binding, packageName: string) => InstanceType<Tfjs['KernelBackend']>
}

const requireCommonJs = createRequire(import.meta.url)

/** Why the backend cannot be loaded, as far as the files tell; null if they are there. */
export function missingTensorflow(folder?: string): string | null {
  const found = PACKAGES.flatMap((name) => findPackage(name, folder) ?? [])
  if (found.length === 0) return 'neither @tensorflow/tfjs-node-gpu nor @tensorflow/tfjs-node is installed'
  return found.some((place) => bindingFile(place) !== null) ? null : 'tfjs-node is there without its native module'
}

/** tfjs-node's backend: libtensorflow, on a CUDA device or on all cores. */
export async function loadTensorflow(folder?: string): Promise<LoadedBackend> {
  const missing = missingTensorflow(folder)
  if (missing !== null) throw new BackendUnavailableError('tensorflow', missing, INSTALL)
  const failures: string[] = []
  for (const name of PACKAGES) {
    const place = findPackage(name, folder)
    const native = place && bindingFile(place)
    if (!place || !native) continue
    try {
      return await loadFrom(name, place, native)
    } catch (error) {
      failures.push(`${name} does not load (${firstLine(error)})`)
    }
  }
  throw new BackendUnavailableError('tensorflow', failures.join('; '), INSTALL)
}

async function loadFrom(name: string, place: string, native: string): Promise<LoadedBackend> {
  // libtensorflow's greetings on stderr; warnings stay.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '1'
  restoreUtil()
  const tf = await importTfjs()
  const binding = requireCommonJs(native) as Binding
  const { NodeJSKernelBackend } = withOneCore(place, () => {
    requireCommonJs(join(place, 'dist/register_all_kernels.js'))
    return requireCommonJs(join(place, 'dist/nodejs_kernel_backend.js')) as NodeBackend
  })
  register(tf, 'tensorflow', () => new NodeJSKernelBackend(binding, name))
  return start(tf, 'tensorflow', () => ({
    device: inWords(binding, name),
    versions: { [name]: version(place), libtensorflow: binding.TF_Version },
    transposeExplicitly: false,
  }))
}

/**
 * tfjs-node calls functions of `node:util` that newer Nodes have removed or warn of (DEP0044 and DEP0051 of
 * https://nodejs.org/api/deprecations.html).
 */
function restoreUtil(): void {
  const util = requireCommonJs('node:util') as Record<string, unknown>
  util['isNullOrUndefined'] = (value: unknown) => value === null || value === undefined
  util['isArray'] = Array.isArray
}

/**
 * Loads tfjs-node's modules such that what they take from the union package `@tensorflow/tfjs` comes from the one
 * tfjs-core of this program: the union's layers, converter and WebGL backend are neither needed nor installed.
 */
function withOneCore<T>(place: string, load: () => T): T {
  const within = pathToFileURL(place).href
  const core = pathToFileURL(requireCommonJs.resolve('@tensorflow/tfjs-core')).href
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      TFJS.includes(specifier) && context.parentURL?.startsWith(within)
        ? { url: core, format: 'commonjs', shortCircuit: true }
        : next(specifier, context),
  })
  try {
    return load()
  } finally {
    hooks.deregister()
  }
}

/** The native module for the newest Node-API that its package has: lib/napi-v8/tfjs_binding.node. */
function bindingFile(place: string): string | null {
  const lib = join(place, 'lib')
  if (!statSync(lib, { throwIfNoEntry: false })?.isDirectory()) return null
  const files = readdirSync(lib).map((api) => join(lib, api, 'tfjs_binding.node'))
  return (
    files
      .filter((file) => existsSync(file))
      .toSorted()
      .at(-1) ?? null
  )
}

function inWords(binding: Binding, name: string): string {
  const library = `libtensorflow ${binding.TF_Version}`
  if (binding.isUsingGpuDevice()) return `${library} on CUDA`
  return name.endsWith('-gpu') ? `${library} on the CPU (its CUDA build found no GPU)` : `${library} on the CPU`
}

/** Node lists after it who required what. */
function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]!
}

function version(place: string): string {
  return (JSON.parse(readFileSync(join(place, 'package.json'), 'utf8')) as { version: string }).version
}
