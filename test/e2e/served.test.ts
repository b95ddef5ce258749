// `npm start -- --browser` and `cmaml serve`: the page in a browser, and who is refused. Sockets that no browser opens
// are tested in test/main/api/.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { CHROMIUM_FLAGS, ensureChromium } from '../setup/chromium.ts'
import { problemsOf } from './served-app.ts'

const START = join(import.meta.dirname, '../../bin/start.mjs')
const CMAML = join(import.meta.dirname, '../../bin/cmaml.mjs')

let folder: string
let server: ChildProcess
let browser: Browser
/** With the token, and its parts. */
let url: URL

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cmaml-served-'))
  server = startServer()
  url = new URL((await printed(server, /http:\S+token=\S+/))[0])
  browser = await chromium.launch({ executablePath: ensureChromium(), args: CHROMIUM_FLAGS })
})
afterAll(async () => {
  await browser?.close()
  server?.kill('SIGKILL')
  await rm(folder, { recursive: true, force: true })
})

test('the address lets the browser in, and the page asks over a WebSocket', async () => {
  const page = await browser.newPage()
  const problems = problemsOf(page)
  await page.goto(url.href)
  await page.getByTestId('version').waitFor()
  expect(await page.getByTestId('version').textContent()).toBe(packageJson.version)
  expect(page.url(), 'the token leaves the address').toBe(`${url.origin}/#/`)
  expect(problems).toEqual([])
  await page.close()
})

test('answers carry a strict content security policy', async () => {
  const policy = (await ask('/', { cookie: await sessionCookie() })).headers['content-security-policy']
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("script-src 'self';")
  expect(policy).not.toContain('unsafe')
})

test('without the token nothing is served', async () => {
  expect((await ask('/')).status).toBe(401)
  expect((await ask('/?token=wrong')).status).toBe(403)
  expect((await ask('/', { cookie: (await sessionCookie()).replace(/.{4}$/, 'AAAA') })).status).toBe(401)
  expect((await ask('/session')).status).toBe(401)
})

test('a foreign host name is refused, the token notwithstanding', async () => {
  expect((await ask(`/${url.search}`, { host: 'studio.example' })).status).toBe(403)
  expect((await ask('/', { host: `studio.example:${url.port}`, cookie: await sessionCookie() })).status).toBe(403)
})

test('other origins may not ask, and nothing is written over HTTP', async () => {
  const cookie = await sessionCookie()
  expect((await ask('/', { cookie, origin: url.origin })).status).toBe(200)
  expect((await ask('/session', { cookie, origin: url.origin })).status, 'without the key').toBe(401)
  expect((await ask('/session', { cookie, origin: 'http://studio.example' })).status).toBe(403)
  expect((await ask('/session', { cookie, origin: 'http://127.0.0.1:1' })).status).toBe(403)
  expect((await ask('/rpc/app/info', { cookie, origin: url.origin, method: 'POST' })).status).toBe(405)
})

test('only files of the built page can be read', async () => {
  const cookie = await sessionCookie()
  for (const path of [
    '/../main/index.js',
    '/%2e%2e/main/index.js',
    '/..%2fmain%2findex.js',
    '/%00',
    '/%zz',
    '/assets',
  ]) {
    expect((await ask(path, { cookie })).status, path).toBe(404)
  }
})

test.runIf(process.platform === 'linux')('without a display npm start says so, and Ctrl-C ends it', async () => {
  const own = startServer([])
  const [, reason] = await printed(own, /No desktop window \((.*)\).*token=/s)
  expect(reason).toBe('there is no display')
  own.kill('SIGINT')
  const [code] = await once(own, 'exit')
  expect(code).toBe(0)
})

test('cmaml serve gives the address as JSON, and Ctrl-C ends it in order', async () => {
  const own = startServer(['serve', '--json', '--no-open', '--db', join(folder, 'served.sqlite')], CMAML)
  const [line] = await printed(own, /^\{.*\}\n/)
  const address = JSON.parse(line) as { url: string; origin: string }
  expect(address.url).toContain(`${address.origin}/?token=`)
  expect((await fetch(address.origin)).status).toBe(401)
  expect((await fetch(address.url)).status).toBe(200)
  own.kill('SIGINT')
  const [code] = await once(own, 'exit')
  expect(code).toBe(0)
})

/** On a database that is not there. Without a display no browser of the developer opens. */
function startServer(args = ['--browser'], program = START): ChildProcess {
  const env = { ...process.env, DISPLAY: '', WAYLAND_DISPLAY: '', CMAML_DB: join(folder, 'runs.sqlite') }
  return spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'], env })
}

/** What the server has printed, as soon as it shows the pattern. */
async function printed(process: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  let output = ''
  for await (const chunk of process.stdout ?? []) {
    output += String(chunk)
    const found = pattern.exec(output)
    if (found !== null) return found
  }
  throw new Error(`The server ended without printing ${pattern}:\n${output}`)
}

async function sessionCookie(): Promise<string> {
  const [cookie = ''] = (await ask(`/${url.search}`)).headers['set-cookie'] ?? []
  expect(cookie).toContain('HttpOnly; SameSite=Strict')
  return cookie.split(';')[0] ?? ''
}

/** One bare HTTP request: fetch would not let a test forge Host, nor leave `..` in a path. */
async function ask(path: string, { method = 'GET', ...headers }: { method?: string; [header: string]: string } = {}) {
  const outgoing = request({ host: '127.0.0.1', port: url.port, path, method, headers }).end()
  const [response] = await once(outgoing, 'response')
  response.resume()
  return { status: response.statusCode as number, headers: response.headers as Record<string, string[] | undefined> }
}
