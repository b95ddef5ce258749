// A comparison that is kept: saved with its layout, found again, deleted and brought back, and opened elsewhere.
import { readFile } from 'node:fs/promises'
import type { Download } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { storeStudy } from '../main/services/compare/stored-study.ts'
import { fillStore, goTo, openApp, PATIENCE, stepByStep } from './opened-app.ts'
import { openComparison } from './opened-comparison.ts'
import { makeHome, openPage } from './served-app.ts'

describe('a saved comparison', PATIENCE, () => {
  let runs: readonly string[]
  const app = openApp((home) =>
    fillStore(home, (store) => {
      runs = storeStudy(store).runs
    }),
  )
  const { button, heading } = app
  let zip: string
  stepByStep()
  beforeAll(async () => {
    await openComparison(app, runs)
  }, PATIENCE.timeout)

  async function exported(entry: string): Promise<Download> {
    await app.page.getByRole('button', { name: 'Export', exact: true }).click()
    const [download] = await Promise.all([
      app.page.waitForEvent('download'),
      app.page.getByRole('menuitem', { name: entry, exact: true }).click(),
    ])
    return download
  }

  test('is saved with its layout, renamed and annotated', async () => {
    await button('Save').click()
    await app.page.getByRole('textbox', { name: 'Name' }).fill('First look')
    await app.page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await heading('First look').waitFor()
    await app.page.getByLabel('Line and band').selectOption('Mean ± SD over seeds')
    await app.page.getByRole('textbox', { name: 'Notes' }).fill('C-MAML stays below the limit.')
    await app.page.getByText('Saved', { exact: true }).waitFor()
    await button('More actions').click()
    await app.page.getByRole('menuitem', { name: 'Rename' }).click()
    await app.page.getByRole('textbox', { name: 'Name' }).fill('Second look')
    await app.page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click()
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
    await goTo(app.page, '/compare')
    await app.page.getByRole('link', { name: 'Second look' }).click()
    await heading('Second look').waitFor()
    expect(await app.page.getByLabel('Line and band').locator('option:checked').textContent()).toContain(
      'SD over seeds',
    )
    expect(await app.page.getByRole('textbox', { name: 'Notes' }).inputValue()).toBe('C-MAML stays below the limit.')
  })

  test('is deleted, and brought back', async () => {
    await goTo(app.page, '/compare')
    await button('Actions for Second look').click()
    await app.page.getByRole('menuitem', { name: 'Delete' }).click()
    await app.page.getByRole('link', { name: 'Second look' }).waitFor({ state: 'detached' })
    await button('Undo').click()
    await app.page.getByRole('link', { name: 'Second look' }).waitFor()
  })

  test('another installation opens the zip', async () => {
    const other = await makeHome()
    try {
      const elsewhere = (await openPage(app.browser, (await other.serve()).url)).page
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
})
