// Replays in the served page: recorded, listed, played in 2D and 3D, exported; and a policy tried live.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import axe from 'axe-core'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { initialTrainingState } from '../../src/core/training/state.ts'
import { serveOverHttp } from '../../src/main/api/http.ts'
import { router } from '../../src/main/api/router.ts'
import { createServices } from '../../src/main/app/services.ts'
import { saveEpisodeAs } from '../../src/main/services/recorded-episode.ts'
import { encodeCheckpoint } from '../../src/main/store/checkpoint/checkpoint.ts'
import type { Store } from '../../src/main/store/store.ts'
import { driveIntoVases } from '../core/episode/episodes.ts'
import { fineTuning, iterationResult, metaTraining } from '../main/store/samples.ts'
import { CHROMIUM_FLAGS, ensureChromium } from '../setup/chromium.ts'
import { tinyConfig } from '../support/worker.ts'
import { goTo } from './opened-app.ts'
import { problemsOf } from './served-app.ts'

const RENDERER = join(import.meta.dirname, '../../out/renderer')
/** Of the recorded episodes; half a second at speed 1. */
const STEPS = 60

let folder: string
let browser: Browser

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cmaml-replay-'))
  // Without a graphics card, WebGL is computed: slowly, but it is there.
  const args = [...CHROMIUM_FLAGS, '--enable-unsafe-swiftshader']
  browser = await chromium.launch({ executablePath: ensureChromium(), args })
})
afterAll(async () => {
  await browser?.close()
  await rm(folder, { recursive: true, force: true })
})

test('without any the list says how to record some; a policy is recorded, played and tried live', async () => {
  const { page, problems } = await openPage('recorded', trainedTiny)
  await goTo(page, '/replay')
  await page.getByRole('heading', { name: 'No replays yet' }).waitFor()

  await page.getByRole('button', { name: 'Record episodes' }).last().click()
  const dialog = page.getByRole('dialog')
  // Its name is followed by what tells it from others.
  const shown = await dialog
    .getByLabel('Run')
    .getByRole('option', { name: /^trained/ })
    .textContent()
  await dialog.getByLabel('Run').selectOption(shown!.trim())
  await dialog.getByLabel('Tasks').fill('301, 302')
  await dialog.getByRole('button', { name: 'Record 2 episodes' }).click()
  await dialog.waitFor({ state: 'detached' })
  const rows = page.getByRole('grid', { name: 'Recorded episodes' }).getByRole('row', { selected: true })
  await expect.poll(() => rows.count()).toBe(2)
  await page.getByRole('button', { name: 'Side by side' }).click()
  await page.getByRole('heading', { name: '2 episodes', level: 1 }).waitFor()
  expect(await page.getByRole('img', { name: /^Map of/ }).count()).toBe(2)

  await goTo(page, '/checkpoints')
  await page
    .getByRole('button', { name: /^Actions for trained/ })
    .first()
    .click()
  await page.getByRole('menuitem', { name: 'Try' }).click()
  await page.getByLabel('Task', { exact: true }).fill('301')
  await page.getByRole('button', { name: 'Start' }).click()
  await page.getByText('The horizon was reached.').waitFor()
  await expect.poll(() => timeOf(page)).toEqual([await lengthOf(page), await lengthOf(page)])
  expect(problems).toEqual([])
})

