// Settings > Compute in a real browser: engines, a measurement begun and cancelled, an installation that is refused.
import { beforeAll, expect, test } from 'vitest'
import { appVersion } from '../../src/main/services/database.ts'
import { testStore } from '../main/store/fixtures.ts'
import { metaTraining, trainer } from '../main/store/samples.ts'
import { tinyConfig } from '../support/worker.ts'
import { openApp, PATIENCE } from './opened-app.ts'

// Sizes of a moment: the browser is to show times, not to wait for them.
const SIZES = ['--widths', '8', '--rows', '40,80', '--tasks', '1,2', '--engines', 'simd,tfjs/wasm']
const app = openApp((home) => home.command('bench', 'engines', ...SIZES))
beforeAll(async () => {
  await app.screen('Settings')
  await app.button('Compute').click()
}, PATIENCE.timeout)

const engine = (name: string) =>
  app.page.getByRole('listitem').filter({ has: app.page.getByText(name, { exact: true }) })

test('engines are listed with what they compute on, and the times as charts and as a table', async () => {
  await engine('tfjs/wasm').getByText('WebAssembly SIMD, one thread').waitFor()
  await engine('tfjs/webgpu').getByRole('button', { name: 'Install for WebGPU' }).waitFor()
  await app.page.getByRole('region', { name: '8 wide, 2 tasks' }).waitFor()
  await app.page.getByText('All times as a table').first().click()
  const rows = app.page.getByRole('region', { name: 'All times as a table' }).getByRole('row')
  expect(await rows.count()).toBe(5)
  expect(await rows.nth(1).innerText()).toMatch(/^8\s+1\s+40\s+[\d.e-]+\s+[\d.e-]+$/)
})

test('a value is read by keyboard', async () => {
  await app.page.getByRole('group', { name: '8 wide, 1 task: arrow keys' }).press('Home')
  await app.page.getByText(/^simd, 40 rows: [\d.e-]+ s$/).waitFor()
})

test('a measurement shows how far it is, and can be cancelled', async () => {
  await app.page.getByRole('button', { name: 'Measure now' }).click()
  await app.page.getByRole('progressbar', { name: 'Timing the engines' }).waitFor()
  await app.page.getByRole('button', { name: 'Cancel' }).click()
  await app.page.getByRole('button', { name: 'Measure now' }).waitFor()
  expect(app.problems).toEqual([])
})

test('a run whose engine is not here asks for another one, and tells what computed it', async () => {
  const { page } = app
  const store = await testStore(app.home.databaseFile, { appVersion })
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
  expect(app.problems).toEqual([])
})
