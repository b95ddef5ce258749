// The router over real sockets: what travels, what ends, who is refused.
import { once } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { WebSocket } from 'ws'
import { connectPage, serve, type Served } from './served.ts'
import type { SampleClient } from './sample-api.ts'

let served: Served
let socket: WebSocket
let client: SampleClient

beforeEach(async () => {
  served = await serve()
  ;({ socket, client } = await connectPage(served))
})
afterEach(() => served.close())

test('values arrive exactly', async () => {
  const value = {
    returns: new Float64Array([0.1, NaN, Infinity, -Infinity, -0, 5e-324]),
    observation: new Float32Array([0.1, NaN]),
    task: new Int32Array([-1, 2 ** 31 - 1]),
    bytes: new Uint8Array([0, 255]),
    empty: new Float64Array(0),
    limits: [Infinity, -Infinity, NaN, -0, null, undefined],
    text: 'ÿ � 𝛼',
    nested: [{ of: { arrays: [new Float32Array([1])] } }],
  }
  expect(await client.echo(value)).toEqual(value)
})

test('a megabyte of numbers, both ways', async () => {
  const numbers = Float64Array.from({ length: 2 ** 17 }, (_, i) => Math.sin(i))
  expect(await client.echo(numbers)).toEqual(numbers)
})

test('a file arrives as bytes', async () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i)
  const file = (await client.echo(new File([bytes], 'runs.cmaml'))) as File
  expect(file.name).toBe('runs.cmaml')
  expect(new Uint8Array(await file.arrayBuffer())).toEqual(bytes)
})

test('an unexpected error reaches the page with its message, and the terminal', async () => {
  const terminal = vi.spyOn(console, 'error').mockImplementation(() => {})
  await expect(client.fail()).rejects.toThrow('the disk is full')
  const stream = await client.failLater()
  expect((await stream.next()).value).toBe(1)
  await expect(stream.next()).rejects.toThrow('the run is gone')
  expect(terminal.mock.calls.map(([what]) => what)).toEqual(['fail failed:', 'failLater failed:'])
  terminal.mockRestore()
})

test('a stream delivers, and ends on the server when nobody listens any more', async () => {
  const ticks = await client.ticks()
  await vi.waitUntil(() => served.context.events.size === 1)
  served.context.events.publish('tick', 1)
  served.context.events.publish('tick', 2)
  const seen = []
  for await (const tick of ticks) {
    seen.push(tick)
    if (seen.length === 2) break
  }
  expect(seen).toEqual([new Float64Array([1, NaN, Infinity]), new Float64Array([2, NaN, Infinity])])
  await vi.waitUntil(() => served.context.streams === 0)
  expect(served.context.events.size).toBe(0)
})

test('a signal cancels calls and streams on the server', async () => {
  const cancel = new AbortController()
  const waiting = client.wait(undefined, { signal: cancel.signal })
  const ticks = await client.ticks(undefined, { signal: cancel.signal })
  const next = ticks.next()
  await vi.waitUntil(() => served.context.streams === 2)
  cancel.abort()
  await expect(waiting).rejects.toThrow('abort')
  await expect(next).rejects.toThrow('abort')
  await vi.waitUntil(() => served.context.streams === 0)
})

test.each(['close', 'terminate'] as const)('a socket that goes (%s) cancels what it asked for', async (way) => {
  const lost = Promise.allSettled([client.wait(), (await client.ticks()).next()])
  await vi.waitUntil(() => served.context.streams === 2)
  socket[way]()
  await vi.waitUntil(() => served.context.streams === 0)
  expect((await lost).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
})

test('closing the server cancels everything and says goodbye', async () => {
  const lost = Promise.allSettled([client.wait()])
  await vi.waitUntil(() => served.context.streams === 1)
  const closed = once(socket, 'close')
  await served.close()
  expect((await closed)[0]).toBe(1001)
  await vi.waitUntil(() => served.context.streams === 0)
  await lost
})

test.each([
  ['of another site', { Origin: 'http://studio.example' }, '/rpc', 403],
  ['of another port', { Origin: 'http://127.0.0.1:1' }, '/rpc', 403],
  ['without an origin', { Origin: undefined }, '/rpc', 403],
  ['of a sandboxed frame', { Origin: 'null' }, '/rpc', 403],
  ['for a foreign host name', { Host: 'studio.example', Origin: 'http://studio.example' }, '/rpc', 403],
  ['without the cookie', { Cookie: undefined }, '/rpc', 401],
  ['with a wrong cookie', { Cookie: 'cmaml-1=abc' }, '/rpc', 401],
  ['elsewhere', {}, '/other', 400],
])('a socket %s is refused', async (_whose, headers, path, status) => {
  const refused = served.openSocket(headers, path)
  const [, response] = await once(refused, 'unexpected-response')
  expect(response.statusCode).toBe(status)
})

test('what another port of this machine is sent opens no socket: the cookie tells neither token nor key', async () => {
  expect(served.cookie).not.toContain(new URL(served.url).searchParams.get('token'))
  expect(served.cookie).not.toContain(served.key)
  for (const key of ['', served.cookie.split('=')[1]!, new URL(served.url).searchParams.get('token')!]) {
    const [, response] = await once(served.openSocket({}, '/rpc', key), 'unexpected-response')
    expect(response.statusCode).toBe(401)
  }
  const { status } = await fetch(`${served.origin}/session`, { headers: { Cookie: served.cookie } })
  expect(status).toBe(401)
})

test('the key is not repeated in the answer', () => {
  expect(socket.protocol).toBe('cmaml')
})

test.each([
  ['text', 'hello'],
  ['JSON', '{"i":1}'],
  ['a request without a path', '{"i":"1","p":{}}'],
  ['bytes', Buffer.from([0, 1, 2, 255, 3])],
])('garbage (%s) closes its socket, is reported, and leaves others alone', async (_kind, garbage) => {
  const other = served.openSocket()
  await once(other, 'open')
  other.send(garbage)
  expect((await once(other, 'close'))[0]).toBe(1003)
  expect(served.reports).toEqual([expect.stringContaining('none of the protocol')])
  expect(await client.echo('still there')).toBe('still there')
})

test('a wrong value inside a message is refused with an answer', async () => {
  const other = served.openSocket()
  await once(other, 'open')
  const answer = once(other, 'message')
  other.send('{"i":"1","p":{"u":"/echo","b":{"json":["Float64Array","*"],"meta":[[20]]}}}')
  expect(String((await answer)[0])).toContain('BAD_REQUEST')
})

test('a message beyond the limit closes its socket and is reported', async () => {
  const small = await serve({ messageLimit: 1000 })
  const page = await connectPage(small)
  const closed = once(page.socket, 'close')
  const answer = page.client.echo('x'.repeat(2000))
  await expect(answer).rejects.toThrow()
  expect((await closed)[0]).toBe(1009)
  expect(small.reports).toEqual([expect.stringContaining('Max payload size exceeded')])
  await small.close()
})

test('a page that reads slowly slows its stream down', async () => {
  const slow = await connectPage(served)
  await slow.client.echo('hello')
  const flood = await slow.client.flood()
  slow.socket.pause()
  // The kernel's buffers take some megabytes; then nothing more may be made.
  let before = -1
  const stopped = () => {
    const now = served.context.made
    const same = now === before
    before = now
    return same
  }
  await vi.waitUntil(stopped, { interval: 300, timeout: 20_000 })
  slow.socket.terminate()
  await vi.waitUntil(() => served.context.streams === 0)
  await flood[Symbol.asyncIterator]()
    .next()
    .catch(() => {})
})
