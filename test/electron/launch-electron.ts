// The app in a real Electron, by Playwright's driver.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { _electron } from 'playwright-core'
import type { DrivenApp, Launch } from './launch.ts'

export async function launchElectron(executablePath: string, launch: Launch): Promise<DrivenApp> {
  const app = await _electron.launch({
    executablePath,
    args: electronArguments(launch),
    cwd: launch.root,
    env: definedOnly(launch.env),
  })
  const main = app.process()
  let output = ''
  for (const stream of [main.stdout, main.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const exited = once(main, 'exit').then(([code]) => code as number | null)
  return {
    window: await app.firstWindow(),
    evaluate: (work, argument) => app.evaluate(work as Parameters<typeof app.evaluate>[0], argument) as Promise<never>,
    output: () => output,
    exited,
    async kill() {
      main.kill('SIGKILL')
      await exited
    },
  }
}

/** Starts it without a driver and waits for its end. */
export async function runElectron(executablePath: string, launch: Launch): Promise<number | null> {
  const main = spawn(executablePath, electronArguments(launch), { cwd: launch.root, env: launch.env, stdio: 'ignore' })
  const [code] = (await once(main, 'exit')) as [number | null]
  return code
}

function electronArguments({ main, userData }: Launch): string[] {
  // Chromium's sandbox does not run as root.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  return [...sandbox, main, `--user-data-dir=${userData}`]
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}
