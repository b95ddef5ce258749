// A comparison's figure and panels as files: what other programs read, and what is printed.
import { readFile } from 'node:fs/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { storeStudy } from '../main/services/compare/stored-study.ts'
import { fillStore, openApp, PATIENCE } from './opened-app.ts'
import { openComparison } from './opened-comparison.ts'

describe('files of a comparison', PATIENCE, () => {
  let runs: readonly string[]
  const app = openApp((home) =>
    fillStore(home, (store) => {
      runs = storeStudy(store).runs
    }),
  )
  const { button } = app
  beforeAll(async () => {
    await openComparison(app, runs)
  }, PATIENCE.timeout)

  async function figureAs(format: string): Promise<string> {
    await app.page.getByRole('button', { name: 'Export', exact: true }).click()
    await app.page.getByRole('menuitem', { name: /^Figure/ }).click()
    const [download] = await Promise.all([app.page.waitForEvent('download'), button(format).click()])
    return download.path()
  }

  /** Other programs refuse what is no XML. Read in a page without a policy, which would refuse its styles. */
  async function xmlProblem(text: string): Promise<string | null> {
    const blank = await app.browser.newPage()
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
    await app.page.evaluate(() => {
      window.print = () => void (document.body.dataset['printed'] = document.title)
    })
    await press()
    await app.page.locator('body[data-printed]').waitFor()
    const name = (await app.page.locator('body').getAttribute('data-printed'))!
    const pdf = (await app.page.pdf({ preferCSSPageSize: true })).toString('latin1')
    await app.page.evaluate(() => {
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

  test('the figure as CSV of what is drawn, and as SVG in millimetres with its words', async () => {
    const rows = (await readFile(await figureAs('CSV of what is drawn'), 'utf8')).trim().split('\r\n')
    // Both initialisations, steps 0 to 2, and the limit.
    expect(rows).toHaveLength(1 + 2 * 3 + 1)
    expect(rows.at(-1)).toMatch(/^limit d,.*,5,/)
    expect(rows[0]).toContain('initialisation,step,return,return_low,return_high,cost')
    const svg = await readFile(await figureAs('SVG'), 'utf8')
    expect(await xmlProblem(svg)).toBeNull()
    expect(svg).toContain('width="175mm" height="90mm"')
    expect(svg).toMatch(/<text[^>]*>C-MAML<\/text>/)
    expect(svg).toContain('N = 4 tasks')
    expect((await readFile(await figureAs('PNG'))).subarray(1, 4).toString()).toBe('PNG')
  })

  test('the figure as PDF: a page of its own size, its words as text and its lines as lines', async () => {
    await app.page.getByRole('button', { name: 'Export', exact: true }).click()
    await app.page.getByRole('menuitem', { name: /^Figure/ }).click()
    const { name, pdf } = await printed(() => button('Print, PDF').click())
    expect(name).toMatch(/2 initialisations x 4 tasks x 2 seeds/)
    const [width, height] = pageSize(pdf)
    // 175 mm x 90 mm
    expect(width).toBeCloseTo((175 * 72) / 25.4, 0)
    expect(height).toBeCloseTo((90 * 72) / 25.4, 0)
    expect(pdf).toMatch(/\/BaseFont/)
    expect(pdf).not.toMatch(/\/Subtype ?\/Image/)
    // Nothing of it stays in the app.page.
    expect(await app.page.locator('.printed-picture').count()).toBe(0)
    expect(app.problems).toEqual([])
  })

  test('a panel as SVG that other programs read, and as PDF', async () => {
    const choose = async (entry: RegExp) => {
      await button('Return against cost, task by task: actions').click()
      await app.page.getByRole('menuitem', { name: entry }).click()
    }
    const [download] = await Promise.all([app.page.waitForEvent('download'), choose(/^Save as SVG/)])
    expect(await xmlProblem(await readFile(await download.path(), 'utf8'))).toBeNull()
    const { name, pdf } = await printed(() => choose(/^Print, PDF, double column/))
    expect(name).toBe('Return against cost, task by task')
    expect(pageSize(pdf)[0]).toBeCloseTo((175 * 72) / 25.4, 0)
    expect(pdf).toMatch(/\/BaseFont/)
  })
})
