// The router over Electron IPC. A page opens a connection under a fresh id and every message carries it, so that after
// a reload nothing meant for the old page reaches the new one.
import type { Context } from '@orpc/server'
import type { IpcMain, IpcMainEvent, WebContents } from 'electron'
import { TO_MAIN, TO_PAGE, type Envelope } from './channels.ts'
import { createRpcServer, type Api, type RpcConnection } from './rpc.ts'

/**
 * Answers pages of `trustedOrigin`, top frames only; what others send is dropped and reported to `refuse`.
 */
export function serveOverIpc<T extends Context>(
  ipcMain: Pick<IpcMain, 'on'>,
  api: Api<T>,
  trustedOrigin: string,
  refuse: (url: string) => void,
): void {
  const connect = createRpcServer(api)
  const pages = new WeakMap<WebContents, PageConnections>()

  ipcMain.on(TO_MAIN, (event: IpcMainEvent, message: unknown) => {
    const url = event.senderFrame?.url ?? ''
    if (event.senderFrame?.parent !== null || !hasOrigin(url, trustedOrigin)) return refuse(url)
    if (!isEnvelope(message)) return refuse(url)

    const page = event.sender
    let connections = pages.get(page)
    if (connections === undefined) {
      connections = pageConnections(page, (id) =>
        connect({
          send: (data) => {
            if (!page.isDestroyed()) page.send(TO_PAGE, { connection: id, data } satisfies Envelope)
          },
          refuse: () => refuse(url),
        }),
      )
      pages.set(page, connections)
    }
    connections.of(message.connection).receive(message.data)
  })
}

interface PageConnections {
  /** The connection of that id; opened, and every other one closed, at its first message. */
  of(id: string): RpcConnection
}

/** The one connection at a time of a window, which ends with its page: reloaded, crashed or closed. */
function pageConnections(page: WebContents, open: (id: string) => RpcConnection): PageConnections {
  let current: { readonly id: string; readonly connection: RpcConnection } | undefined
  const close = () => {
    current?.connection.close()
    current = undefined
  }
  // A navigation that starts may still be refused, and once it is done the new page may have connected already.
  let leaving: typeof current
  page.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
    if (isMainFrame && !isSameDocument) leaving = current
  })
  page.on('did-navigate', () => {
    if (leaving !== undefined && leaving === current) close()
    leaving = undefined
  })
  page.on('render-process-gone', close)
  page.on('destroyed', close)
  return {
    of(id) {
      if (current?.id !== id) {
        close()
        current = { id, connection: open(id) }
      }
      return current.connection
    },
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
