// What pages show while other windows, other programs and the server itself come and go.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { openStore } from '../../src/main/store/open.ts'
import { TINY } from '../main/cli/cmaml.ts'
import { iterationResult, metaTraining } from '../main/store/samples.ts'
import { goTo } from './opened-app.ts'
import { launchBrowser, makeHome, openPage, type Home } from './served-app.ts'

let home: Home
let browser: Browser

beforeAll(async () => {
  browser = await launchBrowser()
})
beforeEach(async () => {
  home = await makeHome()
})
afterEach(() => home?.remove())
afterAll(() => browser?.close())

const PATIENCE = { timeout: 120_000 }

const row = (page: Page, name: string) => page.getByRole('row', { name })

/** What another program does to the database: a run of its own, which goes on when it is told to. */
async function startRun(name: string): Promise<{ iterate(): void }> {
  const store = await openStore(home.databaseFile, { appVersion: 'test', mode: 'create' })
  onTestFinished(() => store.close())
  const { id } = store.createRun(metaTraining({ name }))
  let iteration = 0
  return { iterate: () => store.commitIteration(id, iterationResult(++iteration), false) }
}

test('a tag that is put on in one window appears in the other', PATIENCE, async () => {
  await startRun('shared')
  const { url } = await home.serve()
  const [{ page: one }, { page: other }] = [await openPage(browser, url), await openPage(browser, url)]
  await row(other, 'shared').waitFor()
  await row(one, 'shared').getByRole('link').click()
  await one.getByRole('button', { name: 'Add tag' }).click()
  await one.getByLabel('New tag').fill('other-window')
  await one.keyboard.press('Enter')
  await row(other, 'shared').getByText('other-window').waitFor()
  await other.getByLabel('Filter the runs').fill('tag:other-window')
  await row(other, 'shared').waitFor()
})

test('a run of the command line appears, live, and is listed as completed', PATIENCE, async () => {
  const { page } = await openPage(browser, (await home.serve()).url)
  await page.getByRole('heading', { name: 'No runs yet' }).waitFor()
  const file = join(home.folder, 'tiny.json')
  await writeFile(file, JSON.stringify({ description: 'for tests', ...TINY }))
  const trained = home.command('train', file, '--no-finetune', '--name', 'from the terminal')
  await row(page, 'from the terminal').waitFor()
  await trained
  await row(page, 'from the terminal').getByText('Completed').waitFor()
  await row(page, 'from the terminal').getByText('3/3').waitFor()
})

test(
  'after the server was started anew, the page says what to do and then goes on without a gap',
  PATIENCE,
  async () => {
    const run = await startRun('followed')
    run.iterate()
    run.iterate()
    const first = await home.serve()
    const { page } = await openPage(browser, first.url)
    await row(page, 'followed').getByRole('link').click()
    await page.getByText('2 / 100 iterations').waitFor()
    // The screen is there as a whole: what is loaded late cannot be loaded from a server that is gone.
    await page.getByRole('region', { name: 'Episode return' }).getByRole('img').waitFor()

    await first.kill()
    const banner = page.getByRole('alert')
    await banner.getByText('does not answer').waitFor()
    await page.getByText('Not connected').waitFor()
    await page.getByText('2 / 100 iterations').waitFor()
    run.iterate()

    // On the same port, with a token of its own: the page has to be let in again.
    const second = await home.serve(first.port)
    await banner.getByText('Open the address that its terminal shows').waitFor()
    run.iterate()
    const other = await page.context().newPage()
    await other.goto(second.url)
    await page.getByText('4 / 100 iterations').waitFor()
    await banner.waitFor({ state: 'detached' })
    run.iterate()
    await page.getByText('5 / 100 iterations').waitFor()

    const chart = page.getByRole('region', { name: 'Episode return' })
    await expect.poll(() => chart.getByRole('img').getAttribute('aria-label')).toContain('at iteration 5')
    await chart.getByRole('button', { name: 'actions' }).click()
    await page.getByRole('menuitem', { name: 'Show as table' }).click()
    const adapted = chart.locator('tbody tr').filter({ hasText: 'adapted' })
    const iterations = () => adapted.locator('td:nth-child(2)').allTextContents()
    await expect.poll(iterations).toEqual(['5', '4', '3', '2', '1'])
  },
)

test('what could not be read while the server was away is read once it is back', PATIENCE, async () => {
  const first = await home.serve()
  const { page } = await openPage(browser, first.url)
  await goTo(page, '/replay')
  await page.getByRole('heading', { name: 'No replays yet' }).waitFor()
  await first.kill()
  await page.getByText('Not connected').waitFor()
  await goTo(page, '/replay?episodes=1')
  await page.getByRole('heading', { name: 'The replay could not be read' }).waitFor()

  const second = await home.serve(first.port)
  const other = await page.context().newPage()
  await other.goto(second.url)
  await page.getByRole('heading', { name: 'Nothing to play' }).waitFor()
})
