/** A page of Chromium with its meters: processor time of its main thread, and memory. */
import type { Browser, CDPSession, Page } from 'playwright-core'

/** Lines of runs; lines of groups have no run. */
export const RUN_LINE = '[role=row][data-run]'
export const GRID = '[role=grid][aria-label="Runs"]'

export interface MeteredPage {
  readonly page: Page
  /** Processor time of the main thread since it began (ms): what others do on the machine does not count. */
  busy(): Promise<number>
  /** MB of JavaScript objects that are in use, after a collection of garbage; and nodes of the document. */
  memory(): Promise<{ readonly heap: number; readonly nodes: number }>
  close(): Promise<void>
}

/** In a context of its own, so that nothing is in a cache. */
export async function openPage(browser: Browser): Promise<MeteredPage> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  const session = await context.newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  return {
    page,
    busy: async () => 1000 * (await metric(session, 'TaskDuration')),
    async memory() {
      await session.send('HeapProfiler.collectGarbage')
      return { heap: (await metric(session, 'JSHeapUsedSize')) / 2 ** 20, nodes: await metric(session, 'Nodes') }
    },
    close: () => context.close(),
  }
}

/** Opens the app and waits for its first screen. */
export async function openApp(page: Page, url: string): Promise<void> {
  await page.goto(url)
  await page.getByRole('heading', { name: 'Runs', level: 1 }).waitFor()
}

/** To a screen without charts or maps; what was looked at is gone then. */
export async function leave(page: Page): Promise<void> {
  await page.evaluate(() => void (location.hash = '#/settings'))
  await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor()
}

async function metric(session: CDPSession, name: string): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics')
  return metrics.find((entry) => entry.name === name)!.value
}
