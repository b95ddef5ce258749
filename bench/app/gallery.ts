/** The gallery of 600 tasks: from its address to the first maps, and frames while it scrolls through all of them. */
import type { Browser } from 'playwright-core'
import { framesWhile } from './frames.ts'
import { median, type Measurement } from './measurement.ts'
import { leave, openApp, openPage } from './page.ts'
import type { Served } from './served.ts'

const CELL = '[role=grid][aria-label="Tasks"] [role=gridcell]'
/** 600 seeds of the more crowded world, whatever the direction of their goals. */
const ADDRESS = '#/tasks?from=1&to=600&arc=360'
const OPENINGS = 5
const WHEELS = 120

export async function scrollGallery(browser: Browser, served: Served): Promise<Measurement[]> {
  const opened = await openPage(browser)
  const { page } = opened
  await openApp(page, served.url)
  const openings: number[] = []
  for (let i = 0; i < OPENINGS; i++) {
    openings.push(await page.evaluate(timeToMaps, { address: ADDRESS, cell: CELL }))
    await leave(page)
    await page.locator(CELL).first().waitFor({ state: 'detached' })
  }
  await page.evaluate(timeToMaps, { address: ADDRESS, cell: CELL })
  await page.locator(CELL).first().hover()
  const idle = await framesWhile(page, () => page.waitForTimeout(1500))
  const before = await opened.busy()
  const { rate, count, longest } = await framesWhile(page, async () => {
    for (let i = 0; i < WHEELS; i++) await page.mouse.wheel(0, 150)
  })
  const busy = (await opened.busy()) - before
  await opened.close()
  return [
    {
      what: 'from the address to the first maps of 600 tasks, layouts included',
      unit: 'ms',
      result: median(openings),
      goal: 500,
      baseline: null,
    },
    {
      what: 'frames per second while the gallery scrolls',
      unit: 'per s',
      result: rate,
      goal: 50,
      atLeast: true,
      baseline: { what: 'the same page at rest', value: idle.rate },
    },
    { what: 'longest time between two of them', unit: 'ms', result: longest, goal: 100, baseline: null },
    // Fifty frames a second leave 20 ms each.
    { what: "the page's processor time per frame", unit: 'ms', result: busy / count, goal: 20, baseline: null },
  ]
}

/** Runs in the page. */
function timeToMaps({ address, cell }: { address: string; cell: string }): Promise<number> {
  const begun = performance.now()
  location.hash = address
  return new Promise((resolve, reject) => {
    const look = () => {
      if (document.querySelector(cell) !== null) requestAnimationFrame(() => resolve(performance.now() - begun))
      else if (performance.now() - begun > 30_000) {
        const shown = document.querySelector('main')?.textContent.slice(0, 200)
        reject(new Error(`No map was drawn at ${location.hash}, but: ${shown}`))
      } else requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  })
}
