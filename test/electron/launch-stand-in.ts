// The app under the stand-in for Electron: its main process in a Node of its own, its window in headless Chromium.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { chromium } from 'playwright-core'
import type { ControlReply, ControlRequest } from './control.ts'
import type { DrivenApp, Launch } from './launch.ts'

const START_LIMIT_MS = 30_000

export async function launchStandIn(launch: Launch): Promise<DrivenApp> {
  const main = spawn(process.execPath, standInArguments(launch), {
    cwd: launch.root,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: launch.env,
  })
  let output = ''
  for (const stream of [main.stdout, main.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const exited = once(main, 'exit').then(([code]) => code as number | null)
  const waiting = new Map<number, (reply: ControlReply) => void>()
  main.on('message', (reply: ControlReply) => waiting.get(reply.id)?.(reply))
  let lastId = 0

  async function evaluate(source: string, argument: unknown): Promise<unknown> {
    const id = ++lastId
    const answered = new Promise<ControlReply>((resolve) => waiting.set(id, resolve))
    main.send({ id, source, argument } satisfies ControlRequest)
    const reply = await answered
    waiting.delete(id)
    if ('error' in reply) throw new Error(reply.error)
    return reply.value
  }

  async function kill(): Promise<void> {
    main.kill('SIGTERM')
    await exited
  }

  try {
    const deadline = Date.now() + START_LIMIT_MS
    const running = () => {
      if (main.exitCode !== null) throw new Error(`The app exited with ${main.exitCode}:\n${output}`)
      if (Date.now() > deadline) throw new Error(`The app opened no window:\n${output}`)
    }
    const port = await until(running, () => debuggingPort(join(launch.userData, 'chromium', 'DevToolsActivePort')))
    const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`)
    const window = await until(running, () => {
      const pages = browser.contexts().flatMap((context) => context.pages())
      return pages.find((page) => page.url().startsWith('http://studio.'))
    })
    return {
      window,
      evaluate: (work, argument) => evaluate(work.toString(), argument) as Promise<never>,
      output: () => output,
      exited,
      kill,
    }
  } catch (error) {
    await kill()
    throw error
  }
}

/** Starts it without a driver and waits for its end. */
export async function runStandIn(launch: Launch): Promise<number | null> {
  const main = spawn(process.execPath, standInArguments(launch), { cwd: launch.root, env: launch.env, stdio: 'ignore' })
  const [code] = (await once(main, 'exit')) as [number | null]
  return code
}

function standInArguments({ main, userData }: Launch): string[] {
  return ['--import', join(import.meta.dirname, 'register.ts'), main, `--user-data-dir=${userData}`]
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
