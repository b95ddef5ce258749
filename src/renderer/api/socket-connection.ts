// Served mode: one WebSocket at a time, reopened when it is lost, and the calls that go over it.
import { ORPCError, type ClientContext, type ClientLink, type ClientOptions } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import { shallowReadonly, shallowRef, type ShallowRef } from 'vue'
import { exchangeErrors } from '../../core/wire/answer-errors.ts'
import { wireSerializers } from '../../core/wire/serializers.ts'
import { backOff } from './back-off.ts'
import {
  ANSWER_LOST,
  Disconnected,
  NOT_ANSWERING,
  orAborted,
  TOKEN_REFUSED,
  type ConnectionState,
} from './connection.ts'

/** Whether the server would let the page in again; `undefined` where no server answers. */
export type Welcome = boolean | undefined

export interface SocketConnectionOptions {
  open(): WebSocket
  /** A browser does not tell a page why its socket was refused, so this asks. */
  askWelcome(): Promise<Welcome>
  /** How long a call waits for the connection to come back. */
  readonly patienceMs?: number
}

export interface SocketConnection {
  readonly state: Readonly<ShallowRef<ConnectionState>>
  readonly link: ClientLink<ClientContext>
  /** Resolves when the machine can be asked. */
  whenOnline(signal?: AbortSignal): Promise<void>
  /** For when the network or the user is back: does not wait for the next attempt's turn. */
  retryNow(): void
  /** For good. */
  close(): void
}

interface Open {
  readonly socket: WebSocket
  readonly link: RPCLink<ClientContext>
}

const PATIENCE_MS = 2_000
/** Calls of an impatient page do not make more attempts than this. */
const SHORTEST_PAUSE_MS = 250

export function createSocketConnection(options: SocketConnectionOptions): SocketConnection {
  const state = shallowRef<ConnectionState>({ status: 'connecting', since: Date.now(), attempts: 0, problem: null })
  let current: Open | undefined
  let arrival = Promise.withResolvers<Open>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let attempting = false
  let lastAttempt = -Infinity
  let closed = false

  function change(next: Omit<ConnectionState, 'since'>): void {
    const since = next.status === state.value.status ? state.value.since : Date.now()
    state.value = { ...next, since }
  }

  function attempt(): void {
    clearTimeout(timer)
    if (closed || attempting || current !== undefined) return
    attempting = true
    lastAttempt = performance.now()
    let opened = false
    const socket = options.open()
    socket.binaryType = 'arraybuffer'
    socket.addEventListener('open', () => {
      opened = true
      attempting = false
      if (closed) return socket.close()
      current = { socket, link: new RPCLink({ websocket: socket, customJsonSerializers: wireSerializers }) }
      change({ status: 'online', attempts: 0, problem: null })
      arrival.resolve(current)
    })
    socket.addEventListener('close', () => {
      if (current?.socket === socket) lost()
      if (opened) return
      attempting = false
      void failed()
    })
    // Nothing to learn from it: `close` follows.
    socket.addEventListener('error', () => {})
  }

  function lost(): void {
    current = undefined
    arrival = Promise.withResolvers<Open>()
    if (closed) return
    change({ status: 'connecting', attempts: 0, problem: null })
    schedule(backOff(1, Math.random()))
  }

  async function failed(): Promise<void> {
    const attempts = state.value.attempts + 1
    schedule(backOff(attempts, Math.random()))
    const welcome = await options.askWelcome()
    // An attempt made meanwhile knows better.
    if (closed || current !== undefined) return
    change({ status: 'offline', attempts, problem: welcome === false ? TOKEN_REFUSED : NOT_ANSWERING })
  }

  function schedule(afterMs: number): void {
    clearTimeout(timer)
    if (!closed) timer = setTimeout(attempt, afterMs)
  }

  /** A socket that has begun to close takes no more messages, although `close` has not come yet. */
  function openNow(): Open | undefined {
    if (current !== undefined && current.socket.readyState !== current.socket.OPEN) lost()
    return current
  }

  function retryNow(): void {
    if (performance.now() - lastAttempt >= SHORTEST_PAUSE_MS) attempt()
  }

  /** The open socket, now or within the patience of a call. */
  async function ready(signal: AbortSignal | undefined): Promise<Open> {
    const now = openNow()
    if (now !== undefined) return now
    retryNow()
    if (state.value.problem === TOKEN_REFUSED) throw new Disconnected(TOKEN_REFUSED)
    const { promise: tired, reject } = Promise.withResolvers<never>()
    const impatience = setTimeout(
      () => reject(new Disconnected(state.value.problem ?? NOT_ANSWERING)),
      options.patienceMs ?? PATIENCE_MS,
    )
    try {
      return await orAborted(Promise.race([arrival.promise, tired]), signal)
    } finally {
      clearTimeout(impatience)
    }
  }

  async function call(path: readonly string[], input: unknown, callOptions: ClientOptions<ClientContext>) {
    const { socket, link } = await ready(callOptions.signal)
    const explained = (error: unknown) => {
      const ours = error instanceof ORPCError || callOptions.signal?.aborted === true
      return ours || socket.readyState === socket.OPEN ? error : new Disconnected(ANSWER_LOST, { cause: error })
    }
    return exchangeErrors(() => link.call(path, input, callOptions), explained)
  }

  attempt()
  return {
    state: shallowReadonly(state),
    link: { call },
    async whenOnline(signal) {
      if (openNow() === undefined) await orAborted(arrival.promise, signal)
    },
    retryNow,
    close() {
      closed = true
      clearTimeout(timer)
      current?.socket.close()
    },
  }
}
