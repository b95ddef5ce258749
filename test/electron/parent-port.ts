// node --import test/electron/parent-port.ts: gives a child process what Electron gives a utility process.
import { EventEmitter } from 'node:events'

class ParentPort extends EventEmitter {
  postMessage(message: unknown): void {
    process.send?.(structuredClone(message))
  }
}

const parentPort = new ParentPort()
process.on('message', (data) => parentPort.emit('message', { data }))
Object.defineProperty(process, 'parentPort', { value: parentPort })
