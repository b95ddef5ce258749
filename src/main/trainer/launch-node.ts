import { fork } from 'node:child_process'
import { lastWords, TrainerCrash, type LaunchTrainer } from './launch.ts'
import type { TrainerEvent } from './protocol.ts'

/** A child process of this Node: the command line and served mode. */
export const launchUnderNode: LaunchTrainer = (entry, listener) => {
  const child = fork(entry, { serialization: 'advanced', stdio: ['ignore', 'inherit', 'pipe', 'ipc'] })
  const stderr = lastWords(child.stderr)
  child.on('message', (event: TrainerEvent) => listener.event(event))
  child.on('error', (error) => listener.ended(error))
  child.on('exit', (code, signal) => listener.ended(new TrainerCrash(signal ?? `exit code ${code}`, stderr())))
  return {
    get pid() {
      return child.pid
    },
    send: (command) => void child.send(command),
    async kill() {
      // Without a process id it never started.
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
      const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
      child.kill('SIGKILL')
      await exited
    },
  }
}
