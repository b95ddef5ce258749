// The renderer's end of the one router: over the preload bridge in the desktop app, over a WebSocket in a browser.
import { createORPCClient, type ClientContext, type ClientLink } from '@orpc/client'
import { RPCLink as PortLink } from '@orpc/client/message-port'
import { shallowRef, type ShallowRef } from 'vue'
import { authorization, offeredProtocols, PAGE_KEY_STORAGE } from '../../core/wire/page-key.ts'
import { wireSerializers } from '../../core/wire/serializers.ts'
import type { ApiClient, ConnectToMain } from '../../main/api/contract.ts'
import type { ConnectionState } from './connection.ts'
import { followStream, type Followed, type OpenStream } from './follow.ts'
import { createSocketConnection, type Welcome } from './socket-connection.ts'

interface Connection {
  readonly state: Readonly<ShallowRef<ConnectionState>>
  readonly link: ClientLink<ClientContext>
  whenOnline(signal?: AbortSignal): Promise<void>
  retryNow(): void
}

const used = window.connectToMain === undefined ? overWebSocket() : overBridge(window.connectToMain)

export const client: ApiClient = createORPCClient(used.link)

/** For the banner of the shell. In the desktop app always online. */
export const connection = used.state

/** For the banner's button. */
export const { retryNow } = used

/**
 * Follows a stream with cursors through losses of the connection until it ends or the signal stops it:
 * `follow((after, signal) => client.runs.watch({ after }, { signal }), (item) => ..., signal)`.
 */
export function follow<Cursor, Item extends Followed<Cursor>>(
  open: OpenStream<Cursor, Item>,
  handle: (item: Item) => void | Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  return followStream((stop) => used.whenOnline(stop), open, handle, signal)
}

function overWebSocket(): Connection {
  const socketUrl = new URL('/rpc', window.location.href)
  socketUrl.protocol = 'ws:'
  const connection = createSocketConnection({
    open: () => new WebSocket(socketUrl, offeredProtocols(pageKey())),
    askWelcome,
  })
  window.addEventListener('online', connection.retryNow)
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') connection.retryNow()
  })
  return connection
}

/** Read every time: a server that was started anew lets in through another tab. */
function pageKey(): string {
  return localStorage.getItem(PAGE_KEY_STORAGE) ?? ''
}

async function askWelcome(): Promise<Welcome> {
  try {
    const { status } = await fetch('/session', {
      cache: 'no-store',
      headers: { Authorization: authorization(pageKey()) },
    })
    return status !== 401
  } catch {
    return undefined
  }
}

/** The bridge lives as long as the page does. */
function overBridge(connect: ConnectToMain): Connection {
  const state = shallowRef<ConnectionState>({ status: 'online', since: Date.now(), attempts: 0, problem: null })
  const link = new PortLink({ port: bridgePort(connect), customJsonSerializers: wireSerializers })
  return { state, link, whenOnline: () => Promise.resolve(), retryNow: () => {} }
}

/** The bridge in the shape of a message port. */
function bridgePort(connect: ConnectToMain) {
  const listeners: ((message: unknown) => void)[] = []
  const send = connect((message) => listeners.forEach((listener) => listener(message)))
  return {
    postMessage: send,
    onMessage: { addListener: (listener: (message: unknown) => void) => void listeners.push(listener) },
    onDisconnect: { addListener: () => {} },
  }
}
