import { utilityProcess } from 'electron'
import { deserialize, serialize } from 'node:v8'
import { lastWords, TrainerCrash, type LaunchTrainer } from './launch.ts'
import type { TrainerEvent } from './protocol.ts'

/** An asked end that takes longer is forced. */
const PATIENCE_MS = 2000

/**
 * A utility process of Electron: with the RunAsNode fuse off, the app's own binary starts no Node. Messages are bytes of
 * V8's serializer, the same that Node's `advanced` serialization writes: Electron's own would refuse shared memory.
 */
export const launchUnderElectron: LaunchTrainer = (entry, listener) => {
  const child = utilityProcess.fork(entry, [], { serviceName: 'C-MAML trainer', stdio: ['ignore', 'inherit', 'pipe'] })
  const stderr = lastWords(child.stderr)
  let over = false
  let fatal = ''
  const exited = new Promise<void>((resolve) => {
    child.once('exit', (code) => {
      over = true
      listener.ended(new TrainerCrash(fatal || `exit code ${code}`, stderr()))
      resolve()
    })
  })
  child.on('message', (bytes: Uint8Array) => listener.event(deserialize(bytes) as TrainerEvent))
  // V8 gave up, e.g. out of memory; the exit follows.
  child.on('error', (type, location) => (fatal = `${type} at ${location}`))
  return {
    get pid() {
      return child.pid
    },
    send: (command) => {
      // As with a closed pipe, nobody hears it; `ended` has told.
      if (!over) child.postMessage(serialize(command))
    },
    async kill() {
      if (over) return
      child.kill()
      const force = setTimeout(() => {
        if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL')
      }, PATIENCE_MS)
      await exited
      clearTimeout(force)
    },
  }
}
