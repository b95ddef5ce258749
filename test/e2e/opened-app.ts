// What a journey starts from: an app of its own, served and open in a browser as long as its tests run.
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, onTestFailed } from 'vitest'
import { openStore } from '../../src/main/store/open.ts'
import type { Store } from '../../src/main/store/store.ts'
import { launchBrowser, makeHome, openPage, type Home, type OpenedPage } from './served-app.ts'

/** Of a journey's start and of each of its steps, training included (ms). */
export const PATIENCE = { timeout: 120_000 }

/** Known once the tests run. */
export interface OpenedApp extends OpenedPage {
  readonly home: Home
  readonly browser: Browser
  readonly url: string
  readonly button: (name: string | RegExp) => Locator
  /** Of the screen. */
  readonly heading: (name: string | RegExp) => Locator
  /** Follows the navigation. */
  readonly screen: (name: string) => Promise<void>
}

/** @param prepare what happens in its home before it is served */
export function openApp(prepare: (home: Home) => Promise<unknown> = async () => {}): OpenedApp {
  let home: Home
  let browser: Browser
  let url: string
  let opened: OpenedPage
  beforeAll(async () => {
    home = await makeHome()
    await prepare(home)
    browser = await launchBrowser()
    url = (await home.serve()).url
    opened = await openPage(browser, url)
  }, PATIENCE.timeout)
  afterAll(async () => {
    await browser?.close()
    await home?.remove()
  })
  return {
    get home() {
      return home
    },
    get browser() {
      return browser
    },
    get url() {
      return url
    },
    get page() {
      return opened.page
    },
    get problems() {
      return opened.problems
    },
    button: (name) => opened.page.getByRole('button', { name, exact: true }),
    heading: (name) => opened.page.getByRole('heading', { name, level: 1 }),
    screen: (name) => opened.page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name }).click(),
  }
}

/** Every step goes on where the one before it ended: after one that failed the others are skipped. */
export function stepByStep(): void {
  let isLost = false
  beforeEach(({ skip }) => {
    skip(isLost, 'a step before this one failed')
    onTestFailed(() => {
      isLost = true
    })
  })
}

/** Fills the database of an app that is not served yet. */
export async function fillStore<T>({ databaseFile }: Home, fill: (store: Store) => T): Promise<T> {
  const store = await openStore(databaseFile, { appVersion: 'test', mode: 'create' })
  try {
    return fill(store)
  } finally {
    store.close()
  }
}

/** @param address of a screen: what stands behind the # of the page's own */
export const goTo = (page: Page, address: string): Promise<void> =>
  page.evaluate((hash) => void (window.location.hash = hash), `#${address}`)
