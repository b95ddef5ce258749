// The stand-in's session, protocol and IPC: what pages get from the main process, and what they may ask for.
import { EventEmitter } from 'node:events'

type SchemeHandler = (request: Request) => Response | Promise<Response>
type BeforeRequest = (details: { url: string }, answer: (decision: { cancel?: boolean }) => void) => void

export const schemeHandlers = new Map<string, SchemeHandler>()
let beforeRequest: BeforeRequest = (_details, answer) => answer({})

export const ipcMain = new EventEmitter()

export const protocol = {
  registerSchemesAsPrivileged: () => {},
  handle: (scheme: string, handler: SchemeHandler) => void schemeHandlers.set(scheme, handler),
}

export const session = {
  defaultSession: Object.assign(new EventEmitter(), {
    setPermissionRequestHandler: () => {},
    setPermissionCheckHandler: () => {},
    setDevicePermissionHandler: () => {},
    webRequest: { onBeforeRequest: (listener: BeforeRequest) => void (beforeRequest = listener) },
  }),
}

/** Whether the app lets a page ask for this address. */
export function isCancelled(url: string): boolean {
  let cancelled = false
  beforeRequest({ url }, ({ cancel }) => (cancelled = cancel === true))
  return cancelled
}
