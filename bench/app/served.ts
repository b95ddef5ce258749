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
  /** Processor time of the server since it began (ms); undefined where the system does not say. */
  busy(): number | undefined
  close(): Promise<void>
}

/** Of /proc: hundredths of a second on every Linux that Node runs on. */
const TICK_MS = 10

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
    busy() {
      if (process.platform !== 'linux') return undefined
      // After the name in brackets, user and system time are the 12th and 13th field (man proc_pid_stat).
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')
      return TICK_MS * (Number(fields[11]) + Number(fields[12]))
    },
    async close() {
      child.kill('SIGINT')
      await once(child, 'exit')
    },
  }
}
