// The gallery of tasks, from the pictures of a distribution to one task and what runs found on it.
import type { Browser, Page } from 'playwright-core'
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStore } from '../../src/main/store/open.ts'
import { fineTuneResult, fineTuning } from '../main/store/samples.ts'
import { launchBrowser, makeHome, openPage, type Home } from './served-app.ts'

let home: Home
let browser: Browser
let page: Page
let problems: readonly string[]
let run: string

beforeAll(async () => {
  browser = await launchBrowser()
  home = await makeHome()
  const store = await openStore(home.databaseFile, { appVersion: 'test', mode: 'create' })
  run = store.createRun(fineTuning({ name: 'adapted' })).id
  store.declareInitialisations(run, [{ label: 'random', checkpoint: null }])
  for (const task of [1, 3, 5, 7]) store.commitFineTuneResult(run, 0, fineTuneResult(task))
  store.finishRun(run, { status: 'completed' })
  store.close()
  ;({ page, problems } = await openPage(browser, (await home.serve()).url))
})
afterAll(async () => {
  await browser?.close()
  await home?.remove()
})

const grid = () => page.getByRole('grid', { name: 'Tasks' })
const cells = () => grid().getByRole('gridcell')
const seeds = () => cells().getByRole('link').allTextContents()

test('by keyboard alone: to the gallery, through it, into a task and on to the next', async () => {
  await page.keyboard.press('g')
  await page.keyboard.press('t')
  await cells().first().waitFor()
  await page.getByText('222 tasks').waitFor()
  expect((await seeds()).slice(0, 4)).toEqual(['1', '3', '5', '7'])
  // The grid has the focus: its arrows work at once.
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Space')
  await page.getByText('222 tasks, 1 selected').waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Task 3', level: 1 }).waitFor()
  await page.keyboard.press('n')
  await page.getByRole('heading', { name: 'Task 5', level: 1 }).waitFor()
  await page.getByRole('cell', { name: 'random' }).waitFor()
  expect(await page.getByRole('link', { name: 'adapted' }).getAttribute('href')).toBe(`#/run/${run}`)
})

test('an address that is not shown as it says tells in which points', async () => {
  await page.goto(new URL('/#/tasks?world=zzz&from=0&to=100000', page.url()).href)
  await page.getByText('There is no world “zzz”').waitFor()
  await page.getByText('0 to 4999, not to 100').waitFor()
  await page.goto(new URL('/#/tasks', page.url()).href)
  await page.getByText('There is no world').waitFor({ state: 'detached' })
})

test('tasks are filtered, sorted, and coloured by results; the address keeps it all', async () => {
  await page.goto(new URL('/#/tasks', page.url()).href)
  const filter = page.getByLabel('Filter the tasks')
  await filter.fill('distance>3.5 hazards<2')
  await page.getByText(/^\d+ of 222 tasks$/).waitFor()
  await page.getByLabel('Sort by').selectOption('Sort: Distance')
  const distances = (await cells().getByTitle('Distance').allTextContents()).map((text) =>
    parseFloat(text.replace('Distance', '')),
  )
  expect(distances.length).toBeGreaterThan(1)
  expect(distances).toEqual(distances.toSorted((a, b) => a - b))
  expect(distances[0]).toBeGreaterThanOrEqual(3.5)
  await filter.fill('size>3')
  await page.getByText('There is no figure “size”').waitFor()
  // Costs come with results.
  await filter.fill('cost<5')
  await page.getByText(/asks for cost, which only results have, and none are chosen/).waitFor()
  await filter.fill('')

  await page.getByRole('button', { name: 'Results of runs' }).click()
  await page.getByLabel('adapted').click()
  await page.keyboard.press('Escape')
  await page.getByRole('img', { name: /^Cost from .* limit 5$/ }).waitFor()
  await page.getByLabel('Adaptation step').selectOption('before adaptation')
  await filter.fill('cost>=0')
  await page.getByText('4 of 222 tasks').waitFor()
  await expect.poll(() => page.url()).toMatch(/filter=cost/)
  await page.reload()
  await page.getByText('4 of 222 tasks').waitFor()
  expect(new Set(await seeds())).toEqual(new Set(['1', '3', '5', '7']))
})

test('another world is laid out as it was asked for, and one that cannot be is refused', async () => {
  await page.goto(new URL('/#/tasks?to=5&arc=360', page.url()).href)
  await page.getByText('6 tasks').waitFor()
  await page.getByRole('button', { name: 'Another world' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Hazards').fill('60')
  await dialog.getByLabel('Vases').fill('60')
  await dialog.getByLabel('Half width').fill('1')
  await dialog.getByText('So many objects do not fit').waitFor()
  expect(await dialog.getByRole('button', { name: 'Show it' }).isDisabled()).toBe(true)
  await dialog.getByLabel('Hazards').fill('2')
  await dialog.getByLabel('Vases').fill('0')
  await dialog.getByLabel('Half width').fill('1.5')
  await dialog.getByRole('button', { name: 'Show it' }).click()
  await expect
    .poll(() => page.getByLabel('World', { exact: true }).inputValue())
    .toContain('Own world (2 hazards, 0 vases')
  const hazards = await cells().locator('path.hazards').first().getAttribute('d')
  expect(hazards!.match(/Z/g)).toHaveLength(2)
})

test('the tasks shown are exported as one sheet', async () => {
  await page.goto(new URL(`/#/tasks?to=7&runs=${run}`, page.url()).href)
  await page.getByRole('img', { name: /^Cost from/ }).waitFor()
  await page.getByRole('button', { name: 'Export' }).click()
  const saved = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: /as SVG/ }).click()
  const file = await (await saved).path()
  const svg = await readFile(file, 'utf8')
  expect(svg).toContain('Tasks of Environment 2')
  expect(svg).toMatch(/seed 7: \d/)
  expect(problems).toEqual([])
})