test('of a checkpoint that came as a file, episodes are recorded without any run', async () => {
  const { page, problems } = await openPage('imported', importedTiny)
  await goTo(page, '/checkpoints')
  await page.getByRole('button', { name: 'Actions for tiny.safetensors' }).click()
  await page.getByRole('menuitem', { name: 'Record episodes' }).click()
  const dialog = page.getByRole('dialog')
  expect(await dialog.getByLabel('Run or file').locator('option:checked').textContent()).toContain('tiny.safetensors')
  await dialog.getByText('Outside the arc').waitFor({ state: 'detached' })
  await dialog.getByLabel('Tasks').fill('301')
  await dialog.getByText('Outside the arc of 140°').waitFor()
  await dialog.getByLabel('Adaptation steps').fill('0, 1')
  await dialog.getByRole('button', { name: 'Record 2 episodes' }).click()
  await dialog.waitFor({ state: 'detached' })
  const rows = page.getByRole('grid', { name: 'Recorded episodes' }).getByRole('row', { name: /tiny\.safetensors/ })
  await expect.poll(() => rows.count()).toBe(2)
  await rows.filter({ hasText: 'iteration 1, after 1 step' }).getByRole('link', { name: 'Play' }).click()
  await page.getByRole('heading', { name: 'tiny.safetensors, iteration 1, after 1 step, task 301', level: 1 }).waitFor()
  expect(problems).toEqual([])
})

test('a replay is moved by the keyboard alone', async () => {
  const { page, run, ids } = await openPage('keys', recordedThree)
  await goTo(page, `/replay?episodes=${ids[0]}`)
  const slider = page.getByRole('slider', { name: 'Time' })
  await slider.waitFor()
  // It starts by itself; space pauses.
  await expect.poll(async () => (await timeOf(page))[0]).toBeGreaterThan(0)
  await slider.focus()
  await page.keyboard.press('End')
  await expect.poll(() => timeOf(page)).toEqual([STEPS, STEPS])
  await page.getByRole('button', { name: 'Play' }).waitFor()

  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('.')
  await page.keyboard.press('.')
  await page.keyboard.press(',')
  await expect.poll(async () => (await timeOf(page))[0]).toBe(2)

  // Wherever no other control takes them.
  await slider.evaluate((element) => element.blur())
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('ArrowLeft')
  await expect.poll(async () => (await timeOf(page))[0]).toBe(12)

  // The next cost event is where the data say.
  await page.keyboard.press('n')
  const first = run.episode.costs.findIndex((cost) => cost > 0) + 1
  await expect.poll(async () => (await timeOf(page))[0]).toBe(first)
  await page
    .getByText(/touches a vase|a vase moves|in a hazard/i)
    .first()
    .waitFor()
  await page.keyboard.press('End')
  await page.keyboard.press('p')
  await expect.poll(async () => (await timeOf(page))[0]).toBeLessThan(STEPS)

  await page.keyboard.press('Home')
  await page.keyboard.press('Space')
  await page.getByRole('button', { name: 'Pause' }).waitFor()
  await expect.poll(() => timeOf(page)).toEqual([STEPS, STEPS])
})

test('episodes are overlaid, in 3D, and gone ones are missed', async () => {
  const { page, ids, problems } = await openPage('overlay', recordedThree)
  await goTo(page, `/replay?episodes=${ids.join(',')},999`)
  await page.getByText('1 of 4 are not in the database any more').waitFor()
  expect(await page.getByRole('img', { name: /^Map of/ }).count()).toBe(3)
  await page.getByLabel('Maps').selectOption('On one map')
  await expect.poll(() => page.getByRole('img', { name: /^Map of/ }).count()).toBe(1)
  expect(page.url()).toContain('layout=overlay')

  await page.keyboard.press('v')
  const view = page.getByRole('img', { name: /^View of/ })
  await view.waitFor()
  const picture = await view.screenshot()
  await page.getByLabel('Camera').selectOption('From above')
  await expect.poll(async () => Buffer.compare(await view.screenshot(), picture)).not.toBe(0)
  await page.keyboard.press('v')
  await page.getByRole('img', { name: /^Map of/ }).waitFor()
  expect(problems).toEqual([])
})

test('without WebGL it says so, and stays in 2D', async () => {
  const { page, ids } = await openPage('no-webgl', recordedThree)
  await page.addInitScript(() => {
    const real = HTMLCanvasElement.prototype.getContext
    HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, kind: string, ...rest: unknown[]) {
      return kind.startsWith('webgl') ? null : Reflect.apply(real, this, [kind, ...rest])
    } as typeof real
  })
  await page.reload()
  await page.getByTestId('version').waitFor()
  await goTo(page, `/replay?episodes=${ids[0]}&view=3d`)
  await page.getByRole('alert').getByText('3D cannot be shown').waitFor()
  await page.getByRole('button', { name: 'Back to 2D' }).click()
  await page.getByRole('img', { name: /^Map of/ }).waitFor()
})

