// The router over Electron IPC, with event emitters in the place of Electron's: what a window's pages get, and when
// what they asked for ends. The built app is tested as a whole in test/e2e/desktop.test.ts.
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import type { IpcMain, WebContents } from 'electron'
import { EventEmitter } from 'node:events'
import { beforeEach, expect, test, vi } from 'vitest'
import { wireSerializers } from '../../../src/core/wire/serializers.ts'
import { TO_MAIN, type Envelope } from '../../../src/main/api/channels.ts'
import { serveOverIpc } from '../../../src/main/api/ipc.ts'
import { createContext, router, type SampleClient, type SampleContext } from './sample-api.ts'

const ORIGIN = 'app://studio'

let ipcMain: EventEmitter
let context: SampleContext
let refused: string[]

beforeEach(() => {
  ipcMain = new EventEmitter()
  context = createContext()
  refused = []
  serveOverIpc(ipcMain as unknown as Pick<IpcMain, 'on'>, { router, context }, ORIGIN, (url) => refused.push(url))
})

/** A window with its main process's end, its page's end, and a way to load another page. */
class Window extends EventEmitter {
  destroyed = false
  #receive: (envelope: Envelope) => void = () => {}
  isDestroyed = () => this.destroyed
  send = (_channel: string, envelope: Envelope) => {
    const copy = structuredClone(envelope)
    setImmediate(() => this.#receive(copy))
  }

  post(envelope: unknown, senderFrame: object = { url: `${ORIGIN}/`, parent: null }): void {
    ipcMain.emit(TO_MAIN, { sender: this as unknown as WebContents, senderFrame }, structuredClone(envelope))
  }

  /** What the preload script and the page's client do. */
  connect(): SampleClient {
    const connection = crypto.randomUUID()
    const port = {
      postMessage: (data: unknown) => this.post({ connection, data }),
      onMessage: {
        addListener: (listen: (data: unknown) => void) => {
          this.#receive = (envelope) => {
            if (envelope.connection === connection) listen(envelope.data)
          }
        },
      },
      onDisconnect: { addListener: () => {} },
    }
    return createORPCClient(new RPCLink({ port, customJsonSerializers: wireSerializers }))
  }
}

test('values arrive exactly', async () => {
  const value = { numbers: new Float64Array([NaN, -0, Infinity]), limit: Infinity, bytes: new Uint8Array([255]) }
  expect(await new Window().connect().echo(value)).toEqual(value)
})

test('a stream delivers until the page stops listening', async () => {
  const ticks = await new Window().connect().ticks()
  await vi.waitUntil(() => context.events.size === 1)
  context.events.publish('tick', 7)
  for await (const tick of ticks) {
    expect(tick[0]).toBe(7)
    break
  }
  await vi.waitUntil(() => context.streams === 0)
})

test('a signal cancels on the server', async () => {
  const cancel = new AbortController()
  const waiting = expect(new Window().connect().wait(undefined, { signal: cancel.signal })).rejects.toThrow('abort')
  await vi.waitUntil(() => context.streams === 1)
  cancel.abort()
  await waiting
  await vi.waitUntil(() => context.streams === 0)
})

test.each<[string, (window: Window) => void]>([
  ['is reloaded', (window) => void window.connect().echo(1)],
  ['crashes', (window) => window.emit('render-process-gone')],
  ['is closed', (window) => window.emit('destroyed')],
  ['leaves for another page', navigate],
])('what a page asked for ends when it %s', async (_how, leave) => {
  const window = new Window()
  void window.connect().wait()
  await vi.waitUntil(() => context.streams === 1)
  leave(window)
  await vi.waitUntil(() => context.streams === 0)
})

test('a new page keeps its streams when it connects before its navigation is reported', async () => {
  const window = new Window()
  await window.connect().echo('old page')
  window.emit('did-start-navigation', { isMainFrame: true, isSameDocument: false })
  const page = window.connect()
  const ticks = await page.ticks()
  window.emit('did-navigate')
  await vi.waitUntil(() => context.events.size === 1)
  context.events.publish('tick', 1)
  expect((await ticks.next()).done).toBe(false)
  await ticks.return(undefined)
})

test('moving within the page, and frames of it that load, end nothing', async () => {
  const window = new Window()
  const page = window.connect()
  void page.wait().catch(() => {})
  await vi.waitUntil(() => context.streams === 1)
  window.emit('did-start-navigation', { isMainFrame: true, isSameDocument: true })
  window.emit('did-start-navigation', { isMainFrame: false, isSameDocument: false })
  expect(await page.echo(1)).toBe(1)
  expect(context.streams).toBe(1)
  window.emit('destroyed')
})

test('other origins, frames within the page and messages of no shape are refused', () => {
  const window = new Window()
  const envelope = { connection: 'a', data: '{"i":"1","p":{"u":"/echo"}}' }
  window.post(envelope, { url: 'https://example.com/', parent: null })
  window.post(envelope, { url: 'app://studio.example/', parent: null })
  window.post(envelope, { url: `${ORIGIN}/`, parent: { url: `${ORIGIN}/` } })
  window.post('hello')
  window.post({ connection: 'a', data: 'no JSON' })
  expect(refused).toEqual(['https://example.com/', 'app://studio.example/', `${ORIGIN}/`, `${ORIGIN}/`, `${ORIGIN}/`])
})

test('nothing is sent to a window that is gone', async () => {
  const window = new Window()
  const send = vi.spyOn(window, 'send')
  void window.connect().echo(1)
  window.destroyed = true
  await new Promise((turn) => setImmediate(turn))
  expect(send).not.toHaveBeenCalled()
})

function navigate(window: Window): void {
  window.emit('did-start-navigation', { isMainFrame: true, isSameDocument: false })
  window.emit('did-navigate')
}
