// A new user, from an empty database to a run that is understood, compared and thrown away; the quickstart really trains.
import { describe, expect, test } from 'vitest'
import { openApp, PATIENCE, stepByStep } from './opened-app.ts'

/** The quickstart's environment, with a looser limit and as little to do as a run can have. */
const SMALLER = {
  environment: { world: 'environment-1' },
  costLimit: 10,
  inner: { episodes: 2 },
  meta: { iterations: 1, tasksPerIteration: 2 },
  fineTune: { tasks: 0, steps: 5, initialMultiplier: 0.2 },
}

describe('a new user', PATIENCE, () => {
  const app = openApp()
  const { button, screen } = app
  stepByStep()

  const row = (name: string | RegExp) => app.page.getByRole('row', { name })
  const filter = () => app.page.getByLabel('Filter the runs')
  const state = (word: string) => app.page.locator('.run-header').getByText(word, { exact: true })
  /** Iterations that are done, as the head of the run says. */
  const done = async () => Number((await app.page.getByText(/^\d+ \/ \d+ iterations$/).textContent())?.split(' ')[0])
  const picture = () =>
    app.page.getByRole('region', { name: 'Episode return' }).getByRole('img').getAttribute('aria-label')

  test('starts the quickstart from the empty state, and sees it among the runs', async () => {
    await button('Start the quickstart').click()
    await row('Quickstart').getByText('Running').waitFor()
  })

  test('watches it: charts appear and grow', async () => {
    await row('Quickstart').getByRole('link').click()
    await app.page.getByRole('heading', { name: 'Quickstart', level: 1 }).waitFor()
    const panel = app.page.getByRole('region', { name: 'Episode return' })
    await panel.getByRole('img').waitFor()
    expect((await panel.locator('.swatch').first().boundingBox())?.width).toBeGreaterThan(8)
    const first = await picture()
    const before = await done()
    await expect.poll(done, PATIENCE).toBeGreaterThan(before)
    await expect.poll(picture, PATIENCE).not.toBe(first)
  })

  test('stops it after an iteration', async () => {
    await button('Stop after this iteration').click()
    await state('Stopped').waitFor()
    expect(await done()).toBeLessThan(120)
  })

  test('cannot extend it to fewer iterations, whatever was accepted before', async () => {
    await button('Extend …').click()
    const dialog = app.page.getByRole('dialog', { name: 'Extend the run' })
    const iterations = dialog.getByLabel('Go on to iteration')
    expect(Number(await iterations.inputValue())).toBeGreaterThan(120)
    await iterations.fill('7')
    await dialog.getByText(/^At least \d+ is needed/).waitFor()
    await iterations.press('Enter')
    await dialog.getByRole('button', { name: 'Extend' }).click()
    expect(await iterations.inputValue()).toBe('7')
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await dialog.waitFor({ state: 'detached' })
    expect(await button('Resume').isEnabled()).toBe(true)
  })

  test('resumes it where it was, and once', async () => {
    const stoppedAt = await done()
    await screen('Queue')
    await button('Pause the queue').click()
    await app.page.goBack()
    await button('Resume').dblclick()
    // Once: its state says it, and no message beside it.
    await state('Paused').waitFor()
    expect(await app.page.getByText('in the queue, which is paused').count()).toBe(0)
    expect(await button('Resume').isDisabled()).toBe(true)
    expect(await button('Extend …').isDisabled()).toBe(true)
    await screen('Queue')
    expect(await app.page.getByRole('button', { name: /^Remove / }).count()).toBe(1)
    await button('Go on').click()
    await app.page.goBack()
    await state('Running').waitFor()
    await expect.poll(done, PATIENCE).toBeGreaterThan(stoppedAt)
    await button('Stop now').click()
    await app.page.getByRole('alertdialog').getByRole('button', { name: 'Stop now' }).click()
    await state('Stopped').waitFor()
  })

  test('finds it by filters', async () => {
    await screen('Runs')
    await row('Quickstart').waitFor()
    await filter().fill('status:stopped done>1 quick')
    await row('Quickstart').waitFor()
    await filter().fill('algo:cpo')
    await app.page.getByRole('heading', { name: 'No run matches' }).waitFor()
    await filter().fill('colour:blue')
    await app.page.getByRole('status').getByText('colour').waitFor()
    await button('Clear the filter').first().click()
    await row('Quickstart').waitFor()
  })

  test('tags it, and finds it by the tag', async () => {
    // What is only pointed at is not chosen with it.
    await row('Quickstart').locator('[data-part="tags"]').click()
    await app.page.getByLabel('Add a tag').waitFor()
    await app.page.keyboard.press('Escape')
    expect(await row('Quickstart').getAttribute('aria-selected')).toBe('false')
    await row('Quickstart').getByText('Stopped').click()
    await app.page.keyboard.press('t')
    await app.page.getByLabel('Add a tag').fill('first-try')
    await app.page.keyboard.press('Enter')
    await row('Quickstart').getByText('first-try').waitFor()
    await app.page.keyboard.press('Escape')
    await filter().fill('tag:first-try')
    await row('Quickstart').waitFor()
    await filter().fill('')
    // Nothing lies over the rows until it is asked for.
    const offered = app.page.getByRole('listbox', { name: 'What can be written' })
    expect(await offered.isVisible()).toBe(false)
    await filter().press('ArrowDown')
    await offered.waitFor()
    await filter().press('Escape')
    await offered.waitFor({ state: 'hidden' })
  })

  test('starts one like it with other settings, which ends by itself', async () => {
    await row('Quickstart').click({ button: 'right' })
    await app.page.getByRole('menuitem', { name: 'Duplicate' }).click()
    await app.page.getByLabel('Cost limit d').fill('10')
    await button('JSON').click()
    expect(await app.page.getByLabel('Settings as JSON').inputValue()).toContain('"costLimit": 10')
    await app.page.getByLabel('Settings as JSON').fill(JSON.stringify(SMALLER))
    await app.page.getByRole('complementary', { name: 'Start' }).getByLabel('Name').fill('looser limit')
    await app.page.getByRole('heading', { name: '5 changed from Quickstart' }).waitFor()
    await button('Start now').click()
    await app.page.getByRole('region', { name: 'Running' }).getByRole('article', { name: 'looser limit' }).waitFor()
    await screen('Runs')
    await row('looser limit').getByText('Completed').waitFor()
  })

  test('compares the settings of both', async () => {
    await app.page.getByRole('grid', { name: 'Runs' }).focus()
    await app.page.keyboard.press('Control+a')
    await button('Compare settings').click()
    await app.page.getByRole('heading', { name: 'Settings of 2 runs' }).waitFor()
    await app.page.getByRole('rowheader', { name: 'costLimit' }).waitFor()
    const settings = await app.page.getByRole('rowheader').locator('code').allTextContents()
    expect(settings.sort()).toEqual([
      'costLimit',
      'fineTune.tasks',
      'inner.episodes',
      'meta.iterations',
      'meta.tasksPerIteration',
    ])
    const limits = await app.page.getByRole('row', { name: 'costLimit' }).getByRole('cell').allTextContents()
    expect(limits.slice(1).map(Number.parseFloat).sort()).toEqual([10, 5])
  })

  test('deletes one and undoes it', async () => {
    await screen('Runs')
    await row('looser limit').getByText('Completed').click()
    await app.page.keyboard.press('Delete')
    await app.page.getByText('Deleted looser limit', { exact: true }).waitFor()
    await row('looser limit').waitFor({ state: 'detached' })
    // The message stands in the way of no button.
    await app.page.setViewportSize({ width: 1024, height: 700 })
    await screen('New run')
    for (const name of ['Start now', 'Add to queue']) await button(name).click({ trial: true })
    await app.page.setViewportSize({ width: 1440, height: 900 })
    await screen('Runs')
    await button('Undo').click()
    await row('looser limit').getByText('Completed').waitFor()
  })

  test('deletes it for good, which the command line sees too', async () => {
    await row('looser limit').getByText('Completed').click()
    await app.page.keyboard.press('Delete')
    await row('looser limit').waitFor({ state: 'detached' })
    await app.page.getByText('Deleted looser limit', { exact: true }).waitFor()
    const message = app.page.getByRole('listitem').filter({ hasText: 'Deleted looser limit' })
    await message.getByRole('button', { name: 'Close' }).click()
    await app.page.reload()
    await row('Quickstart').waitFor()
    expect(await row('looser limit').count()).toBe(0)
    const runs = JSON.parse(await app.home.command('runs', '--json')) as { name: string }[]
    expect(runs.map(({ name }) => name)).toEqual(['quickstart'])
  })

  test('and nothing went wrong in the page meanwhile', () => {
    expect(app.problems).toEqual([])
  })
})
