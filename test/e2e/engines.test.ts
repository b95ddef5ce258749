// Settings > Compute in a real browser: engines, a measurement begun and cancelled, an installation that is refused.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { appVersion } from '../../src/main/services/database.ts'
import { testStore } from '../main/store/fixtures.ts'
import { metaTraining, trainer } from '../main/store/samples.ts'
import { tinyConfig } from '../support/worker.ts'
import { launchBrowser, makeHome, openPage, type Home } from './served-app.ts'

let home: Home
let browser: Browser
let page: Page
let problems: readonly string[]

beforeAll(async () => {
  browser = await launchBrowser()
  home = await makeHome()
  // Sizes of a moment: the browser is to show times, not to wait for them.
  await home.command(
    'bench',
    'engines',
    '--widths',
    '8',
    '--rows',
    '40,80',
    '--tasks',
    '1,2',
    '--engines',
    'simd,tfjs/wasm',
  )
  ;({ page, problems } = await openPage(browser, (await home.serve()).url))
  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('button', { name: 'Compute' }).click()
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await home?.remove()
})

const engine = (name: string) => page.getByRole('listitem').filter({ has: page.getByText(name, { exact: true }) })

test('engines are listed with what they compute on, and the times as charts and as a table', async () => {
  await engine('tfjs/wasm').getByText('WebAssembly SIMD, one thread').waitFor()
  await engine('tfjs/webgpu').getByRole('button', { name: 'Install for WebGPU' }).waitFor()
  await page.getByRole('region', { name: '8 wide, 2 tasks' }).waitFor()
  await page.getByText('All times as a table').first().click()
  const rows = page.getByRole('region', { name: 'All times as a table' }).getByRole('row')
  expect(await rows.count()).toBe(5)
  expect(await rows.nth(1).innerText()).toMatch(/^8\s+1\s+40\s+[\d.e-]+\s+[\d.e-]+$/)
})

test('a value is read by keyboard', async () => {
  await page.getByRole('group', { name: '8 wide, 1 task: arrow keys' }).press('Home')
  await page.getByText(/^simd, 40 rows: [\d.e-]+ s$/).waitFor()
})

test('a measurement shows how far it is, and can be cancelled', async () => {
  await page.getByRole('button', { name: 'Measure now' }).click()
  await page.getByRole('progressbar', { name: 'Timing the engines' }).waitFor()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('button', { name: 'Measure now' }).waitFor()
  expect(problems).toEqual([])
})

test('a run whose engine is not here asks for another one, and tells what computed it', async () => {
  const store = await testStore(home.databaseFile, { appVersion })
  const config = tinyConfig('engine=tfjs/webgpu', 'fineTune.tasks=0')
  const identity = { ...trainer, engine: 'tfjs/webgpu' }
  const { id } = store.createRun(metaTraining({ name: 'from elsewhere', config, trainer: identity, total: 2 }))
  store.finishRun(id, { status: 'stopped' })
  store.close()
  await page.goto(page.url().replace(/#.*/, `#/run/${id}`))
  await page.getByRole('button', { name: 'Resume …' }).click()
  const dialog = page.getByRole('dialog', { name: 'Resume with another engine' })
  await dialog.getByText('tfjs/webgpu so far, which cannot be used on this machine: the package webgpu').waitFor()
  const engines = dialog.getByRole('combobox', { name: 'Engine' })
  await engines.getByRole('option', { name: 'tfjs/wasm' }).waitFor({ state: 'attached' })
  expect(await engines.getByRole('option').allTextContents()).toEqual(['simd', 'tfjs/wasm', 'tfjs/cpu'])
  expect(await engines.inputValue()).toBe('simd')
  await engines.selectOption('tfjs/wasm')
  await dialog.getByRole('button', { name: 'Resume' }).click()
  await page.getByText('2 / 2 iterations').waitFor()
  await page.getByRole('tab', { name: 'About' }).click()
  const fact = (name: string) => page.locator('dt', { hasText: name }).locator('xpath=following-sibling::dd')
  await fact('Changed on the way').getByText('engine was tfjs/webgpu and is tfjs/wasm').waitFor()
  expect(await fact('Device of the engine').innerText()).toBe('WebAssembly SIMD, one thread')
  expect(problems).toEqual([])
})
