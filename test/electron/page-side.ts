// What a sandboxed preload script finds: `require('electron')` with contextBridge and ipcRenderer, nothing else.

declare global {
  interface Window {
    /** Page to main; made by the stand-in's binding. */
    electronStandInSend(channel: string, messages: unknown[]): Promise<void>
    /** Main to page. */
    electronStandIn?: (channel: string, messages: readonly unknown[]) => void
  }
}

type Listener = (event: object, ...messages: unknown[]) => void
type Preload = (require: (name: string) => unknown, module: object, exports: object) => void

/** Runs in the page, sent there as source text: it must not use anything from outside itself. */
export function installElectron(preload: Preload): void {
  const listeners = new Map<string, Listener[]>()
  window.electronStandIn = (channel, messages) => {
    for (const listener of listeners.get(channel) ?? []) listener({}, ...messages)
  }
  const electron = {
    contextBridge: {
      exposeInMainWorld: (name: string, api: unknown) => Object.defineProperty(window, name, { value: api }),
    },
    ipcRenderer: {
      on: (channel: string, listener: Listener) => {
        listeners.set(channel, [...(listeners.get(channel) ?? []), listener])
      },
      send: (channel: string, ...messages: unknown[]) => {
        void window.electronStandInSend(channel, structuredClone(messages))
      },
    },
  }
  const require = (name: string) => {
    if (name === 'electron') return electron
    throw new Error(`module not found: ${name}`)
  }
  preload(require, { exports: {} }, {})
}
