// `utilityProcess` of the stand-in: a Node process that finds `process.parentPort`, as in Electron. Messages are cloned
// like Electron clones them, which refuses shared memory.
import { fork, type ChildProcess } from 'node:child_process'
import { EventEmitter } from 'node:events'
import type { Readable } from 'node:stream'

interface ForkOptions {
  stdio?: ('ignore' | 'inherit' | 'pipe')[]
}

class UtilityProcess extends EventEmitter {
  readonly #child: ChildProcess
  constructor(entry: string, args: readonly string[], { stdio = [] }: ForkOptions) {
    super()
    const [stdin = 'ignore', stdout = 'inherit', stderr = 'inherit'] = stdio
    const port = new URL('./parent-port.ts', import.meta.url).href
    this.#child = fork(entry, args, {
      execArgv: ['--import', port],
      serialization: 'advanced',
      stdio: [stdin, stdout, stderr, 'ipc'],
    })
    this.#child.on('spawn', () => this.emit('spawn'))
    this.#child.on('message', (message) => this.emit('message', message))
    this.#child.on('exit', (code) => this.emit('exit', code ?? 0))
  }
  get pid(): number | undefined {
    return this.#child.exitCode === null && this.#child.signalCode === null ? this.#child.pid : undefined
  }
  get stderr(): Readable | null {
    return this.#child.stderr
  }
  postMessage(message: unknown): void {
    this.#child.send(clonedAcrossProcesses(message) as object)
  }
  kill = () => this.#child.kill('SIGTERM')
}

/** Electron copies no SharedArrayBuffer from one process to another. */
export function clonedAcrossProcesses(message: unknown): unknown {
  const buffer = ArrayBuffer.isView(message) ? message.buffer : message
  if (buffer instanceof SharedArrayBuffer) throw new Error('An object could not be cloned.')
  return structuredClone(message)
}

export const utilityProcess = {
  fork: (entry: string, args: readonly string[] = [], options: ForkOptions = {}) =>
    new UtilityProcess(entry, args, options),
}
