/**
 * Starts the process of a query. It is a process and not a thread because SQLite, once at work, hears nothing: only the end
 * of a whole process ends a statement that computes without giving a row.
 */
import { fork } from 'node:child_process'
import type { QueryReply, QueryRequest } from './query-protocol.ts'

export interface QueryProcess {
  /** Ends it without asking. */
  kill(): void
}

export interface QueryListener {
  reply(reply: QueryReply): void
  /** It could not be started, or it is gone, asked to or not. */
  ended(): void
}

/** With the RunAsNode fuse off, the app's own binary starts no Node: there it is a utility process of Electron. */
export async function launchQuery(
  entry: string,
  request: QueryRequest,
  listener: QueryListener,
): Promise<QueryProcess> {
  if ((process as { type?: string }).type !== 'browser') {
    const child = fork(entry, { stdio: 'ignore' })
    child.on('message', (reply: QueryReply) => listener.reply(reply))
    child.on('error', () => listener.ended())
    child.on('exit', () => listener.ended())
    child.send(request)
    return { kill: () => void child.kill('SIGKILL') }
  }
  const { utilityProcess } = await import('electron')
  const child = utilityProcess.fork(entry, [], { serviceName: 'C-MAML query', stdio: 'ignore' })
  child.on('message', (reply: QueryReply) => listener.reply(reply))
  child.on('exit', () => listener.ended())
  child.postMessage(request)
  return {
    kill() {
      // A process at work does not hear the end that Electron asks for.
      if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL')
    },
  }
}
