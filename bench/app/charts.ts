/** Charts of a training of 1,000,000 iterations: opened from the table, and moved. */
import type { Browser, Page } from 'playwright-core'
import { readWholeSeries } from './databases.ts'
import { framesWhile } from './frames.ts'
import { median, type Measurement } from './measurement.ts'
import { openPage, RUN_LINE } from './page.ts'
import type { Served } from './served.ts'

const OPENINGS = 5
const PAN_STEPS = 120
/** The part of a chart that hears the pointer. */
const PLOT = '[role=group][aria-label*="arrow keys"]'

export async function openCharts(browser: Browser, served: Served, database: string): Promise<Measurement[]> {
  const opened = await openPage(browser)
  const { page } = opened
  await page.goto(served.url)
  const id = await idOf(page, 'long')
  const [walls, complete, busy, server]: number[][] = [[], [], [], []]
  for (let i = 0; i <= OPENINGS; i++) {
    const before = await opened.busy()
    const serverBefore = served.busy() ?? Number.NaN
    const { first, all } = await page.evaluate(timeToCharts, `#/run/${id}`)
    walls!.push(first)
    complete!.push(all)
    busy!.push((await opened.busy()) - before)
    server!.push((served.busy() ?? Number.NaN) - serverBefore)
    await page.evaluate(() => (location.hash = '#/'))
    await page.locator(RUN_LINE).first().waitFor()
  }
  await opened.close()
  const [first, ...later] = walls!
  return [
    {
      what: 'charts over 1,000,000 iterations opened',
      unit: 'ms',
      result: median(later),
      goal: 300,
      baseline: { what: 'every value of 7 metrics read (processor time)', value: readWholeSeries(database) },
    },
    {
      what: 'until all charts in view are drawn',
      unit: 'ms',
      result: median(complete!.slice(1)),
      goal: null,
      baseline: null,
    },
    { what: 'the first time, with the code of the charts', unit: 'ms', result: first!, goal: null, baseline: null },
    {
      what: "of the later ones, the page's processor time",
      unit: 'ms',
      result: median(busy!.slice(1)),
      goal: 300,
      baseline: null,
    },
    {
      what: "of the later ones, the server's processor time",
      unit: 'ms',
      result: median(server!.slice(1)),
      goal: null,
      baseline: null,
    },
  ]
}

export async function panCharts(browser: Browser, served: Served): Promise<Measurement[]> {
  const opened = await openPage(browser)
  const { page } = opened
  await page.goto(served.url)
  await page.evaluate(timeToCharts, `#/run/${await idOf(page, 'long')}`)
  const plot = page.locator(PLOT).first()
  await plot.focus()
  for (let i = 0; i < 4; i++) await page.keyboard.press('+')
  await page.waitForTimeout(1000)
  const idle = (await framesWhile(page, () => page.waitForTimeout(1500))).rate
  const { x, y, width, height } = (await plot.boundingBox())!
  await page.mouse.move(x + width / 2, y + height / 2)
  await page.mouse.down()
  const before = await opened.busy()
  const { rate, count } = await framesWhile(page, async () => {
    for (let i = 0; i < PAN_STEPS; i++) await page.mouse.move(x + width * (0.5 + 0.3 * Math.sin(i / 9)), y + height / 2)
  })
  const busy = (await opened.busy()) - before
  await page.mouse.up()
  await opened.close()
  return [
    {
      what: 'frames per second while the charts are moved',
      unit: 'per s',
      result: rate,
      goal: 50,
      atLeast: true,
      baseline: { what: 'the same page at rest', value: idle },
    },
    // Fifty frames a second leave 20 ms each.
    { what: "the page's processor time per frame", unit: 'ms', result: busy / count, goal: 20, baseline: null },
  ]
}

async function idOf(page: Page, name: string): Promise<string> {
  await page.getByLabel('Filter the runs').fill(`"${name}"`)
  const line = page.locator(RUN_LINE).filter({ has: page.getByText(name, { exact: true }) })
  const id = await line.first().getAttribute('data-run')
  await page.getByLabel('Filter the runs').fill('')
  return id!
}

/** Runs in the page. Until something is drawn on the first chart, and on every chart in view. */
function timeToCharts(hash: string): Promise<{ first: number; all: number }> {
  const begun = performance.now()
  location.hash = hash
  const isDrawn = (chart: Element) => {
    const canvas = chart.querySelector('canvas')
    if (canvas === null || canvas.width === 0) return false
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
    for (let i = 3; i < data.length; i += 4) if (data[i] !== 0) return true
    return false
  }
  const isInView = (chart: Element) => chart.getBoundingClientRect().top < innerHeight
  let first = 0
  return new Promise((resolve, reject) => {
    const look = () => {
      const charts = [...document.querySelectorAll('[role=img][aria-label]')].filter(isInView)
      if (first === 0 && charts[0] !== undefined && isDrawn(charts[0])) first = performance.now() - begun
      if (first > 0 && charts.every(isDrawn)) resolve({ first, all: performance.now() - begun })
      else if (performance.now() - begun > 30_000) reject(new Error('No chart was drawn.'))
      else requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  })
}
