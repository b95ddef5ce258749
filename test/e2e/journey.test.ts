// A new user, from an empty database to a run that is understood, compared and thrown away; the quickstart really trains.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFailed, test } from 'vitest'
import { launchBrowser, makeHome, openPage, type Home, type OpenedPage } from './served-app.ts'

const PATIENCE = { timeout: 120_000 }

/** The quickstart's environment, with a looser limit and as little to do as a run can have. */
const SMALLER = {
  environment: { world: 'environment-1' },
  costLimit: 10,
  inner: { episodes: 2 },
  meta: { iterations: 1, tasksPerIteration: 2 },
  fineTune: { tasks: 0, steps: 5, initialMultiplier: 0.2 },
}

describe('a new user', PATIENCE, () => {
  let home: Home
  let browser: Browser
  let opened: OpenedPage
  let page: Page
  /** Every step goes on where the one before it ended. */
  let isLost = false

  beforeAll(async () => {
    home = await makeHome()
    browser = await launchBrowser()
    opened = await openPage(browser, (await home.serve()).url)
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

  const row = (name: string | RegExp) => page.getByRole('row', { name })
  const screen = (name: string) => page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name }).click()
  const filter = () => page.getByLabel('Filter the runs')
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const state = (word: string) => page.locator('.run-header').getByText(word, { exact: true })
  /** Iterations that are done, as the head of the run says. */
  const done = async () => Number((await page.getByText(/^\d+ \/ \d+ iterations$/).textContent())?.split(' ')[0])
  const picture = () => page.getByRole('region', { name: 'Episode return' }).getByRole('img').getAttribute('aria-label')

  test('starts the quickstart from the empty state, and sees it among the runs', async () => {
    await button('Start the quickstart').click()
    await row('Quickstart').getByText('Running').waitFor()
  })

  test('watches it: charts appear and grow', async () => {
    await row('Quickstart').getByRole('link').click()
    await page.getByRole('heading', { name: 'Quickstart', level: 1 }).waitFor()
    const panel = page.getByRole('region', { name: 'Episode return' })
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
    const dialog = page.getByRole('dialog', { name: 'Extend the run' })
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
    await page.goBack()
    await button('Resume').dblclick()
    await button('Waiting in the queue').waitFor()
    expect(await button('Waiting in the queue').isDisabled()).toBe(true)
    expect(await button('Extend …').isDisabled()).toBe(true)
    await screen('Queue')
    expect(await page.getByRole('button', { name: /^Remove / }).count()).toBe(1)
    await button('Go on').click()
    await page.goBack()
    await state('Running').waitFor()
    await expect.poll(done, PATIENCE).toBeGreaterThan(stoppedAt)
    await button('Stop now').click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Stop now' }).click()
    await state('Stopped').waitFor()
  })

  test('finds it by filters', async () => {
    await screen('Runs')
    await row('Quickstart').waitFor()
    await filter().fill('status:stopped done>1 quick')
    await row('Quickstart').waitFor()
    await filter().fill('algo:cpo')
    await page.getByRole('heading', { name: 'No run matches' }).waitFor()
    await filter().fill('colour:blue')
    await page.getByRole('status').getByText('colour').waitFor()
    await button('Clear the filter').first().click()
    await row('Quickstart').waitFor()
  })

  test('tags it, and finds it by the tag', async () => {
    await row('Quickstart').getByText('Stopped').click()
    await page.keyboard.press('t')
    await page.getByLabel('Add a tag').fill('first-try')
    await page.keyboard.press('Enter')
    await row('Quickstart').getByText('first-try').waitFor()
    await page.keyboard.press('Escape')
    await filter().fill('tag:first-try')
    await row('Quickstart').waitFor()
    await filter().fill('')
  })

  test('starts one like it with other settings, which ends by itself', async () => {
    await row('Quickstart').click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'New run like this' }).click()
    await page.getByLabel('Cost limit d').fill('10')
    await button('JSON').click()
    expect(await page.getByLabel('Settings as JSON').inputValue()).toContain('"costLimit": 10')
    await page.getByLabel('Settings as JSON').fill(JSON.stringify(SMALLER))
    await page.getByRole('complementary', { name: 'Start' }).getByLabel('Name').fill('looser limit')
    await page.getByRole('heading', { name: '5 changed from Quickstart' }).waitFor()
    await button('Start now').click()
    await page.getByRole('region', { name: 'Running' }).getByRole('article', { name: 'looser limit' }).waitFor()
    await screen('Runs')
    await row('looser limit').getByText('Completed').waitFor()
  })

  test('compares the settings of both', async () => {
    await page.getByRole('grid', { name: 'Runs' }).focus()
    await page.keyboard.press('Control+a')
    await button('Compare settings').click()
    await page.getByRole('heading', { name: 'Settings of 2 runs' }).waitFor()
    await page.getByRole('rowheader', { name: 'costLimit' }).waitFor()
    const settings = await page.getByRole('rowheader').locator('code').allTextContents()
    expect(settings.sort()).toEqual([
      'costLimit',
      'fineTune.tasks',
      'inner.episodes',
      'meta.iterations',
      'meta.tasksPerIteration',
    ])
    const limits = await page.getByRole('row', { name: 'costLimit' }).getByRole('cell').allTextContents()
    expect(limits.slice(1).map(Number.parseFloat).sort()).toEqual([10, 5])
  })

  test('deletes one and undoes it', async () => {
    await screen('Runs')
    await row('looser limit').getByText('Completed').click()
    await page.keyboard.press('Delete')
    await page.getByText('Deleted looser limit', { exact: true }).waitFor()
    await row('looser limit').waitFor({ state: 'detached' })
    // The message stands in the way of no button.
    await page.setViewportSize({ width: 1024, height: 700 })
    await screen('New run')
    for (const name of ['Start now', 'Add to queue']) await button(name).click({ trial: true })
    await page.setViewportSize({ width: 1440, height: 900 })
    await screen('Runs')
    await button('Undo').click()
    await row('looser limit').getByText('Completed').waitFor()
  })

  test('deletes it for good, which the command line sees too', async () => {
    await row('looser limit').getByText('Completed').click()
    await page.keyboard.press('Delete')
    await row('looser limit').waitFor({ state: 'detached' })
    await page.getByText('Deleted looser limit', { exact: true }).waitFor()
    const message = page.getByRole('listitem').filter({ hasText: 'Deleted looser limit' })
    await message.getByRole('button', { name: 'Close' }).click()
    await page.reload()
    await row('Quickstart').waitFor()
    expect(await row('looser limit').count()).toBe(0)
    const runs = JSON.parse(await home.command('runs', '--json')) as { name: string }[]
    expect(runs.map(({ name }) => name)).toEqual(['Quickstart'])
  })

  test('and nothing went wrong in the page meanwhile', () => {
    expect(opened.problems).toEqual([])
  })
})
