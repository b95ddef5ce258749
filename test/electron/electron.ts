// A stand-in for the `electron` module in the main process, for tests on machines without Electron's binary: the main
// process is this Node, every BrowserWindow a page of headless Chromium. It has what src/main/app uses and no more.
//
// What it cannot show: the preload script shares the page's world, so context isolation and the sandbox are not proven
// here; nor are native menus, permission requests and the single-instance lock.
import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type BrowserContext, type Page, type Route } from 'playwright-core'
import { CHROMIUM_FLAGS, findChromium } from '../setup/chromium.ts'
import { fromBrowserUrl, toBrowserUrl } from './app-url.ts'
import { installElectron } from './page-side.ts'

type SchemeHandler = (request: Request) => Response | Promise<Response>

interface WindowOptions {
  width?: number
  height?: number
  webPreferences?: { preload?: string }
}

const userData =
  process.argv.find((argument) => argument.startsWith('--user-data-dir='))?.split('=')[1] ??
  join(tmpdir(), `electron-stand-in-${process.pid}`)
const windows = new Set<BrowserWindow>()
const schemeHandlers = new Map<string, SchemeHandler>()

let browser: Promise<BrowserContext> | undefined

/** One Chromium profile is Electron's default session. Its debugging port lets the test look at the same pages. */
function openBrowser(): Promise<BrowserContext> {
  const executablePath = findChromium()
  if (executablePath === undefined) throw new Error('No Chromium for the Electron stand-in.')
  browser ??= chromium.launchPersistentContext(join(userData, 'chromium'), {
    executablePath,
    headless: true,
    args: [...CHROMIUM_FLAGS, '--remote-debugging-port=0'],
    viewport: null,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  })
  return browser
}

class App extends EventEmitter {
  #ready = false
  readonly #whenReady = new Promise<void>((ready) => {
    setImmediate(() => {
      this.#ready = true
      ready()
    })
  })
  whenReady = () => this.#whenReady
  isReady = () => this.#ready
  getPath = (name: string) => (name === 'userData' ? userData : join(userData, name))
  requestSingleInstanceLock = () => true
  quit = () => void this.#close(0)
  exit = (code = 0) => void this.#close(code)

  async #close(code: number): Promise<void> {
    if (browser !== undefined) await (await browser).close()
    process.exit(code)
  }
}

class WebContents extends EventEmitter {
  #openHandler: () => { action: 'allow' | 'deny' } = () => ({ action: 'allow' })
  #page: Page | undefined
  #sending: Promise<unknown> = Promise.resolve()
  isDestroyed = () => this.#page?.isClosed() ?? false
  setWindowOpenHandler = (handler: () => { action: 'allow' | 'deny' }) => void (this.#openHandler = handler)

  /** Electron would throw on what cannot be cloned; so does this. Messages keep their order. */
  send(channel: string, ...messages: unknown[]): void {
    const copies = structuredClone(messages)
    this.#sending = this.#sending
      .then(() =>
        this.#page?.evaluate(([to, values]) => window.electronStandIn?.(to, values), [channel, copies] as const),
      )
      .catch((error: unknown) => {
        if (!this.isDestroyed()) console.error(error)
      })
  }

  attach(page: Page): void {
    this.#page = page
    page.on('popup', (popup) => {
      if (this.#openHandler().action === 'deny') void popup.close()
    })
  }
}

export class BrowserWindow extends EventEmitter {
  static getAllWindows = () => [...windows]
  readonly webContents = new WebContents()
  readonly #page: Promise<Page>
  /** True while the main process itself navigates: Electron emits will-navigate for what the page wants only. */
  #loading = false

  constructor(options: WindowOptions = {}) {
    super()
    windows.add(this)
    app.emit('web-contents-created', {}, this.webContents)
    this.#page = this.#open(options)
  }

  async #open(options: WindowOptions): Promise<Page> {
    const context = await openBrowser()
    const blank = context.pages().find((page) => page.url() === 'about:blank')
    const page = blank ?? (await context.newPage())
    await page.setViewportSize({ width: options.width ?? 800, height: options.height ?? 600 })
    await page.exposeBinding('electronStandInSend', ({ frame }, channel: string, messages: unknown[]) => {
      const senderFrame = { url: fromBrowserUrl(frame.url()), parent: frame.parentFrame() }
      ipcMain.emit(channel, { sender: this.webContents, senderFrame }, ...messages)
    })
    const preload = options.webPreferences?.preload
    if (preload !== undefined) {
      const source = readFileSync(preload, 'utf8')
      await page.addInitScript({
        content: `(${installElectron.toString()})(function (require, module, exports) { ${source}\n})`,
      })
    }
    await page.route('**/*', (route) => this.#answer(route))
    page.on('console', (message) => {
      if (message.type() === 'error') console.error(`[page] ${message.text()}`)
    })
    page.on('pageerror', (error) => console.error('[page]', error))
    page.on('load', () => this.emit('ready-to-show'))
    page.on('close', () => {
      windows.delete(this)
      this.webContents.emit('destroyed')
      if (windows.size === 0) app.emit('window-all-closed')
    })
    this.webContents.attach(page)
    return page
  }

  async #answer(route: Route): Promise<void> {
    const request = route.request()
    const url = fromBrowserUrl(request.url())
    const reload = request.url() === request.frame().url()
    if (request.isNavigationRequest() && request.frame().parentFrame() === null && !this.#loading && !reload) {
      let prevented = false
      this.webContents.emit('will-navigate', { url, preventDefault: () => (prevented = true) })
      if (prevented) return route.abort('aborted')
    }
    const handler = schemeHandlers.get(new URL(url).protocol.slice(0, -1))
    // Nothing in these tests comes from the network.
    if (handler === undefined) return route.abort('addressunreachable')
    const response = await handler(new Request(url, { method: request.method() }))
    await route.fulfill({
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: Buffer.from(await response.arrayBuffer()),
    })
  }

  async loadURL(url: string): Promise<void> {
    const page = await this.#page
    this.#loading = true
    await page.goto(toBrowserUrl(url)).finally(() => (this.#loading = false))
  }

  show = () => {}
  focus = () => {}
  restore = () => {}
  isMinimized = () => false
}

export const app = new App()
export const ipcMain = new EventEmitter()
export const nativeTheme = { shouldUseDarkColors: false }
export const protocol = {
  registerSchemesAsPrivileged: () => {},
  handle: (scheme: string, handler: SchemeHandler) => void schemeHandlers.set(scheme, handler),
}
export const session = {
  defaultSession: { setPermissionRequestHandler: () => {}, setPermissionCheckHandler: () => {} },
}
