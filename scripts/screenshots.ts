/**
 * Writes docs/images/screens/: every screen in both themes, from a database that is trained here in a few minutes.
 * npm run build && node bin/run.mjs scripts/screenshots.ts [name ...]
 *
 * Runs are small, real and seeded; what the clock would change (days, durations) is written over, so that pictures
 * change with the program only. What trains while the queue is photographed is the exception.
 */
import Database from 'better-sqlite3'
import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { launchBrowser, makeHome, openPage } from '../test/e2e/served-app.ts'

const FOLDER = join(import.meta.dirname, '../docs/images/screens')
const LARGEST = 200_000
const THEMES = ['light', 'dark'] as const
/** When the pictures are taken, as the page is told. */
const NOW = new Date('2026-05-04T15:00:00')
const HOUR = 3_600_000

const SMALL = {
  environment: { world: 'environment-1', horizon: 80 },
  tasks: { trainingTo: 40, heldOutTo: 320 },
  policy: { hidden: [16] },
  critics: { minibatch: 64 },
  milestoneEvery: 20,
  fineTune: { tasks: 6, steps: 4, episodes: 4 },
}
const meta = { iterations: 24, tasksPerIteration: 5 }

/** Oldest first. */
const RUNS: readonly { name: string; seed: number; tags: string; settings: object }[] = [
  { name: 'C-MAML, d = 5', seed: 1, tags: 'paper', settings: { costLimit: 5, inner: { episodes: 4 }, meta } },
  { name: 'C-MAML, d = 10', seed: 1, tags: 'limits', settings: { costLimit: 10, inner: { episodes: 4 }, meta } },
  {
    ...{ name: 'CPO inside', seed: 2, tags: 'paper,ablation' },
    settings: { costLimit: 5, inner: { episodes: 4, algorithm: 'cpo' }, meta },
  },
]

const wanted = process.argv.slice(2)
const home = await makeHome(join(tmpdir(), 'C-MAML Studio'))
const browser = await launchBrowser()
try {
  for (const folder of [FOLDER, home.folder]) mkdirSync(folder, { recursive: true })
  await emptyScreens()
  await train()
  const runs = tidy()
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

async function train(): Promise<void> {
  for (const { name, seed, tags, settings } of RUNS) {
    const file = join(home.folder, 'settings.json')
    writeFileSync(file, JSON.stringify({ description: 'small', ...SMALL, ...settings }))
    await home.command('train', file, '--name', name, '--seed', String(seed))
    await home.command('organise', name, '--tag', tags)
  }
  await home.command('organise', RUNS[0]!.name, '--pin')
  await home.command('note', RUNS[0]!.name, '--set', 'The run that the others are measured by.')
}

interface Made {
  readonly id: string
  readonly name: string
  readonly kind: string
}

/** Writes over what the clock has written. @returns oldest first */
function tidy(): Made[] {
  const connection = new Database(home.databaseFile)
  try {
    const runs = connection.prepare('SELECT id, name, kind FROM runs ORDER BY key').all() as Made[]
    const change = connection.prepare(
      `UPDATE runs SET created_at = @begun, started_at = @begun, finished_at = @begun + @took, heartbeat_at = @begun,
         active_seconds = @took / 1000 WHERE id = @id`,
    )
    runs.forEach(({ id, kind }, index) => {
      const took = (kind === 'fine-tune' ? 0.2 : 1.5) * HOUR
      change.run({ id, begun: NOW.getTime() - (runs.length - index) * 5 * HOUR, took })
    })
    return runs
  } finally {
    connection.close()
  }
}

async function allScreens(runs: readonly Made[]): Promise<void> {
  const page = await open((await home.serve()).url)
  const trainings = runs.filter(({ kind }) => kind !== 'fine-tune')
  const [first, second, third] = trainings.map(({ id }) => id)
  const adaptation = runs.find(({ kind }) => kind === 'fine-tune')?.id
  const settled = () => page.waitForFunction(() => document.querySelector('[aria-busy="true"], .skeleton') === null)
  const screens: readonly (readonly [name: string, address: string, prepare?: () => Promise<unknown>])[] = [
    ['runs', '/', () => page.getByRole('row', { name: RUNS[0]!.name }).first().getByRole('progressbar').click()],
    ['run-charts', `/run/${first}`, () => page.getByRole('region', { name: 'Episode return' }).waitFor()],
    ...['tasks', 'configuration', 'log', 'checkpoints', 'about', 'notes'].map(
      (tab) => [`run-${tab}`, `/run/${first}?tab=${tab}`] as const,
    ),
    ['run-adaptation', `/run/${adaptation}`],
    ['diff', `/diff?ids=${[first, second, third].join(',')}`, () => page.getByRole('table').waitFor()],
    ['new-run', `/new?from=${third}`, () => page.getByRole('heading', { name: 'As in CPO inside' }).waitFor()],
    ['new-study', '/new?tab=study', () => page.getByRole('heading', { name: 'New study' }).waitFor()],
    ['sql', '/sql', () => page.getByRole('button', { name: 'Run', exact: true }).click()],
    ['settings', '/settings'],
    ['queue', '/queue', () => fillQueue(page)],
  ]
  for (const [name, address, prepare] of screens) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    await page.evaluate((to) => void (window.location.hash = to), `#${address}`)
    await page.getByRole('heading', { level: 1 }).first().waitFor()
    await prepare?.()
    await settled()
    await photograph(page, name)
  }
}

/** One that trains and two that wait. */
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
    await page
      .getByText(new RegExp(`^${preset}: (started|in the queue)$`))
      .first()
      .waitFor()
  }
  await page.evaluate(() => void (window.location.hash = '#/queue'))
  await page.getByRole('region', { name: 'Running' }).waitFor()
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
  if (wanted.length > 0 && !wanted.includes(name)) return
  // Nothing is under the pointer.
  await page.mouse.move(0, 0)
  for (const theme of THEMES) {
    await page.emulateMedia({ colorScheme: theme })
    // Charts take the colours of the theme a frame later.
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))))
    const file = join(FOLDER, `${name}-${theme}.png`)
    await page.screenshot({ path: file, animations: 'disabled' })
    const { size } = statSync(file)
    console.log(`${name}-${theme}.png ${Math.round(size / 1000)} kB`)
    if (size > LARGEST) console.error(`${file} is larger than ${LARGEST / 1000} kB.`)
  }
}
