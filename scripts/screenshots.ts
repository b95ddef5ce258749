/**
 * Writes docs/images/screens/: every screen in both themes, with the demonstration project open.
 * npm run build && node bin/run.mjs scripts/screenshots.ts [name ...]
 *
 * The page is told a fixed time, so that pictures change with the program only. What trains while the queue is
 * photographed is the exception.
 */
import { mkdirSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { launchBrowser, makeHome, openPage } from '../test/e2e/served-app.ts'

const ROOT = join(import.meta.dirname, '..')
const FOLDER = join(ROOT, 'docs/images/screens')
const LARGEST = 350_000
const DRAWN_MS = 500
const THEMES = ['light', 'dark'] as const
/** When the pictures are taken, as the page is told: the day after the demonstration project was computed. */
const NOW = new Date('2026-11-24T09:00:00')
/** Runs of the demonstration project. */
const META = 'C-MAML, environment-2, small, seed 1'
const OTHERS = ['MAML, environment-2, small, seed 1', 'pre-trained, environment-2, small, seed 1']
const FINE_TUNINGS = ['C-MAML', 'MAML', 'pre-trained', 'random'].flatMap((label) =>
  [1, 2, 3].map((seed) => `fine-tuning of ${label}, environment-2, small, seed ${seed}`),
)
const FINE_TUNING = `fine-tuning of ${META}`

const wanted = process.argv.slice(2)
const isWanted = (name: string): boolean => wanted.length === 0 || wanted.includes(name)
const home = await makeHome(join(tmpdir(), 'C-MAML Studio'))
const browser = await launchBrowser()
try {
  for (const folder of [FOLDER, home.folder]) mkdirSync(folder, { recursive: true })
  await emptyScreens()
  await home.command('import', join(ROOT, 'resources/demonstration.cmaml'))
  const runs = await listRuns()
  await home.command('organise', runs(META), '--tag', 'paper', '--pin')
  await home.command('organise', runs(FINE_TUNING), '--tag', 'paper')
  await home.command('note', runs(META), '--set', 'The run that the others are measured by: figure 4, seed 1.')
  await allScreens(runs)
} finally {
  await browser.close()
  await home.remove()
}

async function emptyScreens(): Promise<void> {
  const server = await home.serve()
  const page = await open(server.url)
  await page.getByRole('button', { name: 'Start the quickstart' }).waitFor()
  await photograph(page, 'runs-empty')
  await page.context().close()
  await server.stop()
}

/** @returns the id of a name, of the study's runs (those of figure 9 have the same names and two tasks) */
async function listRuns(): Promise<(name: string) => string> {
  const rows = JSON.parse(await home.command('runs', '--json')) as { id: string; name: string; total: number }[]
  return (name) => {
    const found = rows.find((row) => row.name === name && row.total > 2)
    if (found === undefined) throw new Error(`the demonstration project has no run "${name}"`)
    return found.id
  }
}

async function allScreens(runs: (name: string) => string): Promise<void> {
  const { url } = await home.serve()
  const page = await open(url)
  const meta = runs(META)
  const settled = () => page.waitForFunction(() => document.querySelector('[aria-busy="true"], .skeleton') === null)
  const screens: readonly (readonly [name: string, address: string, prepare?: () => Promise<unknown>])[] = [
    ['runs', '/', () => page.getByRole('row', { name: META }).first().waitFor()],
    ['run-charts', `/run/${meta}`, () => page.getByRole('region', { name: 'Episode return' }).waitFor()],
    ...['configuration', 'checkpoints', 'about', 'notes'].map(
      (tab) => [`run-${tab}`, `/run/${meta}?tab=${tab}`] as const,
    ),
    ['run-adaptation', `/run/${runs(FINE_TUNING)}`],
    ['diff', `/diff?ids=${[META, ...OTHERS].map(runs).join(',')}`, () => page.getByRole('table').waitFor()],
    ['new-run', `/new?from=${meta}`, () => page.getByRole('heading', { name: `As in ${META}` }).waitFor()],
    ['new-study', '/new?tab=study', () => page.getByRole('button', { name: /^figure-4/ }).click()],
    ['new-fine-tuning', '/new?tab=fine-tuning', () => page.getByRole('button', { name: META }).click()],
    ['comparisons', '/compare', () => page.getByRole('heading', { name: 'Compare', level: 1 }).waitFor()],
    [
      'compare',
      `/compare?runs=${FINE_TUNINGS.map(runs).join(',')}`,
      () =>
        page
          .getByRole('region', { name: /return/i })
          .first()
          .waitFor(),
    ],
    ['compare-training', `/compare?training=1&runs=${[META, ...OTHERS].map(runs).join(',')}`],
    ['tasks', '/tasks', () => page.getByRole('heading', { name: 'Tasks', level: 1 }).waitFor()],
    ['tasks-cost', `/tasks?runs=${[META, ...OTHERS].map((name) => runs(`fine-tuning of ${name}`)).join(',')}`],
    ['task', '/task/environment-2/122'],
    ['replays', '/replay', () => page.getByRole('heading', { name: 'Replays', level: 1 }).waitFor()],
    ['replay', '/replay?episodes=1&layout=grid', () => played(page)],
    ['replay-figure-9', '/replay?figure9=122', () => played(page)],
    ['replay-3d', '/replay?episodes=1,2&layout=grid&view=3d', () => played(page)],
    ['try', `/try?run=${meta}`, () => tried(page)],
    ['checkpoints', '/checkpoints'],
    ['sql', '/sql', () => page.getByRole('button', { name: 'Run', exact: true }).click()],
    ['settings', '/settings'],
    ['settings-compute', '/settings?section=compute'],
    ['bin', '/', () => deleteOne(page)],
  ]
  for (const [name, address, prepare] of screens) {
    if (!isWanted(name)) continue
    await page.evaluate((to) => void (window.location.hash = to), `#${address}`)
    await page.getByRole('heading', { level: 1 }).first().waitFor()
    await prepare?.()
    await settled()
    await photograph(page, name)
  }
  await ownRun(page, settled)
  await page.context().close()
  if (isWanted('queue')) await fillQueue((await openPage(browser, url)).page)
}

/** What the demonstration project leaves out, as all bundles do: single tasks and the log. And times of this computer. */
async function ownRun(page: Page, settled: () => Promise<unknown>): Promise<void> {
  if (!['run-tasks', 'run-log', 'settings-times'].some(isWanted)) return
  await home.command('train', 'quickstart', '--set', 'meta.iterations=60', '--no-finetune', '--name', 'quickstart')
  const row = page.getByRole('row', { name: 'quickstart' })
  await page.evaluate(() => void (window.location.hash = '#/'))
  await row.dblclick()
  for (const tab of ['Tasks', 'Log']) {
    await page.getByRole('tab', { name: tab }).click()
    await settled()
    await photograph(page, `run-${tab.toLowerCase()}`)
  }
  await home.command(
    'bench',
    'engines',
    '--widths',
    '64,256',
    '--rows',
    '200,2000',
    '--tasks',
    '1,20',
    '--budget',
    '40',
  )
  await page.evaluate(() => void (window.location.hash = '#/settings?section=compute'))
  await page.getByRole('heading', { name: 'Time of an update' }).evaluate((heading) => heading.scrollIntoView())
  await settled()
  await photograph(page, 'settings-times')
}

/** Leaves its run in the bin, which is shown. */
async function deleteOne(page: Page): Promise<void> {
  await page.getByRole('row', { name: FINE_TUNING }).first().click()
  await page.keyboard.press('Delete')
  await page.evaluate(() => void (window.location.hash = '#/bin'))
  await page.getByRole('row', { name: FINE_TUNING }).first().waitFor()
}

/** At the end of an episode, with its whole way. */
async function played(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Play' }).waitFor()
  await page.keyboard.press('End')
}

/** A whole episode of a policy at work. */
async function tried(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await page.getByText(/was reached\.$/).waitFor()
}

/** One that trains, by the clock of the machine, and two that wait. */
async function fillQueue(page: Page): Promise<void> {
  for (const [preset, button] of [
    ['environment-2', 'Start now'],
    ['maml', 'Add to queue'],
    ['environment-2-cpo', 'Add to queue'],
  ] as const) {
    await page.evaluate((to) => void (window.location.hash = to), `#/new?preset=${preset}`)
    await page.getByRole('heading', { name: `As in ${preset}`, exact: true }).waitFor()
    await page.getByLabel('Name', { exact: true }).fill(preset)
    await page.getByRole('button', { name: button }).click()
    // What says that it was taken passes by.
    await page.waitForTimeout(4 * DRAWN_MS)
  }
  await page.evaluate(() => void (window.location.hash = '#/queue'))
  await page.getByRole('region', { name: 'Waiting' }).waitFor()
  await page.getByText(/^4 of \d+/).waitFor()
  await photograph(page, 'queue')
}

async function open(url: string): Promise<Page> {
  const { page } = await openPage(browser, url)
  await page.clock.setFixedTime(NOW)
  await page.reload()
  await page.emulateMedia({ reducedMotion: 'reduce' })
  return page
}

/** In both themes, without messages that only passed by. */
async function photograph(page: Page, name: string): Promise<void> {
  if (!isWanted(name)) return
  // Nothing is under the pointer.
  await page.mouse.move(0, 0)
  for (const theme of THEMES) {
    await page.emulateMedia({ colorScheme: theme })
    // Charts take the colours of the theme some frames later.
    await page.waitForTimeout(DRAWN_MS)
    const file = join(FOLDER, `${name}-${theme}.png`)
    await page.screenshot({ path: file, animations: 'disabled' })
    const { size } = statSync(file)
    console.log(`${name}-${theme}.png ${Math.round(size / 1000)} kB`)
    if (size > LARGEST) console.error(`${file} is larger than ${LARGEST / 1000} kB.`)
  }
}
