// `BrowserWindow` of the stand-in: a page of headless Chromium with the preload script in it.
import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type BrowserContext, type Page, type Route } from 'playwright-core'
import { CHROMIUM_FLAGS, findChromium } from '../setup/chromium.ts'
import { fromBrowserUrl, toBrowserUrl } from './app-url.ts'
import { app } from './app.ts'
import { installElectron } from './page-side.ts'
import { ipcMain, isCancelled, schemeHandlers } from './pages.ts'
import { isPrevented } from './preventable.ts'

interface WindowOptions {
  x?: number
  y?: number
  width?: number
  height?: number
  show?: boolean
  webPreferences?: { preload?: string }
}

let browser: Promise<BrowserContext> | undefined

/** One Chromium profile is Electron's default session. Its debugging port lets the test look at the same pages. */
function openBrowser(): Promise<BrowserContext> {
  const executablePath = findChromium()
  if (executablePath === undefined) throw new Error('No Chromium for the Electron stand-in.')
  if (browser !== undefined) return browser
  browser = chromium.launchPersistentContext(join(app.getPath('userData'), 'chromium'), {
    executablePath,
    headless: true,
    args: [...CHROMIUM_FLAGS, '--remote-debugging-port=0'],
    viewport: null,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  })
  app.endings.push(async () => (await browser)?.close())
  return browser
}

class WebContents extends EventEmitter {
  #openHandler: () => { action: 'allow' | 'deny' } = () => ({ action: 'allow' })
  #page: Page | undefined
  #sending: Promise<unknown> = Promise.resolve()
  isDestroyed = () => this.#page?.isClosed() ?? false
  getURL = () => fromBrowserUrl(this.#page?.url() ?? 'about:blank')
  reload = () => void this.#page?.reload()
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
  static getAllWindows = () => [...app.windows] as BrowserWindow[]
  readonly webContents = new WebContents()
  readonly #page: Promise<Page>
  readonly #bounds: { x: number; y: number; width: number; height: number }
  #visible: boolean
  #maximised = false
  #destroyed = false
  /** True while the main process itself navigates: Electron emits will-navigate for what the page wants only. */
  #loading = false

  constructor(options: WindowOptions = {}) {
    super()
    const { x = 0, y = 0, width = 800, height = 600, show = true } = options
    this.#bounds = { x, y, width, height }
    this.#visible = show
    app.windows.add(this)
    app.emit('web-contents-created', {}, this.webContents)
    this.#page = this.#open(options)
  }

  async #open(options: WindowOptions): Promise<Page> {
    const context = await openBrowser()
    const blank = context.pages().find((page) => page.url() === 'about:blank')
    const page = blank ?? (await context.newPage())
    await page.setViewportSize({ width: this.#bounds.width, height: this.#bounds.height })
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
    page.on('crash', () => this.webContents.emit('render-process-gone', {}, { reason: 'crashed' }))
    page.on('close', () => this.#closed())
    this.webContents.attach(page)
    return page
  }

  async #answer(route: Route): Promise<void> {
    const request = route.request()
    const url = fromBrowserUrl(request.url())
    // A request has no fragment, the page's router makes one.
    const reload = request.url() === request.frame().url().split('#')[0]
    if (request.isNavigationRequest() && !this.#loading && !reload) {
      const isMainFrame = request.frame().parentFrame() === null
      if (isPrevented(this.webContents, 'will-frame-navigate', { url, isMainFrame })) return route.abort('aborted')
      if (isMainFrame && isPrevented(this.webContents, 'will-navigate', { url })) return route.abort('aborted')
    }
    if (isCancelled(url)) return route.abort('blockedbyclient')
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

  /** What a click on the window's cross does. */
  close(): void {
    if (this.#destroyed) return
    if (isPrevented(this, 'close')) return
    this.destroy()
  }

  destroy(): void {
    void this.#page.then((page) => page.close())
    this.#closed()
  }

  #closed(): void {
    if (this.#destroyed) return
    this.#destroyed = true
    app.windows.delete(this)
    this.webContents.emit('destroyed')
    this.emit('closed')
    if (app.windows.size === 0) app.lastWindowClosed()
  }

  show(): void {
    this.#visible = true
    this.emit('show')
  }
  hide(): void {
    this.#visible = false
    this.emit('hide')
  }
  maximize(): void {
    this.#maximised = true
    this.emit('maximize')
  }
  setBounds(bounds: { x: number; y: number; width: number; height: number }): void {
    Object.assign(this.#bounds, bounds)
    this.emit('resize')
  }
  focus = () => {}
  restore = () => {}
  isVisible = () => this.#visible
  isFocused = () => false
  isMinimized = () => false
  isMaximized = () => this.#maximised
  isDestroyed = () => this.#destroyed
  getBounds = () => ({ ...this.#bounds })
  getNormalBounds = () => ({ ...this.#bounds })
}
