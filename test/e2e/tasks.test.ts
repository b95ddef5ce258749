// The gallery of tasks, from the pictures of a distribution to one task and what runs found on it.
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { fineTuneResult, fineTuning } from '../main/store/samples.ts'
import { fillStore, openApp } from './opened-app.ts'

let run: string
const app = openApp((home) =>
  fillStore(home, (store) => {
    run = store.createRun(fineTuning({ name: 'adapted' })).id
    store.declareInitialisations(run, [{ label: 'random', checkpoint: null }])
    for (const task of [1, 3, 5, 7]) store.commitFineTuneResult(run, 0, fineTuneResult(task))
    store.finishRun(run, { status: 'completed' })
  }),
)

const grid = () => app.page.getByRole('grid', { name: 'Tasks' })
const cells = () => grid().getByRole('gridcell')
const seeds = () => cells().getByRole('link').allTextContents()

test('by keyboard alone: to the gallery, through it, into a task and on to the next', async () => {
  await app.page.keyboard.press('g')
  await app.page.keyboard.press('t')
  await cells().first().waitFor()
  await app.page.getByText('222 tasks').waitFor()
  expect((await seeds()).slice(0, 4)).toEqual(['1', '3', '5', '7'])
  // The grid has the focus: its arrows work at once.
  await app.page.keyboard.press('ArrowRight')
  await app.page.keyboard.press('Space')
  await app.page.getByText('222 tasks, 1 selected').waitFor()
  await app.page.keyboard.press('Enter')
  await app.page.getByRole('heading', { name: 'Task 3', level: 1 }).waitFor()
  await app.page.keyboard.press('n')
  await app.page.getByRole('heading', { name: 'Task 5', level: 1 }).waitFor()
  await app.page.getByRole('cell', { name: 'random' }).waitFor()
  expect(await app.page.getByRole('link', { name: 'adapted' }).getAttribute('href')).toBe(`#/run/${run}`)
})

test('an address that is not shown as it says tells in which points', async () => {
  await app.page.goto(new URL('/#/tasks?world=zzz&from=0&to=100000', app.page.url()).href)
  await app.page.getByText('There is no world “zzz”').waitFor()
  await app.page.getByText('0 to 4999, not to 100').waitFor()
  await app.page.goto(new URL('/#/tasks', app.page.url()).href)
  await app.page.getByText('There is no world').waitFor({ state: 'detached' })
})

test('tasks are filtered, sorted, and coloured by results; the address keeps it all', async () => {
  await app.page.goto(new URL('/#/tasks', app.page.url()).href)
  const filter = app.page.getByLabel('Filter the tasks')
  await filter.fill('distance>3.5 hazards<2')
  await app.page.getByText(/^\d+ of 222 tasks$/).waitFor()
  await app.page.getByLabel('Sort by').selectOption('Sort: Distance')
  const distances = (await cells().getByTitle('Distance').allTextContents()).map((text) =>
    parseFloat(text.replace('Distance', '')),
  )
  expect(distances.length).toBeGreaterThan(1)
  expect(distances).toEqual(distances.toSorted((a, b) => a - b))
  expect(distances[0]).toBeGreaterThanOrEqual(3.5)
  await filter.fill('size>3')
  await app.page.getByText('There is no figure “size”').waitFor()
  // Costs come with results.
  await filter.fill('cost<5')
  await app.page.getByText(/asks for cost, which only results have, and none are chosen/).waitFor()
  await filter.fill('')

  await app.page.getByRole('button', { name: 'Results of runs' }).click()
  await app.page.getByLabel('adapted').click()
  await app.page.keyboard.press('Escape')
  await app.page.getByRole('img', { name: /^Cost from .* limit 5$/ }).waitFor()
  await app.page.getByLabel('Adaptation step').selectOption('before adaptation')
  await filter.fill('cost>=0')
  await app.page.getByText('4 of 222 tasks').waitFor()
  await expect.poll(() => app.page.url()).toMatch(/filter=cost/)
  await app.page.reload()
  await app.page.getByText('4 of 222 tasks').waitFor()
  expect(new Set(await seeds())).toEqual(new Set(['1', '3', '5', '7']))
})

test('another world is laid out as it was asked for, and one that cannot be is refused', async () => {
  await app.page.goto(new URL('/#/tasks?to=5&arc=360', app.page.url()).href)
  await app.page.getByText('6 tasks').waitFor()
  await app.page.getByRole('button', { name: 'Another world' }).click()
  const dialog = app.page.getByRole('dialog')
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
    .poll(() => app.page.getByLabel('World', { exact: true }).inputValue())
    .toContain('Own world (2 hazards, 0 vases')
  const hazards = await cells().locator('path.hazards').first().getAttribute('d')
  expect(hazards!.match(/Z/g)).toHaveLength(2)
})

test('the tasks shown are exported as one sheet', async () => {
  await app.page.goto(new URL(`/#/tasks?to=7&runs=${run}`, app.page.url()).href)
  await app.page.getByRole('img', { name: /^Cost from/ }).waitFor()
  await app.page.getByRole('button', { name: 'Export' }).click()
  const saved = app.page.waitForEvent('download')
  await app.page.getByRole('menuitem', { name: /as SVG/ }).click()
  const file = await (await saved).path()
  const svg = await readFile(file, 'utf8')
  expect(svg).toContain('Tasks of Environment 2')
  expect(svg).toMatch(/seed 7: \d/)
  expect(app.problems).toEqual([])
})
