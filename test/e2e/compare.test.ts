// Comparisons in the served page: from the list of runs to a figure, its tasks, its files, and back from a bundle.
import { readFile } from 'node:fs/promises'
import type { Browser, Download, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFailed, test } from 'vitest'
import { openStore } from '../../src/main/store/open.ts'
import { storeStudy } from '../main/services/compare/stored-study.ts'
import { launchBrowser, makeHome, openPage, type Home, type OpenedPage } from './served-app.ts'

const PATIENCE = { timeout: 120_000 }

describe('comparisons', PATIENCE, () => {
  let home: Home
  let browser: Browser
  let opened: OpenedPage
  let page: Page
  let address: string
  let runs: readonly string[]
  let zip: string
  /** Every step goes on where the one before it ended. */
  let isLost = false

  beforeAll(async () => {
    home = await makeHome()
    const store = await openStore(home.databaseFile, { appVersion: 'test', mode: 'create' })
    runs = storeStudy(store).runs
    store.close()
    browser = await launchBrowser()
    address = (await home.serve()).url
    opened = await openPage(browser, address)
    page = opened.page
  }, PATIENCE.timeout)
  afterAll(async () => {
    await browser?.close()
    await home?.remove()
  })
  beforeEach(({ skip }) => {
    skip(isLost, 'a step before this one failed')
    onTestFailed(() => {
      isLost = true
    })
  })

  const go = (to: string) => page.evaluate((hash) => void (window.location.hash = hash), `#${to}`)
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
  const heading = (name: string | RegExp) => page.getByRole('heading', { name, level: 1 })
  const centre = () => page.getByRole('region', { name: 'Adaptation', exact: true })
  const picture = () => centre().getByRole('img')
  const caption = (text: string | RegExp) => centre().getByText(text)
  const legend = (label: string) => centre().getByRole('button', { name: label, exact: true })
  const value = (quantity: string, label: string, step: number) =>
    centre().getByRole('button', { name: new RegExp(`^${quantity} of ${label} at step ${step}:`) })

  async function exported(entry: string): Promise<Download> {
    await page.getByRole('button', { name: 'Export', exact: true }).click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: entry, exact: true }).click(),
    ])
    return download
  }

  async function figureAs(format: string): Promise<string> {
    await page.getByRole('button', { name: 'Export', exact: true }).click()
    await page.getByRole('menuitem', { name: /^Figure/ }).click()
    const [download] = await Promise.all([page.waitForEvent('download'), button(format).click()])
    return download.path()
  }

  /** Other programs refuse what is no XML. Read in a page without a policy, which would refuse its styles. */
  async function xmlProblem(text: string): Promise<string | null> {
    const blank = await browser.newPage()
    try {
      return await blank.evaluate((svg) => {
        const parsed = new DOMParser().parseFromString(svg, 'image/svg+xml')
        return parsed.querySelector('parsererror')?.textContent ?? null
      }, text)
    } finally {
      await blank.close()
    }
  }

  /** What the browser writes where `window.print` would open its dialogue. */
  async function printed(press: () => Promise<void>): Promise<{ name: string; pdf: string }> {
    await page.evaluate(() => {
      window.print = () => void (document.body.dataset['printed'] = document.title)
    })
    await press()
    await page.locator('body[data-printed]').waitFor()
    const name = (await page.locator('body').getAttribute('data-printed'))!
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1')
    await page.evaluate(() => {
      delete document.body.dataset['printed']
      window.dispatchEvent(new Event('afterprint'))
    })
    return { name, pdf }
  }

  /** In points, [width, height]; of one page alone. */
  function pageSize(pdf: string): number[] {
    const boxes = [...pdf.matchAll(/\/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]/g)]
    expect(boxes).toHaveLength(1)
    return boxes[0]!.slice(1).map(Number)
  }

  test('what belongs together is offered, and opened by one click', async () => {
    await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Compare' }).click()
    await page.getByRole('link', { name: /2 initialisations x 4 tasks x 2 seeds/ }).click()
    await heading(/2 initialisations x 4 tasks x 2 seeds/).waitFor()
    expect(await picture().getAttribute('aria-label')).toMatch(/Episode return: C-MAML .* random/)
  })

  test('the worker resamples, under the policy of the page', async () => {
    await caption(/10,000 bootstrap resamples of whole runs and whole tasks/)
      .first()
      .waitFor()
    expect(opened.problems).toEqual([])
  })

  test('another band is named with N', async () => {
    await page.getByLabel('Line and band').selectOption('Mean ± SD over tasks')
    await caption(/N = 4 tasks of environment-2 .* 2 seeds.*one standard deviation across 4 tasks/s).waitFor()
  })

  test('held-out tasks alone', async () => {
    await page.getByLabel('Tasks', { exact: true }).selectOption('Held-out tasks (1)')
    await caption(/N = 1 task of environment-2/).waitFor()
    await page.getByLabel('Tasks', { exact: true }).selectOption('All tasks (4)')
    await caption(/N = 4 tasks/).waitFor()
  })

  test('the keyboard reads steps', async () => {
    await centre()
      .getByRole('group', { name: /^Episode cost: arrow keys/ })
      .focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('ArrowRight')
    await value('Episode return', 'C-MAML', 1).waitFor()
  })

  test('an initialisation is hidden and shown again', async () => {
    await legend('random').click()
    await centre().getByRole('cell', { name: 'hidden' }).waitFor()
    expect(await picture().getAttribute('aria-label')).not.toContain('random')
    await legend('random').click()
    await value('Episode cost', 'random', 1).waitFor()
  })

  test('a value opens the tasks behind it, with ways to each', async () => {
    await value('Episode cost', 'random', 1).click()
    const dialog = page.getByRole('dialog', { name: 'Cost of random at step 1' })
    await dialog.waitFor()
    expect(await dialog.getByRole('row').count()).toBe(5)
    // The worst stand first; the heads of columns turn the order.
    const seeds = () => dialog.getByRole('rowheader').allTextContents()
    const costs = async () => (await dialog.locator('tbody td:nth-child(3)').allTextContents()).map(Number)
    expect(await costs()).toEqual((await costs()).toSorted((a, b) => b - a))
    await dialog.getByRole('button', { name: 'random' }).click()
    expect(await costs()).toEqual((await costs()).toSorted((a, b) => a - b))
    await dialog.getByRole('button', { name: 'Task' }).click()
    expect(await seeds()).toEqual(['1', '3', '5', '301'])
    expect(await dialog.getByRole('columnheader', { name: 'Task' }).getAttribute('aria-sort')).toBe('ascending')
    expect(await dialog.getByRole('link', { name: 'Replays of task 301' }).getAttribute('href')).toContain(
      `figure9=301&runs=${runs.join(',')}`,
    )
    await dialog.getByRole('link', { name: '301', exact: true }).click()
    await heading('Task 301').waitFor()
    await page.goBack()
    await picture().waitFor()
  })

  test('the figure as CSV of what is drawn, and as SVG in millimetres with its words', async () => {
    const rows = (await readFile(await figureAs('CSV of what is drawn'), 'utf8')).trim().split('\r\n')
    // Both initialisations, steps 0 to 2.
    expect(rows).toHaveLength(1 + 2 * 3)
    expect(rows[0]).toContain('initialisation,step,return,return_low,return_high,cost')
    const svg = await readFile(await figureAs('SVG'), 'utf8')
    expect(await xmlProblem(svg)).toBeNull()
    expect(svg).toContain('width="175mm" height="90mm"')
    expect(svg).toMatch(/<text[^>]*>C-MAML<\/text>/)
    expect(svg).toContain('N = 4 tasks')
    expect((await readFile(await figureAs('PNG'))).subarray(1, 4).toString()).toBe('PNG')
  })

  test('the figure as PDF: a page of its own size, its words as text and its lines as lines', async () => {
    await page.getByRole('button', { name: 'Export', exact: true }).click()
    await page.getByRole('menuitem', { name: /^Figure/ }).click()
    const { name, pdf } = await printed(() => button('Print, PDF').click())
    expect(name).toMatch(/2 initialisations x 4 tasks x 2 seeds/)
    const [width, height] = pageSize(pdf)
    // 175 mm x 90 mm
    expect(width).toBeCloseTo((175 * 72) / 25.4, 0)
    expect(height).toBeCloseTo((90 * 72) / 25.4, 0)
    expect(pdf).toMatch(/\/BaseFont/)
    expect(pdf).not.toMatch(/\/Subtype ?\/Image/)
    // Nothing of it stays in the page.
    expect(await page.locator('.printed-picture').count()).toBe(0)
    expect(opened.problems).toEqual([])
  })

  test('a panel as SVG that other programs read, and as PDF', async () => {
    const choose = async (entry: RegExp) => {
      await button('Return against cost, task by task: actions').click()
      await page.getByRole('menuitem', { name: entry }).click()
    }
    const [download] = await Promise.all([page.waitForEvent('download'), choose(/^Save as SVG/)])
    expect(await xmlProblem(await readFile(await download.path(), 'utf8'))).toBeNull()
    const { name, pdf } = await printed(() => choose(/^Print, PDF, double column/))
    expect(name).toBe('Return against cost, task by task')
    expect(pageSize(pdf)[0]).toBeCloseTo((175 * 72) / 25.4, 0)
    expect(pdf).toMatch(/\/BaseFont/)
  })

  test('is saved with its layout, renamed and annotated', async () => {
    await button('Save').click()
    await page.getByRole('textbox', { name: 'Name' }).fill('First look')
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await heading('First look').waitFor()
    await page.getByLabel('Line and band').selectOption('Mean ± SD over seeds')
    await page.getByRole('textbox', { name: 'Notes' }).fill('C-MAML stays below the limit.')
    await page.getByText('Saved', { exact: true }).waitFor()
    await button('More actions').click()
    await page.getByRole('menuitem', { name: 'Rename' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('Second look')
    await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click()
    await heading('Second look').waitFor()
  })

  test('as a report and as a zip', async () => {
    const report = await readFile(await (await exported('Report (HTML)')).path(), 'utf8')
    expect(report).toContain('Second look')
    const bundle = await exported('Bundle (zip)')
    zip = await bundle.path()
    expect((await readFile(zip)).subarray(0, 2).toString()).toBe('PK')
  })

  test('comes back as it was left', async () => {
    await go('/compare')
    await page.getByRole('link', { name: 'Second look' }).click()
    await heading('Second look').waitFor()
    expect(await page.getByLabel('Line and band').locator('option:checked').textContent()).toContain('SD over seeds')
    expect(await page.getByRole('textbox', { name: 'Notes' }).inputValue()).toBe('C-MAML stays below the limit.')
  })

  test('is deleted, and brought back', async () => {
    await go('/compare')
    await button('Actions for Second look').click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await page.getByRole('link', { name: 'Second look' }).waitFor({ state: 'detached' })
    await button('Undo').click()
    await page.getByRole('link', { name: 'Second look' }).waitFor()
  })

  test('from selected runs by one key', async () => {
    await go('/')
    await page.getByLabel('Filter the runs').fill('kind:fine-tune')
    await page.getByRole('grid', { name: 'Runs' }).focus()
    await page.keyboard.press('Control+a')
    await page.keyboard.press('c')
    await heading(/2 initialisations x 4 tasks x 2 seeds/).waitFor()
  })

  test('two trainings from the table of runs', async () => {
    await go('/')
    await page.getByLabel('Filter the runs').fill('kind:train')
    await page.getByRole('grid', { name: 'Runs' }).focus()
    await page.keyboard.press('Control+a')
    await page.keyboard.press('c')
    await heading('Trainings beside each other').waitFor()
    const table = page.getByRole('region', { name: 'Results of trainings' }).getByRole('table')
    await table.waitFor()
    expect(await table.getByRole('row').count()).toBeGreaterThan(1)
    expect(opened.problems).toEqual([])
  })

  test('the menu of a chart that fills the screen is on the screen', async () => {
    const chart = page.getByRole('region', { name: /^Episode return/ }).first()
    await chart.getByRole('button', { name: 'actions' }).click()
    await page.getByRole('menuitem', { name: 'Full screen' }).click()
    await page.waitForFunction(() => document.fullscreenElement !== null)
    await chart.getByRole('button', { name: 'actions' }).click()
    await page.getByRole('menuitem', { name: 'Leave full screen' }).click()
    await page.waitForFunction(() => document.fullscreenElement === null)
  })

  test('another installation opens the zip', async () => {
    const other = await makeHome()
    try {
      const elsewhere = (await openPage(browser, (await other.serve()).url)).page
      await elsewhere.getByRole('link', { name: 'Compare' }).click()
      await elsewhere.getByRole('heading', { name: 'Nothing to compare yet' }).waitFor()
      await elsewhere
        .getByLabel('Bundle to import')
        .setInputFiles({ name: 'second-look.zip', mimeType: 'application/zip', buffer: await readFile(zip) })
      await elsewhere.getByRole('heading', { name: 'Second look', level: 1 }).waitFor()
      expect(await elsewhere.getByRole('textbox', { name: 'Notes' }).inputValue()).toBe('C-MAML stays below the limit.')
    } finally {
      await other.remove()
    }
  })

  test('a panel that cannot be loaded says so in its place, and can be tried again', async () => {
    const { page: other } = await openPage(browser, address)
    try {
      await other.route('**/ViolationTotals*.js', (route) => route.abort())
      // Panels are loaded when they come into view.
      await other.setViewportSize({ width: 1440, height: 7000 })
      await other.evaluate((to) => void (window.location.hash = to), `#/compare?runs=${runs.join(',')}`)
      const failed = other.getByRole('region', { name: 'Violation totals' })
      await failed.getByText(/This panel failed/).waitFor()
      // Those around it stay.
      await other.getByRole('table', { name: 'Paired differences' }).waitFor()
      await other.unroute('**/ViolationTotals*.js')
      await failed.getByRole('button', { name: 'Try again' }).click()
      await other.getByRole('table', { name: 'Violation totals' }).waitFor()
      expect(await other.getByText(/This panel failed/).count()).toBe(0)
    } finally {
      await other.context().close()
    }
  })

  test('what cannot be compared says why', async () => {
    await go('/compare?runs=none')
    await page.getByRole('heading', { name: 'This cannot be compared' }).waitFor()
    expect(opened.problems).toEqual([])
  })
})
