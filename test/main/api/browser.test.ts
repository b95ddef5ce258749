// The content security policy in a real browser: the socket of our own origin opens, every other way out is shut.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CHROMIUM_FLAGS, ensureChromium } from '../../setup/chromium.ts'
import { serve, type Served } from './served.ts'

let folder: string
let served: Served
let other: Served
let browser: Browser
let page: Page

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cmaml-browser-'))
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>page</title><p>here</p>')
  served = await serve({ rendererFolder: folder })
  other = await serve()
  browser = await chromium.launch({ executablePath: ensureChromium(), args: CHROMIUM_FLAGS })
  page = await browser.newPage()
  await page.goto(served.url)
  await page.getByText('here').waitFor()
})
afterAll(async () => {
  await browser?.close()
  await served?.close()
  await other?.close()
  await rm(folder, { recursive: true, force: true })
})

/** What a page's socket gets for one question: the answer, or that it was refused. */
const askOver = (url: string) =>
  page.evaluate(
    (address) =>
      new Promise<string>((done) => {
        const socket = new WebSocket(address)
        socket.addEventListener('open', () => socket.send('{"i":"1","p":{"u":"/echo","b":{"json":"hello"}}}'))
        socket.addEventListener('message', ({ data }) => done(String(data)))
        socket.addEventListener('error', () => done('refused'))
      }),
    url,
  )

test('the socket of our own origin opens', async () => {
  expect(await askOver(`${served.origin.replace('http', 'ws')}/rpc`)).toBe('{"i":"1","p":{"b":{"json":"hello"}}}')
})

test('no socket and no request leads elsewhere', async () => {
  expect(await askOver(`${other.origin.replace('http', 'ws')}/rpc`)).toBe('refused')
  const left = await page.evaluate(
    (origin) =>
      fetch(origin).then(
        () => 'sent',
        () => 'refused',
      ),
    other.origin,
  )
  expect(left).toBe('refused')
})
