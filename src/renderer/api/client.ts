// The renderer's end of the one router: over the preload bridge in the desktop app, over HTTP in a browser.
import { createORPCClient } from '@orpc/client'
import { RPCLink as HttpLink } from '@orpc/client/fetch'
import { RPCLink as PortLink } from '@orpc/client/message-port'
import type { ApiClient, ConnectToMain } from '../../main/api/contract.ts'

export const client: ApiClient = createORPCClient(
  window.connectToMain === undefined
    ? new HttpLink({ url: `${window.location.origin}/rpc` })
    : new PortLink({ port: bridgePort(window.connectToMain) }),
)

/** The bridge in the shape of a message port. */
function bridgePort(connect: ConnectToMain) {
  const listeners: ((message: unknown) => void)[] = []
  const send = connect((message) => listeners.forEach((listener) => listener(message)))
  return {
    postMessage: send,
    onMessage: { addListener: (listener: (message: unknown) => void) => void listeners.push(listener) },
    // The bridge lives as long as the page does.
    onDisconnect: { addListener: () => {} },
  }
}
