// What the system does in a real Electron: recorded here, and answered as the test replaces it.
import { EventEmitter } from 'node:events'

export const dialog = {
  /** Nobody sits here: a test that opens a dialog replaces this. */
  showMessageBox: (): Promise<{ response: number }> => Promise.reject(new Error('Nobody answers this dialog.')),
  showErrorBox: (title: string, content: string) => console.error(`${title}: ${content}`),
}

export class Notification extends EventEmitter {
  static isSupported = () => true
  readonly title: string
  readonly body: string
  constructor({ title, body }: { title: string; body: string }) {
    super()
    this.title = title
    this.body = body
  }
  show(): void {
    console.log(`Notification: ${this.title} (${this.body})`)
  }
}

const blockers = new Set<number>()
let lastBlocker = 0

export const powerSaveBlocker = {
  start: () => {
    blockers.add(++lastBlocker)
    return lastBlocker
  },
  stop: (id: number) => blockers.delete(id),
  isStarted: (id: number) => blockers.has(id),
}

const display = { workArea: { x: 0, y: 0, width: 1920, height: 1080 } }
export const screen = { getPrimaryDisplay: () => display, getAllDisplays: () => [display] }

export const nativeTheme = { shouldUseDarkColors: false, themeSource: 'system' }
