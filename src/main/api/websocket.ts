// The router over WebSocket, for pages that admission has let in.
import type { Context } from '@orpc/server'
import { STATUS_CODES, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type RawData, type WebSocket } from 'ws'
import { SOCKET_PROTOCOL } from '../../core/wire/page-key.ts'
import type { Refusal } from './admission.ts'
import { createRpcServer, type Api, type RpcConnection, type WireMessage } from './rpc.ts'

/** The page opens its socket at this path. */
export const SOCKET_PATH = '/rpc'

/** A page that does not answer a ping until the next one is gone: asleep, or its network is down. */
const PING_INTERVAL_MS = 30_000

/** Close codes: https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1 */
const GOING_AWAY = 1001
const NOT_UNDERSTOOD = 1003

export interface SocketServer {
  /** Takes over the socket of an HTTP upgrade. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Ends every connection; what it was answering is aborted. */
  close(): void
}

export interface SocketOptions {
  /** Bytes of the largest message that is read; a larger one closes its socket. */
  readonly messageLimit: number
  /** Hears of sockets that were closed for what they sent. */
  report(problem: string): void
}

export function serveOverWebSocket<T extends Context>(
  api: Api<T>,
  { messageLimit, report }: SocketOptions,
): SocketServer {
  const connect = createRpcServer(api)
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: messageLimit,
    // A browser closes the socket unless one of those that its page offered is chosen.
    handleProtocols: (offered) => offered.has(SOCKET_PROTOCOL) && SOCKET_PROTOCOL,
  })
  const connections = new Map<WebSocket, RpcConnection>()
  const silent = new WeakSet<WebSocket>()

  server.on('connection', (socket) => {
    const connection = connect({
      send: (message) => sendOver(socket, message),
      refuse: (reason) => {
        report(`Closed a page's socket: it sent ${reason}.`)
        socket.close(NOT_UNDERSTOOD, 'not understood')
      },
    })
    connections.set(socket, connection)
    socket.on('message', (data: RawData, isBinary) => connection.receive(isBinary ? bytesOf(data) : String(data)))
    socket.on('pong', () => silent.delete(socket))
    socket.on('close', () => {
      connections.delete(socket)
      connection.close()
    })
    // ws itself closes the socket with the code that fits (1009 for a message beyond the limit).
    socket.on('error', (error) => report(`Closed a page's socket: ${error.message}.`))
  })

  const pings = setInterval(() => {
    for (const socket of server.clients) {
      if (silent.has(socket)) socket.terminate()
      silent.add(socket)
      socket.ping()
    }
  }, PING_INTERVAL_MS)
  pings.unref()

  return {
    upgrade: (request, socket, head) =>
      server.handleUpgrade(request, socket, head, (accepted) => server.emit('connection', accepted, request)),
    close() {
      clearInterval(pings)
      for (const [socket, connection] of connections) {
        connection.close()
        socket.close(GOING_AWAY, 'C-MAML Studio is closing')
        // Whoever does not answer the closing has his connection ended all the same.
        setTimeout(() => socket.terminate(), 500).unref()
      }
      server.close()
    },
  }
}

/** Answers an upgrade that is not welcome, in plain HTTP. */
export function refuseUpgrade(socket: Duplex, { status, reason }: Refusal): void {
  const body = `${reason}\n`
  socket.on('error', () => socket.destroy())
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    () => socket.destroy(),
  )
}

/**
 * Resolves once the message has left this process, and never before the event loop has turned: else a stream that always
 * has more to say would keep everything else waiting.
 */
function sendOver(socket: WebSocket, message: WireMessage): Promise<void> {
  if (socket.readyState !== socket.OPEN) return Promise.resolve()
  return new Promise((sent, failed) => {
    socket.send(message as string | Uint8Array, (error) => {
      // Lost with its page, which asks again when it is back.
      if (error && socket.readyState === socket.OPEN) failed(error)
      else setImmediate(sent)
    })
  })
}

function bytesOf(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data)
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data
}
