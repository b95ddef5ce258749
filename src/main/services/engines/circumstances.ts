/** What may make an engine that has failed work: looked at without loading anything, since loading is what may crash. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { release } from 'node:os'
import { join } from 'node:path'
import { BACKEND_PACKAGES, findPackage, packageVersion } from '../../trainer/engines/folder.ts'
import type { TriableEngine } from '../../trainer/client.ts'
import { appVersion } from '../database.ts'

/** Where Vulkan's loader looks for drivers (its LoaderDriverInterface.md, "Driver Discovery"), beside its variables. */
const VULKAN_FOLDERS = ['/usr/share/vulkan/icd.d', '/usr/local/share/vulkan/icd.d', '/etc/vulkan/icd.d']

/** What each of them was, by its name in a sentence. */
export type Circumstances = Readonly<Record<string, string>>

/** The program, the engine's own packages, and drivers. Node and the processor belong to the whole measurement. */
export function circumstancesOf(engine: TriableEngine, env: NodeJS.ProcessEnv = process.env): Circumstances {
  const packages = (BACKEND_PACKAGES[engine] ?? []).flatMap((name) => {
    const folder = findPackage(name)
    return folder === null ? [] : [[name, packageVersion(folder)] as const]
  })
  const device = engine === 'tfjs/webgpu' || engine === 'tfjs/tensorflow' ? driversOf(env) : {}
  return { 'C-MAML Studio': appVersion, ...Object.fromEntries(packages), ...device }
}

/** The first that is another than it was, as a clause; null where none is. */
export function changedCircumstance(was: Circumstances, is: Circumstances): string | null {
  for (const name of new Set([...Object.keys(was), ...Object.keys(is)]))
    if (was[name] !== is[name]) return `${name} was ${was[name] ?? 'not there'} and is ${is[name] ?? 'gone'}`
  return null
}

function driversOf(env: NodeJS.ProcessEnv): Circumstances {
  return {
    'the operating system': release(),
    "NVIDIA's driver": firstLine('/proc/driver/nvidia/version') ?? 'none',
    'the list of Vulkan drivers': vulkanDrivers(env),
    'the path of libraries': env['LD_LIBRARY_PATH'] || 'empty',
  }
}

function vulkanDrivers({ VK_DRIVER_FILES, VK_ICD_FILENAMES }: NodeJS.ProcessEnv): string {
  const chosen = VK_DRIVER_FILES || VK_ICD_FILENAMES
  const files = chosen ? chosen.split(':') : VULKAN_FOLDERS.flatMap(filesIn)
  return files.map((file) => `${file} (${changedAt(file)})`).join(', ') || 'empty'
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name))
  } catch {
    return []
  }
}

function changedAt(file: string): string {
  try {
    return statSync(file).mtime.toISOString()
  } catch {
    return 'not there'
  }
}

function firstLine(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').split('\n')[0]!
  } catch {
    return null
  }
}
