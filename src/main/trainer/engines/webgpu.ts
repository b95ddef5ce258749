import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { BackendUnavailableError, importTfjs, register, start, type LoadedBackend } from './backend.ts'
import { findPackage } from './folder.ts'

const INSTALL = '"cmaml engines install webgpu"'

/** What the package `webgpu` (Dawn, Chromium's implementation, for Node) exports. */
interface Dawn {
  create(options: string[]): GPU
  readonly globals: Record<string, unknown>
}

/** Why the backend cannot be loaded, as far as the files tell; null if they are there. */
export function missingWebgpu(folder?: string): string | null {
  const dawn = findPackage('webgpu', folder)
  if (dawn === null) return 'the package webgpu (Dawn) is not installed'
  return existsSync(join(dawn, 'dist', dawnPlatform(), 'dawn.node')) ? null : `Dawn has no build for ${dawnPlatform()}`
}

/** The folder of Dawn's build for this machine in its package. */
export function dawnPlatform(): string {
  return `${process.platform}-${process.platform === 'darwin' ? 'universal' : process.arch}`
}

/** tfjs's WebGPU backend on Dawn: Vulkan, Direct3D 12 or Metal. */
export async function loadWebgpu(folder?: string): Promise<LoadedBackend> {
  const missing = missingWebgpu(folder)
  if (missing !== null) throw new BackendUnavailableError('webgpu', missing, INSTALL)
  const dawn = findPackage('webgpu', folder)!
  const gpu = await startDawn(dawn)
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
  if (!adapter) {
    throw new BackendUnavailableError('webgpu', 'no graphics adapter was found; install the driver of one', null)
  }
  const device = await adapter
    .requestDevice({ requiredLimits: wholeLimits(adapter.limits) })
    .catch((cause: unknown) => {
      const reason = cause instanceof Error ? cause.message : String(cause)
      throw new BackendUnavailableError('webgpu', `the graphics device does not start (${reason})`, null, { cause })
    })

  const tf = await importTfjs()
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu')
  const expectSound = faultsOf(device)
  // Its operations never throw what the device reports: the data that come back are zeros, or what lay there before.
  class CheckedBackend extends WebGPUBackend {
    override async read(...given: Parameters<InstanceType<typeof WebGPUBackend>['read']>) {
      const data = await super.read(...given).catch((error: unknown) => {
        expectSound()
        throw error
      })
      expectSound()
      return data
    }
  }
  register(tf, 'webgpu', () => new CheckedBackend(device, adapter.info))
  const started = await start(tf, 'webgpu', () => ({
    device: inWords(adapter.info),
    versions: {
      '@tensorflow/tfjs-backend-webgpu': versionOf('@tensorflow/tfjs-backend-webgpu'),
      webgpu: version(dawn),
    },
    transposeExplicitly: false,
  }))
  return {
    ...started,
    dispose() {
      started.dispose()
      device.destroy()
    },
  }
}

/**
 * Watches a device for what WebGPU reports in events only: buffers that it has no memory for, calls on them, and its loss.
 * @returns throws the first of what was reported since it was last called, and the loss ever after
 */
export function faultsOf(device: Pick<GPUDevice, 'addEventListener' | 'lost'>): () => void {
  let first: Error | null = null
  let lost: Error | null = null
  device.addEventListener('uncapturederror', (event) => {
    const { error } = event as GPUUncapturedErrorEvent
    const kind = error.constructor.name === 'GPUOutOfMemoryError' ? 'ran out of memory' : 'failed'
    first ??= new Error(`The graphics device ${kind}: ${error.message}`)
  })
  void device.lost.then(({ reason, message }) => {
    if (reason !== 'destroyed') lost = new Error(`The graphics device was lost: ${message}`)
  })
  return () => {
    const fault = lost ?? first
    first = null
    if (fault) throw fault
  }
}

/** tfjs looks for WebGPU where a browser has it. */
async function startDawn(folder: string): Promise<GPU> {
  try {
    const { create, globals } = (await import(pathToFileURL(join(folder, 'index.js')).href)) as Dawn
    Object.assign(globalThis, globals)
    const gpu = create([])
    Object.defineProperty(navigator, 'gpu', { value: gpu, configurable: true })
    return gpu
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new BackendUnavailableError('webgpu', `Dawn does not load (${reason})`, INSTALL, { cause })
  }
}

/** What tfjs's own start in a browser asks for (tfjs-backend-webgpu, src/base.ts): else buffers end at 128 MB. */
function wholeLimits(limits: GPUSupportedLimits): Record<string, number> {
  const wanted = [
    'maxComputeWorkgroupStorageSize',
    'maxComputeWorkgroupsPerDimension',
    'maxStorageBufferBindingSize',
    'maxBufferSize',
    'maxComputeWorkgroupSizeX',
    'maxComputeInvocationsPerWorkgroup',
  ] as const
  return Object.fromEntries(wanted.map((name) => [name, limits[name]]))
}

function inWords({ vendor, architecture, device, description, isFallbackAdapter }: GPUAdapterInfo): string {
  const name = description || [vendor, architecture, device].filter(Boolean).join(' ') || 'unnamed adapter'
  return isFallbackAdapter ? `${name} (in software)` : name
}

function version(folder: string): string {
  return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version
}

function versionOf(name: string): string {
  return version(findPackage(name)!)
}
