import { deserialize, serialize } from 'node:v8'
import type { TrainerCommand, TrainerEvent } from './protocol.ts'

/** The trainer process's end of the line to its owner: Electron's utility process or a forked Node process. */
export interface OwnerPort {
  send(event: TrainerEvent): void
  onCommand(listener: (command: TrainerCommand) => void): void
}

interface UtilityProcessPort {
  postMessage(bytes: Uint8Array): void
  on(event: 'message', listener: (message: { data: Uint8Array }) => void): void
}

export function ownerPort(): OwnerPort {
  const utility = (process as { parentPort?: UtilityProcessPort }).parentPort
  // A terminal's Ctrl-C reaches the whole process group, and so may SIGTERM and SIGHUP; the owner decides what they mean.
  process.on('SIGINT', () => {})
  if (utility)
    return {
      send: (event) => utility.postMessage(serialize(event)),
      onCommand: (listener) => utility.on('message', ({ data }) => listener(deserialize(data) as TrainerCommand)),
    }
  if (!process.send) throw new Error('The trainer process is started by the app or the cmaml command, not by hand')
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => {})
  // An owner that is gone (even by kill -9) can store nothing more.
  process.on('disconnect', () => process.exit(0))
  return {
    send: (event) => process.send!(event),
    onCommand: (listener) => process.on('message', (command: TrainerCommand) => listener(command)),
  }
}
