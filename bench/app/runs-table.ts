/** The table of 10,000 runs: from nothing to its first lines, and from a key to the filtered lines. */
import type { Browser } from 'playwright-core'
import { median, type Measurement } from './measurement.ts'
import { GRID, openPage, RUN_LINE } from './page.ts'
import type { Served } from './served.ts'

const STARTS = 5
const FILTERS = ['sweep', 'cost<5', 'algo:cpo tag:paper', 'baseline return>10', 'horizon 99']

export async function coldStart(browser: Browser, served: Served): Promise<Measurement[]> {
  const [walls, busy, plain]: number[][] = [[], [], []]
  for (let i = 0; i < STARTS; i++) {
    const blank = await openPage(browser)
    const begunPlain = performance.now()
    // The same server and browser, a document without a program.
    await blank.page.goto(`${served.origin}/icon.svg`)
    plain!.push(performance.now() - begunPlain)
    await blank.close()
    const opened = await openPage(browser)
    const begun = performance.now()
    await opened.page.goto(served.url)
    await opened.page.locator(RUN_LINE).first().waitFor()
    walls!.push(performance.now() - begun)
    busy!.push(await opened.busy())
    await opened.close()
  }
  const baseline = { what: 'a document without a program', value: median(plain!) }
  return [
    { what: 'cold start to the table of 10,000 runs', unit: 'ms', result: median(walls!), goal: 1500, baseline },
    { what: "of it, the page's processor time", unit: 'ms', result: median(busy!), goal: 1500, baseline: null },
  ]
}

export async function filterRuns(browser: Browser, served: Served): Promise<Measurement[]> {
  const opened = await openPage(browser)
  const { page } = opened
  await page.goto(served.url)
  await page.locator(RUN_LINE).first().waitFor()
  const field = page.getByLabel('Filter the runs')
  await field.focus()
  const [walls, busy]: number[][] = [[], []]
  for (const text of FILTERS) {
    for (const value of [text, '']) {
      const before = await opened.busy()
      walls!.push(await page.evaluate(timeToFiltered, { grid: GRID, value }))
      busy!.push((await opened.busy()) - before)
    }
  }
  await field.fill('')
  const naive = await page.evaluate(timeOfPlainTable, 10_000)
  await opened.close()
  return [
    {
      what: '10,000 runs filtered, until the lines are drawn',
      unit: 'ms',
      result: median(walls!),
      goal: 100,
      baseline: { what: 'a plain table of 10,000 lines drawn', value: naive },
    },
    { what: "of it, the page's processor time", unit: 'ms', result: median(busy!), goal: 100, baseline: null },
  ]
}

/** Runs in the page. From the key to the frame after the number of lines changed. */
function timeToFiltered({ grid, value }: { grid: string; value: string }): Promise<number> {
  const field = document.activeElement as HTMLInputElement
  const count = () => document.querySelector(grid)?.getAttribute('aria-rowcount')
  const before = count()
  const begun = performance.now()
  field.value = value
  field.dispatchEvent(new Event('input', { bubbles: true }))
  return new Promise((resolve, reject) => {
    const look = () => {
      if (count() !== before) requestAnimationFrame(() => resolve(performance.now() - begun))
      else if (performance.now() - begun > 10_000) reject(new Error(`The filter ${value} changed nothing.`))
      else requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  })
}

/** Runs in the page. */
function timeOfPlainTable(lines: number): number {
  const begun = performance.now()
  const table = document.createElement('table')
  for (let line = 0; line < lines; line++) {
    const row = table.insertRow()
    for (let cell = 0; cell < 12; cell++) row.insertCell().textContent = `${line * cell}`
  }
  document.body.append(table)
  table.getBoundingClientRect()
  const took = performance.now() - begun
  table.remove()
  return took
}
