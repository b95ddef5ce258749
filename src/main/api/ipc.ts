// The router over Electron IPC. A page opens a connection under a fresh id and every message carries it, so that after
// a reload nothing meant for the old page reaches the new one.
import { RPCHandler } from '@orpc/server/message-port'
import type { IpcMain, IpcMainEvent, WebContents } from 'electron'
import { TO_MAIN, TO_PAGE, type Envelope } from './channels.ts'
import { router, type ApiServices } from './router.ts'

/**
 * Answers pages of `trustedOrigin`, top frames only; what others send is dropped and reported to `refuse`.
 */
export function serveOverIpc(
  ipcMain: IpcMain,
  services: ApiServices,
  trustedOrigin: string,
  refuse: (url: string) => void,
): void {
  const handler = new RPCHandler(router)
  const connections = new WeakMap<WebContents, Connection>()

  ipcMain.on(TO_MAIN, (event: IpcMainEvent, message: unknown) => {
    const url = event.senderFrame?.url ?? ''
    if (event.senderFrame?.parent !== null || !hasOrigin(url, trustedOrigin)) return refuse(url)
    if (!isEnvelope(message)) return refuse(url)

    const page = event.sender
    let current = connections.get(page)
    if (current?.id !== message.connection) {
      current?.close()
      current = openConnection(page, message.connection)
      connections.set(page, current)
      handler.upgrade(current.port, { context: services })
      page.once('destroyed', current.close)
    }
    current.deliver(message.data)
  })
}

interface Connection {
  id: string
  /** The event-emitter half of Electron's MessagePortMain, all that the RPC handler uses. */
  port: {
    on(event: string, listener: (event?: { data: unknown }) => void): void
    postMessage(data: unknown): void
  }
  deliver(data: unknown): void
  close(): void
}

function openConnection(page: WebContents, id: string): Connection {
  const listeners = { message: [], close: [] } as Record<string, ((event?: { data: unknown }) => void)[]>
  return {
    id,
    port: {
      on: (event, listener) => void listeners[event]?.push(listener),
      postMessage: (data) => {
        if (!page.isDestroyed()) page.send(TO_PAGE, { connection: id, data } satisfies Envelope)
      },
    },
    deliver: (data) => listeners['message']?.forEach((listener) => listener({ data })),
    close: () => listeners['close']?.forEach((listener) => listener()),
  }
}

function hasOrigin(url: string, origin: string): boolean {
  return url === origin || url.startsWith(`${origin}/`)
}

function isEnvelope(message: unknown): message is Envelope {
  return typeof message === 'object' && message !== null && 'data' in message && 'connection' in message
    ? typeof message.connection === 'string'
    : false
}
