// What comes with the program, from the empty state: the paper's comparison, its replays, its tasks, and a policy as a file.
import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { openApp, PATIENCE } from './opened-app.ts'

describe('the demonstration project', PATIENCE, () => {
  const app = openApp()
  const { heading, screen } = app

  /** Right edge of what is widest in a replay (px). */
  const rightmost = () =>
    app.page.evaluate(() => {
      const parts = document.querySelectorAll('figure canvas, figcaption, aside, [role="slider"], select, h1')
      const edges = [...parts].map((part) => part.getBoundingClientRect().right)
      return Math.max(document.scrollingElement!.scrollWidth, ...edges)
    })

  test('opens from the empty state', async () => {
    await app.page.getByRole('button', { name: 'Open the demonstration project' }).click()
    await app.page
      .getByRole('row', { name: /C-MAML, environment-2, small, seed 1/ })
      .first()
      .waitFor()
  })

  test("its comparison is the paper's figure 4, with the published numbers", async () => {
    await screen('Compare')
    await app.page.getByRole('link', { name: /4 initialisations x 117 tasks x 3 seeds/ }).click()
    await heading(/figure-4/).waitFor()
    const centre = app.page.getByRole('region', { name: 'Adaptation', exact: true })
    await centre.getByText(/N = 117 tasks of environment-2 .* 3 seeds/).waitFor()
    // As in docs/reproduction.md: after ten steps.
    await centre.getByRole('button', { name: /^Episode return of C-MAML at step 10: 1\.64/ }).waitFor()
    await centre.getByRole('button', { name: /^Episode cost of random at step 10: 10\.3/ }).waitFor()
  })

  test('its replays are one click away', async () => {
    const viewport = app.page.viewportSize()!
    await app.page.getByRole('button', { name: 'More actions' }).click()
    await app.page.getByRole('menuitem', { name: 'Replays beside each other' }).click()
    await heading(/^Task 122/).waitFor()
    expect(await app.page.locator('figcaption').allTextContents()).toEqual(['Before adaptation', 'After 10 steps'])
    for (const [width, height] of [
      [1440, 900],
      [1024, 700],
    ] as const) {
      await app.page.setViewportSize({ width, height })
      await expect.poll(() => rightmost()).toBeLessThanOrEqual(width)
    }
    await app.page.setViewportSize(viewport)
    await app.page.getByRole('button', { name: 'Play' }).click()
    await app.page.getByRole('button', { name: 'Pause' }).waitFor()
    await app.page.goBack()
    await heading(/figure-4/).waitFor()
  })

  test('its tasks are coloured by what came out', async () => {
    await app.page.getByRole('button', { name: 'More actions' }).click()
    await app.page.getByRole('menuitem', { name: 'Tasks with these results' }).click()
    await heading('Tasks').waitFor()
    await app.page.getByText('d = 5').waitFor()
    await app.page.getByText(/^\d+ tasks$/).waitFor()
  })

  test('a policy leaves as an ONNX model', async () => {
    await screen('Checkpoints')
    await heading('Checkpoints').waitFor()
    await app.page
      .getByRole('button', { name: /^Actions for/ })
      .first()
      .click()
    const [download] = await Promise.all([
      app.page.waitForEvent('download'),
      app.page.getByRole('menuitem', { name: /ONNX/ }).click(),
    ])
    const model = await readFile(await download.path())
    expect(download.suggestedFilename()).toMatch(/\.onnx$/)
    expect(model.includes('observation') && model.includes('log_std')).toBe(true)
    expect(app.problems).toEqual([])
  })
})
