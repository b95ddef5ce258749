// The build of a checkout: whether it is missing or older than its sources, and making it.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Whether there is a page to be served; a package without sources always has one. */
export const hasPage = (root) => existsSync(join(root, 'out/renderer/index.html'))

/** Whether the sources are newer than the build. A published package has only the build. */
export function isStale(root) {
  const built = join(root, 'out/main/index.js')
  if (!existsSync(built)) return true
  const builtAt = statSync(built).mtimeMs
  const sources = ['package.json', 'electron.vite.config.ts'].map((name) => join(root, name))
  const folder = join(root, 'src')
  if (!existsSync(folder)) return false
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) sources.push(join(folder, name))
  return sources.some((file) => statSync(file).mtimeMs > builtAt)
}

/** Says so on stderr: stdout may be read by a program. Ends the process where it fails. */
export function build(root) {
  console.error('Building the app ...')
  const script = join(root, 'node_modules/electron-vite/bin/electron-vite.js')
  const { status } = spawnSync(process.execPath, [script, 'build', '--logLevel', 'warn'], {
    cwd: root,
    stdio: ['ignore', process.stderr, 'inherit'],
  })
  if (status === 0) return
  console.error('The build failed.')
  process.exit(1)
}
