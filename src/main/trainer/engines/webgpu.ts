import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { BackendUnavailableError, importTfjs, register, start, type LoadedBackend } from './backend.ts'
import { findPackage } from './folder.ts'

const INSTALL = 'npm run install:webgpu'

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
  const device = await adapter.requestDevice({ requiredLimits: wholeLimits(adapter.limits) })

  const tf = await importTfjs()
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu')
  register(tf, 'webgpu', () => new WebGPUBackend(device, adapter.info))
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
