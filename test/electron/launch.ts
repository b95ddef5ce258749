// Starts the built app under the Electron stand-in and hands its window to the test.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { chromium, type Page } from 'playwright-core'

const ROOT = join(import.meta.dirname, '../..')
const START_LIMIT_MS = 30_000

export interface LaunchedApp {
  window: Page
  databaseFile: string
  /** Everything that the main process has printed. */
  output(): string
  close(): Promise<void>
}

/** Its profile and its database (not there yet) lie in a temporary folder. */
export async function launchApp(): Promise<LaunchedApp> {
  const userData = await mkdtemp(join(tmpdir(), 'cmaml-app-'))
  const databaseFile = join(userData, 'runs.sqlite')
  const main = spawn(
    process.execPath,
    [
      '--import',
      join(import.meta.dirname, 'register.ts'),
      join(ROOT, 'out/main/index.js'),
      `--user-data-dir=${userData}`,
    ],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, CMAML_DB: databaseFile } },
  )
  let output = ''
  for (const stream of [main.stdout, main.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const ended = once(main, 'exit')

  async function close(): Promise<void> {
    main.kill('SIGTERM')
    await ended
    await rm(userData, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }

  try {
    const deadline = Date.now() + START_LIMIT_MS
    const running = () => {
      if (main.exitCode !== null) throw new Error(`The app exited with ${main.exitCode}:\n${output}`)
      if (Date.now() > deadline) throw new Error(`The app opened no window:\n${output}`)
    }
    const port = await until(running, () => debuggingPort(join(userData, 'chromium', 'DevToolsActivePort')))
    const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`)
    const window = await until(running, () => {
      const pages = browser.contexts().flatMap((context) => context.pages())
      return pages.find((page) => page.url().startsWith('http://studio.'))
    })
    return { window, databaseFile, output: () => output, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Chromium writes the port it chose into the first line of this file. */
async function debuggingPort(file: string): Promise<number | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '')
  return text === '' ? undefined : Number(text.split('\n')[0])
}

async function until<T>(running: () => void, look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    running()
    await sleep(50)
  }
}