test('figure 9 is one address', async () => {
  const { page, run } = await openPage('figure-9', recordedThree)
  await goTo(page, `/replay?figure9=&runs=${run.adapted}`)
  await page.getByRole('heading', { name: 'Task 301', level: 1 }).waitFor()
  expect(await page.locator('figcaption').allTextContents()).toEqual(['Before adaptation', 'After 2 steps'])
  await page.getByLabel('Maps').selectOption('Side by side')
  await expect
    .poll(() => page.locator('figcaption').allTextContents())
    .toEqual(['C-MAML, before adaptation', 'C-MAML, after 2 steps'])
})

test('a replay is saved as PNG, SVG, WebM and JSON', async () => {
  const { page, ids, run } = await openPage('export', recordedThree)
  await goTo(page, `/replay?episodes=${ids[0]}`)
  const menu = page.getByRole('button', { name: 'Export' })
  async function save(item: string, confirm = false): Promise<Buffer> {
    // The menu of the file before is still closing: a click would find it open.
    await page.getByRole('menu').waitFor({ state: 'detached' })
    await menu.click()
    const download = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: item }).click()
    if (confirm) await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    return readFile(await (await download).path())
  }
  await page.keyboard.press('End')
  const svg = (await save('Trajectory map')).toString()
  expect(svg).toContain('<text')
  expect(svg).toContain('1 m</text>')
  const parsed = await page.evaluate((text) => {
    const root = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement
    return { name: root.nodeName, paths: root.querySelectorAll('path').length }
  }, svg)
  expect(parsed.name).toBe('svg')
  expect(parsed.paths).toBeGreaterThan(10)

  const json = JSON.parse((await save('Data')).toString()) as { episodes: { robot: number[] }[] }
  expect(json.episodes[0]!.robot).toEqual([...run.episode.robot])

  const png = await save('Filmstrip', true)
  expect(png.subarray(1, 4).toString()).toBe('PNG')
  // Six pictures beside each other.
  expect(png.readUInt32BE(16)).toBeGreaterThan(5 * png.readUInt32BE(20))

  await page.getByLabel('Speed').selectOption('0.25×')
  const webm = await save('Video')
  expect(webm.readUInt32BE(0), 'EBML').toBe(0x1a45dfa3)
  // All of the motion, and the last picture for a while: nothing that the encoder had still to do is missing.
  const motion = (STEPS * 0.02) / 0.25
  const seconds = await durationOf(webm)
  expect(seconds).toBeGreaterThan(motion + 0.3)
  expect(seconds).toBeLessThan(motion + 5)
}, 120_000)

/** As a player of its own finds it; videos that are written as they are made do not say it. */
async function durationOf(webm: Buffer): Promise<number> {
  const page = await browser.newPage()
  try {
    return await page.evaluate(async (base64) => {
      const video = document.createElement('video')
      const metadata = new Promise((resolve) => video.addEventListener('loadedmetadata', resolve, { once: true }))
      video.src = `data:video/webm;base64,${base64}`
      await metadata
      const atEnd = new Promise((resolve) => video.addEventListener('seeked', resolve, { once: true }))
      video.currentTime = 1e6
      await atEnd
      return video.currentTime
    }, webm.toString('base64'))
  } finally {
    await page.close()
  }
}

test('who asks for little motion starts it oneself', async () => {
  const { page, ids } = await openPage('calm', recordedThree)
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await goTo(page, `/replay?episodes=${ids[0]}`)
  await page.getByRole('button', { name: 'Play' }).waitFor()
  expect((await timeOf(page))[0]).toBe(0)
})

