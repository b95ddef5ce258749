import { fork, type ChildProcess } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RunConfig } from '../../core/config/settings.ts'
import type { TrainerClient, TrainerIdentity } from './client.ts'
import type { TrainerCommand, TrainerEvent } from './protocol.ts'

export interface SpawnOptions {
  readonly config: RunConfig
  /** Task workers; all cores by default. */
  readonly workers?: number
}

/** The trainer process ended without being asked to. */
export class TrainerCrash extends Error {
  constructor(how: string, stderr: string) {
    super(`The trainer process ended unexpectedly (${how}).${stderr ? `\n${stderr.trim()}` : ''}`)
    this.name = 'TrainerCrash'
  }
}

/** Something went wrong inside the trainer; `detail` has its stack. */
export class TrainerFailure extends Error {
  readonly detail: string
  constructor(message: string, detail: string) {
    super(message)
    this.name = 'TrainerFailure'
    this.detail = detail
  }
}

const STDERR_KEPT = 4000

/** Starts a trainer process under this Node. */
export async function spawnTrainer({ config, workers = availableParallelism() }: SpawnOptions): Promise<TrainerClient> {
  const entry = new URL(`./${extname(import.meta.url) === '.ts' ? 'process.ts' : 'trainer.js'}`, import.meta.url)
  const child = fork(fileURLToPath(entry), { serialization: 'advanced', stdio: ['ignore', 'inherit', 'pipe', 'ipc'] })
  const calls = new CallSlot()
  let stderr = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString()).slice(-STDERR_KEPT)
  })
  child.on('message', (event: TrainerEvent) => calls.deliver(event))
  child.on('error', (error) => calls.fail(error))
  child.on('exit', (code, signal) => calls.fail(new TrainerCrash(signal ?? `exit code ${code}`, stderr)))
  const send = (command: TrainerCommand) => child.send(command)

  let identity: TrainerIdentity | undefined
  try {
    await calls.begin(
      (event) => {
        if (event.type !== 'ready') return false
        identity = event.identity
        return true
      },
      () => send({ type: 'start', config, workers }),
    )
  } catch (error) {
    // Nobody else knows this process yet.
    await closeChild(child)
    throw error
  }

  return {
    identity: identity!,
    pid: child.pid!,
    train: (request, onIteration) =>
      calls.begin(
        (event) => {
          if (event.type === 'iteration') onIteration(event.result)
          return event.type === 'done'
        },
        () => send({ type: 'train', request }),
      ),
    fineTune: (request, onResult) =>
      calls.begin(
        (event) => {
          if (event.type === 'fine-tuned') onResult(event.index, event.result)
          return event.type === 'done'
        },
        () => send({ type: 'fine-tune', request }),
      ),
    stop: () => void send({ type: 'stop' }),
    close: () => closeChild(child),
  }
}

/** The call in progress: a trainer does one thing at a time. */
class CallSlot {
  private handle: ((event: TrainerEvent) => boolean) | null = null
  private resolve: () => void = () => {}
  private reject: (error: Error) => void = () => {}
  private ended: Error | null = null

  /** @param handle sees every event and says whether it ends the call */
  begin(handle: (event: TrainerEvent) => boolean, start: () => void): Promise<void> {
    if (this.ended) return Promise.reject(this.ended)
    if (this.handle) return Promise.reject(new Error('The trainer is already at work'))
    return new Promise((resolve, reject) => {
      this.handle = handle
      this.resolve = resolve
      this.reject = reject
      start()
    })
  }

  deliver(event: TrainerEvent): void {
    if (!this.handle) return
    if (event.type === 'failed') return this.settle(new TrainerFailure(event.message, event.detail))
    try {
      if (this.handle(event)) this.settle(null)
    } catch (error) {
      // The owner could not take a result, e.g. could not store it: that ends the call.
      this.settle(error instanceof Error ? error : new Error(String(error)))
    }
  }

  fail(error: Error): void {
    this.ended = error
    if (this.handle) this.settle(error)
  }

  private settle(error: Error | null): void {
    this.handle = null
    if (error) this.reject(error)
    else this.resolve()
  }
}

async function closeChild(child: ChildProcess): Promise<void> {
  // Without a process id it never started.
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill('SIGKILL')
  await exited
}
