// Every screen in both themes, with runs and without, against axe's rules.
import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Store } from '../../src/main/store/store.ts'
import { fineTuneResult, fineTuning, iterationResult, metaTraining } from '../main/store/samples.ts'
import { fillStore, goTo } from './opened-app.ts'
import { launchBrowser, makeHome, openPage, type Home } from './served-app.ts'

const THEMES = ['light', 'dark'] as const

let home: Home
let browser: Browser

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser?.close())

describe('without runs', () => {
  let page: Page
  beforeAll(async () => {
    home = await makeHome()
    page = await pageWithAxe((await home.serve()).url)
  })
  afterAll(() => home?.remove())

  test.each([
    ['runs', '/', 'No runs yet'],
    ['a run that is not there', '/run/none', 'There is no such run'],
    ['new run', '/new', 'New run'],
    ['diff', '/diff', 'Choose two runs or more'],
    ['queue', '/queue', 'Queue'],
    ['compare', '/compare', 'Nothing to compare yet'],
    ['a comparison of nothing', '/compare?runs=none', 'This cannot be compared'],
    ['tasks', '/tasks', 'Tasks'],
    ['a task', '/task/environment-2/122', 'Task 122'],
    ['a task that is not there', '/task/moon/1', 'There is no such task'],
    ['an empty bin', '/bin', 'Bin'],
    ['SQL', '/sql', 'SQL'],
    ['settings', '/settings', 'Settings'],
    ['an address without a screen', '/nowhere', 'There is no such screen'],
  ])('%s', async (_, address, heading) => {
    await expectAccessible(page, address, heading)
  })
})

describe('with runs', () => {
  let page: Page
  let training: string
  let adaptation: string
  beforeAll(async () => {
    home = await makeHome()
    ;[training, adaptation] = await fillStore(home, fill)
    page = await pageWithAxe((await home.serve()).url)
  })
  afterAll(() => home?.remove())

  const screens: readonly (readonly [string, () => string, string])[] = [
    ['runs', () => '/', 'Runs'],
    ['charts', () => `/run/${training}`, 'trained'],
    ...['tasks', 'configuration', 'log', 'checkpoints', 'about', 'notes'].map((tab): [string, () => string, string] => [
      tab,
      () => `/run/${training}?tab=${tab}`,
      'trained',
    ]),
    ['adaptation', () => `/run/${adaptation}`, 'adapted'],
    ['diff', () => `/diff?ids=${training},${adaptation}`, 'Settings of 2 runs'],
    ['a study', () => '/new?tab=study', 'New study'],
    ['comparisons', () => '/compare', 'Compare'],
    ['a comparison', () => `/compare?runs=${adaptation}`, 'environment-2: 1 initialisation x 4 tasks x 1 seed'],
    ['tasks coloured by results', () => `/tasks?to=20&arc=360&runs=${adaptation}`, 'Tasks'],
    ['a task with results', () => '/task/environment-2/1', 'Task 1'],
    ['queue', () => '/queue', 'Queue'],
    ['the bin', () => '/bin', 'Bin'],
  ]
  test.each(screens)('%s', async (_, address, heading) => {
    await expectAccessible(page, address(), heading)
  })

  test('grouped runs with a selection and an open menu', async () => {
    await open(page, '/', 'Runs')
    await page.getByLabel('Group by').selectOption('algorithm')
    await page.getByRole('treegrid').focus()
    await page.keyboard.press('Control+a')
    await page.getByRole('button', { name: 'More actions' }).click()
    await expectBothThemes(page)
    await page.keyboard.press('Escape')
    await page.getByLabel('Group by').selectOption('')
  })

  test('the command palette and a dialog', async () => {
    await open(page, '/', 'Runs')
    await page.getByRole('button', { name: 'Commands' }).click()
    await page.getByRole('dialog').waitFor()
    await expectBothThemes(page)
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Columns' }).click()
    await page.getByRole('dialog').waitFor()
    await expectBothThemes(page)
  })
})

async function pageWithAxe(url: string): Promise<Page> {
  const { page } = await openPage(browser, url)
  // The page's policy lets nothing else in.
  await page.addInitScript({ content: axe.source })
  await page.reload()
  return page
}

function fill(store: Store): [training: string, adaptation: string] {
  const training = store.createRun(metaTraining({ name: 'trained' })).id
  for (let iteration = 1; iteration <= 5; iteration++) store.commitIteration(training, iterationResult(iteration), true)
  store.appendLog(training, 'warning', 'The cost is above the limit.')
  store.finishRun(training, { status: 'failed', reason: 'The trainer ended unexpectedly.' })
  store.organise([training], { addTags: ['paper'], pinned: true })
  store.setNotes(training, 'Look at the cost.')
  const adaptation = store.createRun(fineTuning({ name: 'adapted' })).id
  store.declareInitialisations(adaptation, [{ label: 'random', checkpoint: null }])
  for (const task of [1, 2, 3, 4]) store.commitFineTuneResult(adaptation, 0, fineTuneResult(task))
  store.finishRun(adaptation, { status: 'completed' })
  const unwanted = store.createRun(metaTraining({ name: 'unwanted' })).id
  store.finishRun(unwanted, { status: 'stopped' })
  store.bin([unwanted])
  return [training, adaptation]
}

async function expectAccessible(page: Page, address: string, heading: string): Promise<void> {
  await open(page, address, heading)
  await expectBothThemes(page)
}

async function open(page: Page, address: string, heading: string): Promise<void> {
  await goTo(page, address)
  await page.getByRole('heading', { name: heading, level: 1 }).waitFor()
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null)
}

async function expectBothThemes(page: Page): Promise<void> {
  expect(await escapes(page), 'hidden text that lengthens the page around what scrolls').toEqual([])
  for (const theme of THEMES) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    expect(await violations(page), theme).toEqual([])
  }
}

/** Hidden text that is placed by something outside of the region that it scrolls with: the page would scroll into the empty. */
const escapes = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const scrolls = (element: Element) => /auto|scroll/.test(getComputedStyle(element).overflow)
    return [...document.querySelectorAll<HTMLElement>('.visually-hidden')].flatMap((hidden) => {
      let region = hidden.parentElement
      while (region !== null && !scrolls(region)) region = region.parentElement
      const placedBy = hidden.offsetParent
      const isWithin = region === null || placedBy === null || region.contains(placedBy)
      return isWithin ? [] : [`${region?.outerHTML.slice(0, 80)}: ${hidden.outerHTML.slice(0, 80)}`]
    })
  })

/** One line for each rule that is broken, with what breaks it. */
async function violations(page: Page): Promise<string[]> {
  const { violations } = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run())
  return violations.map(
    ({ id, help, nodes }) => `${id} (${help}): ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`,
  )
}
