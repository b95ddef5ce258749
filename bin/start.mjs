// npm start: opens the desktop app; where that cannot be, says why and serves the same page to the browser.
//   npm start -- --browser     do not try Electron
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build, isStale } from './build.mjs'
import { ensureNode } from './node-guard.mjs'

/** An Electron that dies this soon never showed its window (missing system library, no user namespaces). */
const EARLY_DEATH_MS = 5_000
/** Time for GitHub, or the mirror in use, to say that it has Electron's binary. */
const PROBE_LIMIT_MS = 4_000

await ensureNode(import.meta.url)

const root = fileURLToPath(new URL('..', import.meta.url))
const electronFolder = join(root, 'node_modules/electron')
const options = readOptions()

if (isStale(root)) build(root)
const obstacle = options.browser ? 'as asked' : await obstacleToElectron()
if (obstacle === undefined) await openElectron()
else await serve(obstacle)

function readOptions() {
  try {
    return parseArgs({ options: { browser: { type: 'boolean', default: false } } }).values
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\nUsage: npm start [-- --browser]`)
    process.exit(2)
  }
}

/** Why Electron cannot open a window here; `undefined` where it can. Downloads its binary where that is all it lacks. */
async function obstacleToElectron() {
  if (!hasDisplay()) return 'there is no display'
  if (process.platform === 'linux' && process.getuid?.() === 0) return "Electron's sandbox does not run as root"
  if (electronBinary() !== undefined) return undefined
  if (!existsSync(electronFolder)) return 'the electron package is not installed'
  if (!(await canDownload())) return "Electron's binary is not installed and its download site does not answer"
  console.log("Downloading Electron's binary (about 120 MB, once) ...")
  const { status } = spawnSync(process.execPath, [join(electronFolder, 'install.js')], { stdio: 'inherit' })
  return status === 0 && electronBinary() !== undefined ? undefined : "Electron's binary could not be downloaded"
}

function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
}

/** Looked up by hand: `require('electron')` would start a download of its own. */
function electronBinary() {
  const pathFile = join(electronFolder, 'path.txt')
  if (!existsSync(pathFile)) return undefined
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH || join(electronFolder, 'dist')
  const binary = join(folder, readFileSync(pathFile, 'utf8').trim())
  return existsSync(binary) ? binary : undefined
}

/** Asked in a process of its own, because only NODE_USE_ENV_PROXY at its start makes fetch heed a proxy. */
async function canDownload() {
  const { version } = JSON.parse(readFileSync(join(electronFolder, 'package.json'), 'utf8'))
  const mirror = process.env.ELECTRON_MIRROR ?? 'https://github.com/electron/electron/releases/download/'
  const url = `${mirror}v${version}/SHASUMS256.txt`
  const program = `fetch(${JSON.stringify(url)}, { method: 'HEAD' }).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))`
  const { status } = spawnSync(process.execPath, ['-e', program], {
    env: { ...process.env, NODE_USE_ENV_PROXY: '1' },
    timeout: PROBE_LIMIT_MS,
    stdio: 'ignore',
  })
  return status === 0
}

async function openElectron() {
  const startedAt = Date.now()
  const child = spawn(electronBinary(), [root], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  const outcome = await new Promise((ended) => {
    child.on('error', (error) => ended(error.message))
    child.on('exit', (code, signal) => ended(code ?? signal))
  })
  if (outcome === 0) process.exit(0)
  if (Date.now() - startedAt > EARLY_DEATH_MS || outcome === 'SIGINT' || outcome === 'SIGTERM') process.exit(1)
  await serve(`Electron did not start (${outcome})`)
}

async function serve(reason) {
  const { openInBrowser, serveUntilInterrupted } = await import('../out/main/serve.js')
  // Those of an Electron that is gone.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(signal)
  try {
    await serveUntilInterrupted(
      {},
      {
        ready({ url }) {
          console.log(
            `No desktop window (${reason}): C-MAML Studio is served to your browser instead. Ctrl-C stops it.\n\n  ${url}\n`,
          )
          openInBrowser(url)
        },
        say: console.log,
      },
    )
    process.exit(0)
  } catch (error) {
    console.error(error)
    process.exit(1)
  }
}
