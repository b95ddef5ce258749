import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { createRequire } from 'node:module'
import { existsSync, readFileSync } from 'node:fs'
import { defaultDatabasePath } from '../../store/location.ts'

/**
 * Where engines on demand are installed: `CMAML_ENGINES`, else `engines` in the user's data folder. Its `node_modules`
 * holds one folder per package, with everything that the package needs inside.
 */
export function enginesFolder(env: NodeJS.ProcessEnv = process.env): string {
  const { CMAML_ENGINES: chosen, CMAML_DB: _, ...rest } = env
  // Beside the database's usual place, not beside one that was chosen for some project.
  return chosen || join(dirname(defaultDatabasePath(rest, process.platform, homedir())), 'engines')
}

/** Packages that are installed on demand for an engine. */
export const BACKEND_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'tfjs/tensorflow': ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'],
  'tfjs/webgpu': ['webgpu'],
}

export const packageVersion = (folder: string): string =>
  (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version

/** The folder of an optional package: installed on demand, else wherever Node would find it; null if nowhere. */
export function findPackage(name: string, folder = enginesFolder()): string | null {
  const usual = createRequire(import.meta.url).resolve.paths(name) ?? []
  const candidates = [join(folder, 'node_modules'), ...usual].map((modules) => join(modules, name))
  return candidates.find((candidate) => existsSync(join(candidate, 'package.json'))) ?? null
}
