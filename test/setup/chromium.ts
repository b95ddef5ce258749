// The browser of the end-to-end tests: found where browsers usually are, else installed.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from 'playwright-core'

const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge']

const USUAL_PLACES: Partial<Record<NodeJS.Platform, string[]>> = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  linux: ['/usr/bin/chromium', '/opt/google/chrome/chrome', '/snap/bin/chromium'],
  win32: ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap((variable) => {
    const folder = process.env[variable]
    if (folder === undefined) return []
    return [
      join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
      join(folder, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
    ]
  }),
}

/** Path of Chrome or Chromium: CHROME_PATH, the command search path, the usual places, Playwright's own download. */
export function findChromium(): string | undefined {
  const named = process.env['CHROME_PATH']
  if (named !== undefined && named !== '') {
    if (!existsSync(named)) throw new Error(`CHROME_PATH names ${named}, which does not exist.`)
    return named
  }
  const suffix = process.platform === 'win32' ? '.exe' : ''
  const onPath = (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => COMMANDS.map((command) => join(folder, command + suffix)))
  const candidates = [...onPath, ...(USUAL_PLACES[process.platform] ?? []), chromium.executablePath()]
  return candidates.find((candidate) => existsSync(candidate))
}

/** Like `findChromium`, but installs it where there is none; throws with what to do where that fails. */
export function ensureChromium(): string {
  const found = findChromium()
  if (found !== undefined) return found
  if (process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log('No Chrome or Chromium here: installing it with apt-get.')
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    run('apt-get', ['update', '-qq'], env)
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'], env)
  } else {
    console.log("No Chrome or Chromium here: installing Playwright's.")
    const playwright = join(import.meta.dirname, '../../node_modules/playwright-core/cli.js')
    run(process.execPath, [playwright, 'install', 'chromium'], process.env)
  }
  const installed = findChromium()
  if (installed !== undefined) return installed
  throw new Error(
    'The end-to-end tests need Chrome or Chromium, and it could not be installed. Install it (Debian and Ubuntu: ' +
      'apt-get install chromium; else https://www.google.com/chrome) or set CHROME_PATH to its executable.',
  )
}

/** A failure shows on the terminal; whether it mattered is seen by looking for the browser again. */
function run(command: string, args: string[], env: NodeJS.ProcessEnv): void {
  spawnSync(command, args, { stdio: 'inherit', env })
}

/** Containers and root have no user namespaces for Chromium's sandbox; the pages of the tests are our own. */
export const CHROMIUM_FLAGS = ['--no-sandbox', '--disable-background-networking', '--disable-dev-shm-usage']
