import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The folder of presets, kernels and icons: beside the sources in a checkout, beside the bundle's folder in a build,
 * and in Electron's resources in an installed app.
 */
export function resourcesFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  for (;;) {
    if (existsSync(join(folder, 'resources', 'presets'))) return join(folder, 'resources')
    const parent = dirname(folder)
    if (parent === folder) throw new Error('The folder resources/ is missing beside the program; reinstall it.')
    folder = parent
  }
}
