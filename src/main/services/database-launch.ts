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

interface DatabaseProcess {
  /** Ends it without asking. */
  kill(): void
}

interface Listener {
  reply(reply: DatabaseReply): void
  /** It could not be started, or it is gone, asked to or not. */
  ended(): void
}

export interface WorkOptions {
  /** Milliseconds after which the work is ended; as long as it takes by default. */
  readonly timeLimit?: number
  readonly signal?: AbortSignal | undefined
}

/**
 * Has a request answered by a process of its own, which is gone afterwards.
 *
 * @param what for messages, e.g. "query"
 * @throws InvalidRequest, or StoreError where the store refused, with the reason
 */
export async function askDatabase<R extends DatabaseRequest>(
  what: string,
  request: R,
  { timeLimit, signal }: WorkOptions = {},
): Promise<AnswerTo<R>> {
  const { promise, resolve } = Promise.withResolvers<DatabaseReply>()
  const stop = () => resolve({ problem: `The ${what} was ended.` })
  if (signal?.aborted) throw new InvalidRequest(`The ${what} was ended.`)
  signal?.addEventListener('abort', stop)
  const late = () =>
    resolve({ problem: `The ${what} took longer than ${timeLimit! / 1000} s and was ended. Ask for less.` })
  const timer = timeLimit === undefined ? undefined : setTimeout(late, timeLimit)
  let running: DatabaseProcess | undefined
  try {
    running = await launch(request, {
      reply: resolve,
      ended: () => resolve({ problem: `The ${what} ended without an answer.` }),
    })
    const reply = await promise
    if (!('problem' in reply)) return reply as AnswerTo<R>
    throw reply.code === undefined ? new InvalidRequest(reply.problem) : new StoreError(reply.code, reply.problem)
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
    running?.kill()
  }
}

/** With the RunAsNode fuse off, the app's own binary starts no Node: there it is a utility process of Electron. */
async function launch(request: DatabaseRequest, listener: Listener): Promise<DatabaseProcess> {
  const entry = fileURLToPath(new URL(`./database-process${extname(import.meta.url)}`, import.meta.url))
  if ((process as { type?: string }).type !== 'browser') {
    // As Electron's processes do: JSON, the default, makes null of infinity and 0 of -0.
    const child = fork(entry, { stdio: 'ignore', serialization: 'advanced' })
    child.on('message', (reply: DatabaseReply) => listener.reply(reply))
    child.on('error', () => listener.ended())
    child.on('exit', () => listener.ended())
    child.send(request)
    return { kill: () => void child.kill('SIGKILL') }
  }
  const { utilityProcess } = await import('electron')
  const child = utilityProcess.fork(entry, [], { serviceName: 'C-MAML database', stdio: 'ignore' })
  child.on('message', (reply: DatabaseReply) => listener.reply(reply))
  child.on('exit', () => listener.ended())
  child.postMessage(request)
  return {
    kill() {
      // A process at work does not hear the end that Electron asks for.
      if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL')
    },
  }
}
