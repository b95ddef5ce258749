// The page's side of a connection that breaks: a server is ended and started again on the same port.
import { createORPCClient } from '@orpc/client'
import { createServer, type AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { backOff } from '../../../src/renderer/api/back-off.ts'
import { ANSWER_LOST, NOT_ANSWERING, TOKEN_REFUSED } from '../../../src/renderer/api/connection.ts'
import { followStream } from '../../../src/renderer/api/follow.ts'
import {
  createSocketConnection,
  type SocketConnection,
  type Welcome,
} from '../../../src/renderer/api/socket-connection.ts'
import { createContext, type SampleClient, type SampleContext } from './sample-api.ts'
import { asBrowserSocket, serve, type Served } from './served.ts'

let context: SampleContext
let served: Served
let port: number
/** Of the server that the page was let in by; a test of an old page keeps another. */
let admitted: Pick<Served, 'cookie' | 'key'>
let connection: SocketConnection
let client: SampleClient

beforeEach(async () => {
  context = createContext()
  port = await freePort()
  await start()
  connection = createSocketConnection({
    open: () => asBrowserSocket(served.openSocket({ Cookie: admitted.cookie }, '/rpc', admitted.key)),
    askWelcome,
    patienceMs: 1000,
  })
  client = createORPCClient(connection.link)
})
afterEach(async () => {
  connection.close()
  await served.close()
})

/** A new token; the page gets its cookie and key, as if the new address had been opened in another tab. */
async function start(): Promise<void> {
  served = await serve({ port, context })
  admitted = served
}

async function askWelcome(): Promise<Welcome> {
  const response = await fetch(`${served.origin}/session`, {
    headers: { Cookie: admitted.cookie, Authorization: `Bearer ${admitted.key}` },
  }).catch(() => undefined)
  return response === undefined ? undefined : response.status !== 401
}

test('a call made before the socket is open waits for it', async () => {
  expect(connection.state.value.status).toBe('connecting')
  expect(await client.echo(new Float32Array([1.5]))).toEqual(new Float32Array([1.5]))
  expect(connection.state.value).toMatchObject({ status: 'online', attempts: 0, problem: null })
})

test('follow goes on behind its last cursor, without loss or repetition', async () => {
  context.available = 30
  const stop = new AbortController()
  const seen: number[] = []
  const opened: (number | null)[] = []
  const following = followStream<number, { cursor: number }>(
    connection.whenOnline,
    (after, signal) => {
      opened.push(after)
      return client.count(after, { signal })
    },
    ({ cursor }) => void seen.push(cursor),
    stop.signal,
  )
  await vi.waitUntil(() => seen.length === 30)
  await served.close()
  context.available = 60
  await start()
  await vi.waitUntil(() => seen.length === 60, { timeout: 10_000 })
  expect(seen).toEqual(Array.from({ length: 60 }, (_, i) => i + 1))
  expect(opened).toEqual([null, 30])
  stop.abort()
  await following
  await vi.waitUntil(() => context.streams === 0)
})

test('follow is cut off in the middle of a fast stream, again and again', async () => {
  const stop = new AbortController()
  let last = 0
  const following = followStream<number, { cursor: number }>(
    connection.whenOnline,
    (after) => client.count(after),
    ({ cursor }) => {
      expect(cursor).toBe(last + 1)
      last = cursor
    },
    stop.signal,
  )
  for (let cut = 0; cut < 3; cut++) {
    const before = last
    await vi.waitUntil(() => last > before + 20, { timeout: 10_000 })
    await served.close()
    await start()
  }
  const before = last
  await vi.waitUntil(() => last > before, { timeout: 10_000 })
  stop.abort()
  await following
  await vi.waitUntil(() => context.streams === 0)
})

test('follow ends with the error of the server, and with that of its handler', async () => {
  const { signal } = new AbortController()
  const refused = followStream<number, { cursor: number }>(
    connection.whenOnline,
    async () => (await client.fail()) as unknown as AsyncIterable<{ cursor: number }>,
    () => {},
    signal,
  )
  await expect(refused).rejects.toThrow('the disk is full')
  const failing = followStream<number, { cursor: number }>(
    connection.whenOnline,
    (after) => client.count(after),
    () => {
      throw new Error('the chart is gone')
    },
    signal,
  )
  await expect(failing).rejects.toThrow('the chart is gone')
  await vi.waitUntil(() => context.streams === 0)
})

test('what was being answered fails with what happened', async () => {
  const waiting = client.wait()
  const failed = expect(waiting).rejects.toThrow(ANSWER_LOST)
  await vi.waitUntil(() => context.streams === 1)
  await served.close()
  await failed
})

test('without a server calls fail in the end, with what to look at; back-off counts its attempts', async () => {
  await connection.whenOnline()
  const before = Date.now()
  await served.close()
  await expect(client.echo(1)).rejects.toThrow(NOT_ANSWERING)
  await vi.waitUntil(() => connection.state.value.attempts >= 2)
  expect(connection.state.value).toMatchObject({ status: 'offline', problem: NOT_ANSWERING })
  expect(connection.state.value.since).toBeGreaterThanOrEqual(before)
  await start()
  expect(await client.echo(2)).toBe(2)
  expect(connection.state.value).toMatchObject({ status: 'online', attempts: 0, problem: null })
})

test('a call that is cancelled while offline ends at once', async () => {
  await connection.whenOnline()
  await served.close()
  await vi.waitUntil(() => connection.state.value.status !== 'online')
  await expect(client.echo(1, { signal: AbortSignal.timeout(20) })).rejects.toThrow('aborted due to timeout')
})

test('after a start with another token the page says so, and goes on once it is let in', async () => {
  await connection.whenOnline()
  const old = admitted
  await served.close()
  await start()
  const renewed = admitted
  admitted = old
  await vi.waitUntil(() => connection.state.value.problem === TOKEN_REFUSED, { timeout: 5000 })
  await expect(client.echo(1)).rejects.toThrow(TOKEN_REFUSED)
  admitted = renewed
  await connection.whenOnline()
  expect(await client.echo(2)).toBe(2)
})

test('back-off doubles up to ten seconds, and is never the same for all', () => {
  expect([1, 2, 3, 6, 7, 50].map((failures) => backOff(failures, 0.999_999)).map(Math.round)).toEqual([
    250, 500, 1000, 8000, 10_000, 10_000,
  ])
  expect(backOff(4, 0)).toBe(1000)
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((listening) => server.once('listening', listening))
  const { port: free } = server.address() as AddressInfo
  await new Promise((closed) => server.close(closed))
  return free
}
