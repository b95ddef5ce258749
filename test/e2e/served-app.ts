// `cmaml serve` in a process of its own with a home of its own, and pages of a real browser on it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import { CHROMIUM_FLAGS, ensureChromium } from '../setup/chromium.ts'

const CMAML = join(import.meta.dirname, '../../bin/cmaml.mjs')

/** A slow machine is no failure: what a page waits for, training included, may take this long (ms). */
const PATIENCE_MS = 60_000

export interface ServedApp {
  /** With the token. */
  readonly url: string
  readonly port: number
  /** As Ctrl-C does: what is being computed is saved. */
  stop(): Promise<void>
  /** As a power cut does. */
  kill(): Promise<void>
}

/** A folder with the database, and everything else that the program writes. */
export interface Home {
  readonly folder: string
  readonly databaseFile: string
  /** @param port any free one if missing */
  serve(port?: number): Promise<ServedApp>
  /** Another `cmaml` process on the same database; resolves with what it printed. */
  command(...args: string[]): Promise<string>
  /** Ends what still runs, and removes everything. */
  remove(): Promise<void>
}

/** @param folder a new one of its own if missing */
export async function makeHome(folder?: string): Promise<Home> {
  return folder === undefined ? homeAt(await mkdtemp(join(tmpdir(), 'cmaml-journey-'))) : homeAt(folder)
}

function homeAt(folder: string): Home {
  const databaseFile = join(folder, 'runs.sqlite')
  const env = {
    ...process.env,
    HOME: folder,
    // Where timings and engines of the developer would be, on any system.
    XDG_DATA_HOME: join(folder, 'data'),
    APPDATA: join(folder, 'data'),
    CMAML_ENGINES: join(folder, 'engines'),
    CMAML_DB: databaseFile,
    CMAML_CONFIG_DIR: join(folder, 'configuration'),
    CMAML_LOG_DIR: join(folder, 'logs'),
    // No browser of the developer opens.
    DISPLAY: '',
    WAYLAND_DISPLAY: '',
  }
  const running = new Set<() => Promise<void>>()

  function start(args: readonly string[]) {
    const child = spawn(process.execPath, [CMAML, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    let errors = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
    const exited = once(child, 'close').then(([code]) => {
      running.delete(kill)
      return code as number | null
    })
    async function end(signal: NodeJS.Signals): Promise<void> {
      child.kill(signal)
      await exited
    }
    const kill = () => end('SIGKILL')
    running.add(kill)
    return { child, exited, end, kill, output: () => output, errors: () => errors }
  }

  return {
    folder,
    databaseFile,
    async serve(port = 0) {
      const server = start(['serve', '--json', '--no-open', '--port', String(port)])
      while (!server.output().includes('\n')) {
        const ended = await Promise.race([server.exited, once(server.child.stdout, 'data')])
        if (!Array.isArray(ended)) throw new Error(`cmaml serve ended with ${ended}:\n${server.errors()}`)
      }
      const { url } = JSON.parse(server.output()) as { url: string }
      return { url, port: Number(new URL(url).port), stop: () => server.end('SIGINT'), kill: server.kill }
    },
    async command(...args) {
      const command = start(args)
      const code = await command.exited
      if (code !== 0) throw new Error(`cmaml ${args.join(' ')} ended with ${code}:\n${command.errors()}`)
      return command.output()
    },
    async remove() {
      await Promise.all([...running].map((kill) => kill()))
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
    },
  }
}

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: ensureChromium(), args: CHROMIUM_FLAGS })

export interface OpenedPage {
  readonly page: Page
  /** As in `problemsOf`. */
  readonly problems: readonly string[]
}

/** Errors of the page's console from now on, and exceptions that nobody caught. */
export function problemsOf(page: Page): readonly string[] {
  const problems: string[] = []
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
  page.on('pageerror', (error) => problems.push(String(error)))
  return problems
}

/** A browser of its own: cookies and what the page keeps are shared with no other. */
export async function openPage(browser: Browser, url: string): Promise<OpenedPage> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE_MS)
  const problems = problemsOf(page)
  await page.goto(url)
  await page.getByTestId('version').waitFor()
  return { page, problems }
}
