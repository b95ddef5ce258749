// The content security policy in a real browser: the socket of our own origin opens, every other way out is shut.
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
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
  await writeFile(join(folder, 'refused.css'), 'p { color: red }')
  await writeFile(join(folder, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
  served = await serve({ rendererFolder: folder })
  other = await serve()
  browser = await chromium.launch({ executablePath: ensureChromium(), args: CHROMIUM_FLAGS })
  const context = await browser.newContext()
  page = await context.newPage()
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
const askOver = (url: string, from = page) =>
  from.evaluate(
    (address) =>
      new Promise<string>((done) => {
        const socket = new WebSocket(address, ['cmaml', `key.${localStorage.getItem('cmaml-page-key')}`])
        socket.addEventListener('open', () => socket.send('{"i":"1","p":{"u":"/echo","b":{"json":"hello"}}}'))
        socket.addEventListener('message', ({ data }) => done(String(data)))
        socket.addEventListener('error', () => done('refused'))
      }),
    url,
  )

test('the socket of our own origin opens', async () => {
  expect(await askOver(`${served.origin.replace('http', 'ws')}/rpc`)).toBe('{"i":"1","p":{"b":{"json":"hello"}}}')
})

test('after a reload and in a second tab it opens too, and the token is in no address', async () => {
  const socket = `${served.origin.replace('http', 'ws')}/rpc`
  expect(page.url()).toBe(`${served.origin}/`)
  await page.reload()
  expect(await askOver(socket)).toContain('hello')
  const second = await page.context().newPage()
  await second.goto(served.origin)
  expect(await askOver(socket, second)).toContain('hello')
})

test('another port of this machine is sent the cookie, and lets itself in nowhere with it', async () => {
  let sent = ''
  const neighbour = createServer((request, response) => {
    sent = request.headers.cookie ?? ''
    response.end('neighbour')
  }).listen(0, '127.0.0.1')
  await once(neighbour, 'listening')
  const visit = await page.context().newPage()
  await visit.goto(`http://127.0.0.1:${(neighbour.address() as AddressInfo).port}/`)
  neighbour.close()
  expect(sent, 'cookies know no port').toContain(served.cookie.split('=')[0])
  expect(await visit.evaluate(() => localStorage.length)).toBe(0)
  const [, answer] = await once(served.openSocket({ Cookie: sent }, '/rpc', ''), 'unexpected-response')
  expect(answer.statusCode).toBe(401)
})

test.each([
  ['a wrong token', '/?token=wrong', 403, 'not the one of this start'],
  ['no token', '/', 401, 'The address has no token.'],
])(
  'who comes with %s reads where the right address is, in the looks of the program',
  async (_with, path, status, why) => {
    const stranger = await (await browser.newContext()).newPage()
    const problems: string[] = []
    stranger.on('requestfailed', (request) => problems.push(request.url()))
    const styles = stranger.waitForResponse('**/refused.css')
    const answer = await stranger.goto(served.origin + path)
    expect(answer?.status()).toBe(status)
    await stranger.getByText(why).waitFor()
    await stranger.getByText(`${served.origin}/?token=`).waitFor()
    expect((await styles).status()).toBe(200)
    expect(problems).toEqual([])
    // Programs are told in one line.
    expect(await (await fetch(served.origin + path)).text()).not.toContain('<')
    await stranger.context().close()
  },
)

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
