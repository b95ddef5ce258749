// The router behind any number of connections, whatever carries their messages.
import type { Context, Router } from '@orpc/server'
import { RPCHandler, type MinimalWebsocket } from '@orpc/server/websocket'
import type { AnyContractRouter } from '@orpc/contract'
import { exchangeErrors } from '../../core/wire/answer-errors.ts'
import { wireSerializers } from '../../core/wire/serializers.ts'
import { errorForPage } from './errors.ts'
import { isRequestMessage } from './request-message.ts'

/** What is served: a router, and what its handlers work with. */
export interface Api<T extends Context> {
  readonly router: Router<AnyContractRouter, T>
  readonly context: T
}

/** Text; bytes where a Blob was answered. */
export type WireMessage = Parameters<MinimalWebsocket['send']>[0]

/** The way back to one page. */
export interface Outlet {
  /** Resolves once more may be sent: a slow page slows its streams down instead of filling the memory. */
  send(message: WireMessage): void | Promise<void>
  /** Called once, after the connection has been closed because of a message that no page of ours sends. */
  refuse(reason: string): void
}

export interface RpcConnection {
  /** A message as it came: checked here. */
  receive(message: unknown): void
  /** Aborts the signal of every call and stream in progress. */
  close(): void
}

/** Returns the function that opens a connection. */
export function createRpcServer<T extends Context>({ router, context }: Api<T>): (outlet: Outlet) => RpcConnection {
  // That the context fits is what the type of Api says; oRPC's own types cannot follow a context that is still open.
  const handler = new RPCHandler<Context>(router as Router<AnyContractRouter, Context>, {
    customJsonSerializers: wireSerializers,
    clientInterceptors: [tellErrors],
  })
  return (outlet) => {
    let open = true
    // The half of a WebSocket that the handler uses when it is handed messages one by one; it waits for what `send`
    // returns.
    const peer = {
      addEventListener: () => {},
      send: (message: WireMessage) => (open ? outlet.send(message) : undefined),
    }
    const close = () => {
      open = false
      handler.close(peer)
    }
    return {
      receive(message) {
        if (!open) return
        if (!isRequestMessage(message)) {
          close()
          return outlet.refuse('a message that is none of the protocol')
        }
        handler.message(peer, message as string | ArrayBuffer, { context }).catch((error: unknown) => {
          // Nobody is left to be told anything once the connection is closed.
          if (open) console.error('An answer could not be sent:', error)
        })
      },
      close,
    }
  }
}

interface CallOptions<T> {
  readonly path: readonly string[]
  readonly signal?: AbortSignal | undefined
  next(): Promise<T>
}

/** An unexpected error is told on the terminal with its stack. */
const tellErrors = <T>({ path, signal, next }: CallOptions<T>): Promise<T> =>
  exchangeErrors(next, (error) =>
    // Cancelled: nobody listens, and nothing is wrong.
    signal?.aborted === true
      ? error
      : errorForPage(error, (unexpected) => console.error(`${path.join('.')} failed:`, unexpected)),
  )
