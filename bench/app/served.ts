/** `cmaml serve` in a process of its own, as people start it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export interface Served {
  /** With the token. */
  readonly url: string
  readonly origin: string
  /** Resident memory of the server in MB; undefined where the system does not say. */
  memory(): number | undefined
  close(): Promise<void>
}

export async function serve(database: string): Promise<Served> {
  const program = fileURLToPath(new URL('../../bin/cmaml.mjs', import.meta.url))
  const child = spawn(process.execPath, [program, 'serve', '--json', '--no-open', '--db', database], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(() => {
      throw new Error('The server ended before it told its address.')
    }),
  ])) as [Buffer]
  const { url, origin } = JSON.parse(String(line)) as { url: string; origin: string }
  return {
    url,
    origin,
    memory() {
      if (process.platform !== 'linux') return undefined
      return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))![1]) / 1024
    },
    async close() {
      child.kill('SIGINT')
      await once(child, 'exit')
    },
  }
}
