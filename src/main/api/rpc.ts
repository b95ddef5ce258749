// The router behind any number of connections, whatever carries their messages.
import { ORPCError, type Context, type Router } from '@orpc/server'
import { RPCHandler, type MinimalWebsocket } from '@orpc/server/websocket'
import type { AnyContractRouter } from '@orpc/contract'
import { wireSerializers } from '../../core/wire/serializers.ts'
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

/**
 * An unexpected error is told on the terminal with its stack, and in the page with its message: who looks at the page
 * owns the machine behind it. Streams fail later than calls, and alike.
 */
async function tellErrors<T>({ path, signal, next }: CallOptions<T>): Promise<T> {
  const told = (error: unknown) => {
    // Cancelled: nobody listens, and nothing is wrong.
    if (error instanceof ORPCError || signal?.aborted === true) return error
    console.error(`${path.join('.')} failed:`, error)
    const message = error instanceof Error ? error.message : String(error)
    return new ORPCError('INTERNAL_SERVER_ERROR', { message, cause: error })
  }
  try {
    const output = await next()
    return isIterator(output) ? (withErrors(output, told) as T) : output
  } catch (error) {
    throw told(error)
  }
}

function isIterator(value: unknown): value is AsyncIterator<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value && 'next' in value
}

/** Not a generator: its `return` would wait for the `next` in progress. */
function withErrors(
  iterator: AsyncIterator<unknown>,
  told: (error: unknown) => unknown,
): AsyncIterableIterator<unknown> {
  return {
    next: () =>
      iterator.next().catch((error: unknown) => {
        throw told(error)
      }),
    return: async (value?: unknown) => (await iterator.return?.(value)) ?? { done: true, value },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
