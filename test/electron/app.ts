// `app` of the stand-in: readiness, the order of events at the end, one instance per profile.
import { EventEmitter } from 'node:events'
import { closeSync, mkdirSync, openSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isPrevented } from './preventable.ts'

const userData =
  process.argv.find((argument) => argument.startsWith('--user-data-dir='))?.split('=')[1] ??
  join(tmpdir(), `electron-stand-in-${process.pid}`)

/** What the app closes when it quits; windows register themselves. */
interface Closable {
  close(): void
  destroy(): void
}

class App extends EventEmitter {
  readonly name = 'C-MAML Studio'
  readonly isPackaged = false
  readonly windows = new Set<Closable>()
  /** What has to be over before the process may exit, e.g. the browser closed. */
  readonly endings: (() => Promise<unknown>)[] = []
  #ready = false
  /** While the windows are closed in order to quit. */
  #quitting = false
  #exiting = false
  #holdsLock = false
  readonly #whenReady = new Promise<void>((ready) => {
    setImmediate(() => {
      this.#ready = true
      ready()
    })
  })
  whenReady = () => this.#whenReady
  isReady = () => this.#ready
  getPath = (name: string) => (name === 'userData' ? userData : join(userData, name))

  /** Electron closes every window, unless one of them prevents it, and then ends. */
  quit(): void {
    if (isPrevented(this, 'before-quit')) return
    this.#quitting = true
    if (this.windows.size === 0) this.lastWindowClosed()
    for (const window of this.windows) window.close()
    this.#quitting = false
  }

  lastWindowClosed(): void {
    if (this.#exiting) return
    if (!this.#quitting) this.emit('window-all-closed')
    else if (!isPrevented(this, 'will-quit')) this.exit()
  }

  exit(code = 0): void {
    if (this.#exiting) return
    this.#exiting = true
    if (this.#holdsLock) rmSync(lockFile(), { force: true })
    for (const window of this.windows) window.destroy()
    void Promise.allSettled(this.endings.map((end) => end())).then(() => process.exit(code))
  }

  requestSingleInstanceLock(): boolean {
    mkdirSync(userData, { recursive: true })
    try {
      closeSync(openSync(lockFile(), 'wx'))
    } catch {
      this.endings.push(() => tellFirstInstance())
      return false
    }
    this.#holdsLock = true
    createServer((socket) => {
      socket.destroy()
      this.emit('second-instance')
    })
      .listen(socketPath())
      .unref()
    return true
  }
}

const lockFile = () => join(userData, 'instance.lock')
const socketPath = () =>
  process.platform === 'win32' ? `\\\\.\\pipe\\${userData.replaceAll(/\W/g, '-')}` : join(userData, 'instance')

function tellFirstInstance(): Promise<void> {
  return new Promise((told) =>
    connect(socketPath())
      .on('error', () => told())
      .on('close', () => told()),
  )
}

export const app = new App()
