import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { promisify } from 'node:util'
import type { EngineKind } from './parts.ts'
import { dawnPlatform } from './webgpu.ts'

/** What an engine's needs are held against. */
export interface Machine {
  readonly platform: string
  readonly arch: string
  /** Graphics cards that NVIDIA's driver knows; null without that driver. */
  readonly gpus: readonly { readonly name: string; readonly driver: string }[] | null
  /** File names of the shared libraries that the system's loader finds. */
  readonly libraries: ReadonlySet<string>
}

/** The oldest driver for CUDA 11 (docs.nvidia.com/cuda/cuda-toolkit-release-notes, "minor version compatibility"). */
const DRIVER = '450.80.02'

/** What libtensorflow 2.9's CUDA build opens (tensorflow/stream_executor/platform/default/dso_loader.cc), and its source. */
const CUDA_LIBRARIES = [
  ['libcudart.so.11.0', 'CUDA 11.2'],
  ['libcublas.so.11', 'CUDA 11.2'],
  ['libcublasLt.so.11', 'CUDA 11.2'],
  ['libcufft.so.10', 'CUDA 11.2'],
  ['libcurand.so.10', 'CUDA 11.2'],
  ['libcusolver.so.11', 'CUDA 11.2'],
  ['libcusparse.so.11', 'CUDA 11.2'],
  ['libcudnn.so.8', 'cuDNN 8.1'],
] as const

const HOW = {
  'CUDA 11.2': 'https://developer.nvidia.com/cuda-11.2.2-download-archive',
  'cuDNN 8.1': 'https://developer.nvidia.com/rdp/cudnn-archive (8.1 for CUDA 11.2)',
} as const

/** Dawn's builds (npm package webgpu). */
const DAWN = ['linux-x64', 'linux-arm64', 'win32-x64', 'win32-arm64', 'darwin-universal']

/** What this machine lacks for an engine, each with how to get it; empty if nothing. */
export function machineProblems(kind: EngineKind, machine: Machine): string[] {
  if (kind === 'webgpu') {
    return DAWN.includes(dawnPlatform()) ? [] : [`Dawn has no build for ${machine.platform} ${machine.arch}.`]
  }
  if (machine.platform !== 'linux' || machine.arch !== 'x64') {
    return [
      `TensorFlow's library is installed on Linux x64 only, this is ${machine.platform} ${machine.arch}; ` +
        'the engine webgpu runs here: "cmaml engines install webgpu".',
    ]
  }
  return kind === 'gpu' ? driverProblems(machine).concat(libraryProblems(machine)) : []
}

function driverProblems({ gpus }: Machine): string[] {
  const get = `install NVIDIA's driver ${DRIVER} or newer: https://www.nvidia.com/drivers`
  if (gpus === null) return [`There is no driver of an NVIDIA GPU (nvidia-smi does not run); ${get}.`]
  if (gpus.length === 0) return ["NVIDIA's driver finds no GPU."]
  return gpus
    .filter(({ driver }) => driver.localeCompare(DRIVER, 'en', { numeric: true }) < 0)
    .map(({ name, driver }) => `The driver ${driver} of ${name} is too old; ${get}.`)
}

function libraryProblems({ libraries }: Machine): string[] {
  const missing = CUDA_LIBRARIES.filter(([file]) => !libraries.has(file))
  return (['CUDA 11.2', 'cuDNN 8.1'] as const).flatMap((source) => {
    const files = missing.filter(([, from]) => from === source).map(([file]) => file)
    if (files.length === 0) return []
    return [
      `${source} is missing (${files.join(', ')}): ${HOW[source]}. ` +
        'If it is installed, name the folder of these files in LD_LIBRARY_PATH.',
    ]
  })
}

/** Looks at this machine. */
export async function thisMachine(): Promise<Machine> {
  const { platform, arch } = process
  const [smi, cache] = await Promise.all([
    output('nvidia-smi', ['--query-gpu=name,driver_version', '--format=csv,noheader']),
    platform === 'linux' ? output('/sbin/ldconfig', ['-p']) : null,
  ])
  return {
    platform,
    arch,
    gpus: smi === null ? null : parseGpus(smi),
    libraries: new Set([...cachedLibraries(cache ?? ''), ...librariesOnPath(process.env['LD_LIBRARY_PATH'] ?? '')]),
  }
}

/** Lines `name, driver version`. */
export function parseGpus(text: string): { name: string; driver: string }[] {
  return [...text.matchAll(/^(.+), *([\d.]+) *$/gm)].map(([, name, driver]) => ({ name: name!, driver: driver! }))
}

/** Lines `\tlibcudart.so.11.0 (libc6,x86-64) => /usr/local/cuda/lib64/libcudart.so.11.0`. */
function cachedLibraries(text: string): string[] {
  return [...text.matchAll(/^\t(\S+) \(/gm)].map(([, file]) => file!)
}

function librariesOnPath(path: string): string[] {
  return path.split(':').flatMap((folder) => {
    try {
      return folder === '' ? [] : readdirSync(folder)
    } catch {
      // The loader passes over it too.
      return []
    }
  })
}

/** Standard output of a program; null if it cannot be run or fails. */
async function output(program: string, options: string[]): Promise<string | null> {
  try {
    return (await promisify(execFile)(program, options, { timeout: 10_000 })).stdout
  } catch {
    return null
  }
}
