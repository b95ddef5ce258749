// Served mode: `cmaml serve`, and what `npm start` falls back on where Electron cannot open a window.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serveOverHttp, type ServedInterface } from '../api/http.ts'
import { router } from '../api/router.ts'
import { hearInterrupts } from './interrupts.ts'
import { lastPort, rememberPort } from '../services/served-ports.ts'
import { createServices } from './services.ts'

export interface ServedOptions {
  /** Address or name to bind to; 127.0.0.1 if missing. */
  readonly host?: string | undefined
  /** Missing: the one at which the database was served last, if it is free; 0: any free one. */
  readonly port?: number | undefined
  /** Absolute; the one that every command uses by default if missing. */
  readonly database?: string | undefined
}

export interface ServedApp extends ServedInterface {
  /** Whether something is being computed here. */
  isWorking(): boolean
  /** Lets the iteration in progress be saved, and begins nothing after it. The page is still served meanwhile. */
  finishWork(): Promise<void>
  /** At once: of what is being computed, what was saved before stays. */
  close(): Promise<void>
}

/** Starts everything; the caller shows the address and closes it. */
export async function serveInterface({ host, port, database }: ServedOptions = {}): Promise<ServedApp> {
  const rendererFolder = findRenderer()
  const services = createServices({ host: 'browser', database })
  await services.start()
  try {
    const { context } = services
    const folder = dirname(context.preferences.file)
    const preferredPort = lastPort(folder, context.database.file)
    const served = await serveOverHttp({ router, context, rendererFolder, host, port, preferredPort })
    rememberPort(folder, context.database.file, served.port)
    return {
      ...served,
      isWorking: () => services.work.running().length > 0,
      finishWork: () => services.work.stopAll(),
      async close() {
        await served.close()
        await services.stop()
      },
    }
  } catch (error) {
    await services.stop()
    throw error
  }
}

export interface Terminal {
  /** Shows the address. */
  ready(served: ServedApp): void
  /** One line on what Ctrl-C has begun. */
  say(text: string): void
}

/** Serves until Ctrl-C: the first ends what is being computed after its iteration, the second at once. */
export async function serveUntilInterrupted(options: ServedOptions, { ready, say }: Terminal): Promise<void> {
  const interrupts = hearInterrupts()
  const served = await serveInterface(options)
  ready(served)
  await interrupts.first
  if (served.isWorking()) {
    say('Stopping once the iteration or the tasks in progress are saved. Press Ctrl-C again to stop at once.')
    void interrupts.second.then(() => say('Stopping at once; what was saved before stays.'))
  }
  await Promise.race([served.finishWork(), interrupts.second])
  await served.close()
}

/** Beside the bundle (out/main) in a build, in the checkout's own build where this runs from the sources. */
function findRenderer(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const renderer = join(folder, 'out', 'renderer')
    if (existsSync(join(renderer, 'index.html'))) return renderer
    if (dirname(folder) === folder) throw new Error('The page is not built yet: run "npm run build", then serve again.')
  }
}

/** Opens the address in the browser of whoever sits at this machine. Best effort: it is on the terminal too. */
export function openInBrowser(url: string): void {
  if (!hasDisplay()) return
  const [command, ...args] = opener(url)
  spawn(command, args, { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref()
}

function hasDisplay(): boolean {
  return process.platform !== 'linux' || Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'])
}

function opener(url: string): [string, ...string[]] {
  if (process.platform === 'darwin') return ['open', url]
  return process.platform === 'win32' ? ['rundll32', 'url.dll,FileProtocolHandler', url] : ['xdg-open', url]
}
