/**
 * Starts a process that works on the database, so that the program does not stand still meanwhile. It is a process and not
 * a thread because SQLite, once at work, hears nothing: only the end of a whole process ends a statement.
 */
import { fork } from 'node:child_process'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StoreError } from '../store/errors.ts'
import type { AnswerTo, DatabaseReply, DatabaseRequest } from './database-protocol.ts'
import { InvalidRequest } from './invalid-request.ts'

export interface WorkOptions {
  /** Milliseconds after which the work is ended; as long as it takes by default. */
  readonly timeLimit?: number
  readonly signal?: AbortSignal | undefined
}

export interface DatabaseProcess {
  /** Whether it can be asked: it is gone after work that was ended, and when it could not be started. */
  isAlive(): boolean
  /**
   * One request at a time.
   *
   * @param what for messages, e.g. "query"
   * @throws InvalidRequest, or StoreError where the store refused, with the reason
   */
  ask<R extends DatabaseRequest>(what: string, request: R, options?: WorkOptions): Promise<AnswerTo<R>>
  /** Ends it, whatever it does. */
  kill(): void
}

/** Has a request answered by a process of its own, which is gone afterwards. Throws as `DatabaseProcess.ask` does. */
export async function askDatabase<R extends DatabaseRequest>(
  what: string,
  request: R,
  options: WorkOptions = {},
): Promise<AnswerTo<R>> {
  if (options.signal?.aborted) throw wasEnded(what)
  const working = await startDatabaseProcess()
  try {
    return await working.ask(what, request, options)
  } finally {
    working.kill()
  }
}

const wasEnded = (what: string) => new InvalidRequest(`The ${what} was ended.`)

export async function startDatabaseProcess(): Promise<DatabaseProcess> {
  let alive = true
  /** Whoever waits for an answer; null: there is none to come. */
  let told = (_reply: DatabaseReply | null): void => {}
  const child = await launch({
    reply: (reply) => told(reply),
    ended() {
      alive = false
      told(null)
    },
  })
  function kill(): void {
    if (!alive) return
    alive = false
    child.kill()
  }
  return {
    isAlive: () => alive,
    kill,
    async ask(what, request, { timeLimit, signal } = {}) {
      if (signal?.aborted) throw wasEnded(what)
      const { promise, resolve, reject } = Promise.withResolvers<DatabaseReply | null>()
      const end = (why: InvalidRequest) => {
        kill()
        reject(why)
      }
      const stop = () => end(wasEnded(what))
      const late = () =>
        end(new InvalidRequest(`The ${what} took longer than ${timeLimit! / 1000} s and was ended. Ask for less.`))
      const timer = timeLimit === undefined ? undefined : setTimeout(late, timeLimit)
      signal?.addEventListener('abort', stop)
      told = resolve
      try {
        if (alive) child.send(request)
        const reply = alive ? await promise : null
        if (reply === null) throw new InvalidRequest(`The ${what} ended without an answer.`)
        if (!('problem' in reply)) return reply as AnswerTo<typeof request>
        throw reply.code === undefined ? new InvalidRequest(reply.problem) : new StoreError(reply.code, reply.problem)
      } finally {
        clearTimeout(timer)
        signal?.removeEventListener('abort', stop)
      }
    },
  }
}

interface Listener {
  reply(reply: DatabaseReply): void
  /** It could not be started, or it is gone, asked to or not. */
  ended(): void
}

interface Child {
  send(request: DatabaseRequest): void
  /** Ends it without asking. */
  kill(): void
}

/** With the RunAsNode fuse off, the app's own binary starts no Node: there it is a utility process of Electron. */
async function launch(listener: Listener): Promise<Child> {
  const entry = fileURLToPath(new URL(`./database-process${extname(import.meta.url)}`, import.meta.url))
  if ((process as { type?: string }).type !== 'browser') {
    // As Electron's processes do: JSON, the default, makes null of infinity and 0 of -0.
    const child = fork(entry, { stdio: 'ignore', serialization: 'advanced' })
    child.on('message', (reply: DatabaseReply) => listener.reply(reply))
    child.on('error', () => listener.ended())
    child.on('exit', () => listener.ended())
    return { send: (request) => void child.send(request), kill: () => void child.kill('SIGKILL') }
  }
  const { utilityProcess } = await import('electron')
  const child = utilityProcess.fork(entry, [], { serviceName: 'C-MAML database', stdio: 'ignore' })
  child.on('message', (reply: DatabaseReply) => listener.reply(reply))
  child.on('exit', () => listener.ended())
  return {
    send: (request) => child.postMessage(request),
    kill() {
      // A process at work does not hear the end that Electron asks for.
      if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL')
    },
  }
}
