// Comparisons in the served page: from the list of runs to a figure, what it reads, and the tasks behind it.
import { describe, expect, test } from 'vitest'
import { storeStudy } from '../main/services/compare/stored-study.ts'
import { fillStore, goTo, openApp, PATIENCE, stepByStep } from './opened-app.ts'
import { showAllTasks } from './opened-comparison.ts'
import { openPage } from './served-app.ts'

describe('comparisons', PATIENCE, () => {
  let runs: readonly string[]
  const app = openApp((home) =>
    fillStore(home, (store) => {
      runs = storeStudy(store).runs
    }),
  )
  const { heading, screen } = app
  stepByStep()

  const centre = () => app.page.getByRole('region', { name: 'Adaptation', exact: true })
  const picture = () => centre().getByRole('img')
  const caption = (text: string | RegExp) => centre().getByText(text)
  const legend = (label: string) => centre().getByRole('button', { name: label, exact: true })
  const value = (quantity: string, label: string, step: number) =>
    centre().getByRole('button', { name: new RegExp(`^${quantity} of ${label} at step ${step}:`) })

  test('what belongs together is offered, and opened by one click', async () => {
    await screen('Compare')
    await app.page.getByRole('link', { name: /2 initialisations x 4 tasks x 2 seeds/ }).click()
    await showAllTasks(app)
    expect(await picture().getAttribute('aria-label')).toMatch(/Episode return: C-MAML .* random/)
  })

  test('the worker resamples, under the policy of the page', async () => {
    await caption(/10,000 bootstrap resamples of whole runs and whole tasks/)
      .first()
      .waitFor()
    expect(app.problems).toEqual([])
  })

  test('another band is named with N', async () => {
    await app.page.getByLabel('Line and band').selectOption('Mean ± SD over tasks')
    await caption(/N = 4 tasks of environment-2 .* 2 seeds.*one standard deviation across 4 tasks/s).waitFor()
  })

  test('held-out tasks alone', async () => {
    await app.page.getByLabel('Tasks', { exact: true }).selectOption('Held-out tasks (1)')
    await caption(/N = 1 task of environment-2/).waitFor()
    await app.page.getByLabel('Tasks', { exact: true }).selectOption('All tasks (4)')
    await caption(/N = 4 tasks/).waitFor()
  })

  test('the keyboard reads steps', async () => {
    await centre()
      .getByRole('group', { name: /^Episode cost: arrow keys/ })
      .focus()
    await app.page.keyboard.press('Home')
    await app.page.keyboard.press('ArrowRight')
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
    const dialog = app.page.getByRole('dialog', { name: 'Cost of random at step 1' })
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
    await app.page.goBack()
    await picture().waitFor()
  })

  test('from selected runs by one key', async () => {
    await goTo(app.page, '/')
    await app.page.getByLabel('Filter the runs').fill('kind:fine-tune')
    await app.page.getByRole('grid', { name: 'Runs' }).focus()
    await app.page.keyboard.press('Control+a')
    await app.page.keyboard.press('c')
    await heading(/2 initialisations x 1 task x 2 seeds/).waitFor()
  })

  test('two trainings from the table of runs', async () => {
    await goTo(app.page, '/')
    await app.page.getByLabel('Filter the runs').fill('kind:train')
    await app.page.getByRole('grid', { name: 'Runs' }).focus()
    await app.page.keyboard.press('Control+a')
    await app.page.keyboard.press('c')
    await heading('Trainings beside each other').waitFor()
    const table = app.page.getByRole('region', { name: 'Results of trainings' }).getByRole('table')
    await table.waitFor()
    expect(await table.getByRole('row').count()).toBeGreaterThan(1)
    expect(app.problems).toEqual([])
  })

  test('the menu of a chart that fills the screen is on the screen', async () => {
    const chart = app.page.getByRole('region', { name: /^Episode return/ }).first()
    await chart.getByRole('button', { name: 'actions' }).click()
    await app.page.getByRole('menuitem', { name: 'Full screen' }).click()
    await app.page.waitForFunction(() => document.fullscreenElement !== null)
    await chart.getByRole('button', { name: 'actions' }).click()
    await app.page.getByRole('menuitem', { name: 'Leave full screen' }).click()
    await app.page.waitForFunction(() => document.fullscreenElement === null)
  })

  test('a panel that cannot be loaded says so in its place, and can be tried again', async () => {
    const { page: other } = await openPage(app.browser, app.url)
    try {
      await other.route('**/ViolationTotals*.js', (route) => route.abort())
      // Panels are loaded when they come into view.
      await other.setViewportSize({ width: 1440, height: 7000 })
      await goTo(other, `/compare?runs=${runs.join(',')}`)
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
    await goTo(app.page, '/compare?runs=none')
    await app.page.getByRole('heading', { name: 'This cannot be compared' }).waitFor()
    expect(app.problems).toEqual([])
  })
})
