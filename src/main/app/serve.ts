// Served mode: `cmaml serve`, and what `npm start` falls back on where Electron cannot open a window.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serveOverHttp, type ServedInterface } from '../api/http.ts'
import { router } from '../api/router.ts'
import { createServices } from './services.ts'

export interface ServedOptions {
  /** Address or name to bind to; 127.0.0.1 if missing. */
  readonly host?: string | undefined
  /** 0 or missing: any free one. */
  readonly port?: number | undefined
  /** Absolute; the one that every command uses by default if missing. */
  readonly database?: string | undefined
}

/** Starts everything; the caller shows the address and closes it, which ends what is being computed in order. */
export async function serveInterface({ host, port, database }: ServedOptions = {}): Promise<ServedInterface> {
  const rendererFolder = findRenderer()
  const services = createServices({ host: 'browser', database })
  await services.start()
  try {
    const served = await serveOverHttp({ router, context: services.context, rendererFolder, host, port })
    return {
      ...served,
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