test.each(['light', 'dark'] as const)(
  'list, player and "try it" keep to the rules of accessibility (%s)',
  async (theme) => {
    const { page, ids } = await openPage(`axe-${theme}`, recordedThree)
    await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: theme })
    await page.addInitScript({ content: axe.source })
    await page.reload()
    await page.getByTestId('version').waitFor()
    for (const [address, shown] of [
      ['/replay', 'grid'],
      [`/replay?episodes=${ids.join(',')}`, 'slider'],
      ['/try', 'button'],
    ] as const) {
      await goTo(page, address)
      await page.getByRole(shown).first().waitFor()
      // Channels of the paper, 0 to 255: what is tested is the theme that is named.
      const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
      expect(
        paper
          .match(/[\d.]+/g)!
          .slice(0, 3)
          .every((channel) => Number(channel) > 128),
      ).toBe(theme === 'light')
      const { violations } = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run())
      expect(violations.map(({ id, nodes }) => `${address}: ${id} ${nodes[0]?.html}`)).toEqual([])
    }
  },
)

/** What the database holds before the page opens. */
type Fill<T> = (store: Store) => T

function trainedTiny(store: Store): { readonly adapted: string } {
  const config = tinyConfig()
  const { id } = store.createRun(metaTraining({ name: 'trained', config }))
  const state = { ...initialTrainingState(config), iteration: 1 }
  store.commitIteration(id, { ...iterationResult(1), state }, true)
  const { id: adapted } = store.createRun(fineTuning({ name: 'adapted', config, tasks: [301, 302] }))
  store.declareInitialisations(adapted, [{ label: 'C-MAML', checkpoint: store.checkpoint(`${id}@1`).id }])
  return { adapted }
}

function importedTiny(store: Store): Record<string, never> {
  const config = tinyConfig()
  const state = { ...initialTrainingState(config), iteration: 1 }
  store.importCheckpoint(encodeCheckpoint({ config, state }), 'tiny.safetensors')
  return {}
}

/** Three episodes that push vases: two of a fine-tuning, one of a training's policy. */
function recordedThree(store: Store) {
  const { adapted } = trainedTiny(store)
  const { episode } = driveIntoVases({ options: { horizon: STEPS } })
  const key = { run: adapted, initialisation: 0, iteration: 0, task: 301, step: 0, episode: 0, stochastic: true }
  const ids = [0, 1, 2].map(
    (i) =>
      saveEpisodeAs(store, { ...key, step: i === 0 ? 0 : 2, episode: i === 2 ? 1 : 0 }, { ...episode, task: 301 }).id,
  )
  return { adapted, episode, ids }
}

/** The built page over a database of its own. */
async function openPage<T>(name: string, fill: Fill<T>) {
  const home = join(folder, name)
  const services = createServices({
    database: join(home, 'runs.sqlite'),
    host: 'browser',
    configurationFolder: join(home, 'configuration'),
    logFolder: join(home, 'logs'),
  })
  await services.start()
  const run = fill(await services.context.database.writable())
  const served = await serveOverHttp({ router, context: services.context, rendererFolder: RENDERER, port: 0 })
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, acceptDownloads: true })
  // Videos are encoded by the processor here, beside whatever else the tests do.
  context.setDefaultTimeout(60_000)
  const page = await context.newPage()
  const problems = problemsOf(page)
  onTestFinished(async () => {
    await context.close()
    await served.close()
    await services.stop()
  })
  await page.goto(served.url)
  await page.getByTestId('version').waitFor()
  const { ids = [] } = run as { ids?: readonly number[] }
  return { page, problems, run, ids }
}

/** Present step and last step, as the page shows them. */
async function timeOf(page: Page): Promise<number[]> {
  const slider = page.getByRole('slider', { name: 'Time' })
  return Promise.all(['aria-valuenow', 'aria-valuemax'].map(async (name) => Number(await slider.getAttribute(name))))
}

const lengthOf = async (page: Page): Promise<number> => (await timeOf(page))[1]!
