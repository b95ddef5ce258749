// The built desktop app, its main process under the Electron stand-in, its window in real Chromium.
import { existsSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { openStore } from '../../src/main/store/open.ts'
import { launchApp, type LaunchedApp } from '../electron/launch.ts'
import { metaTraining } from '../main/store/samples.ts'

let app: LaunchedApp

beforeAll(async () => {
  app = await launchApp()
})
afterAll(() => app?.close())

test('the window shows the page, and the version comes over IPC', async () => {
  await app.window.getByTestId('version').waitFor()
  expect(await app.window.getByTestId('version').textContent()).toBe(packageJson.version)
  expect(await app.window.title()).toBe('C-MAML Studio')
})

test('without a database the page says how to begin, and creates none', async () => {
  await app.window.getByText('npm run quickstart').waitFor()
  expect(existsSync(app.databaseFile)).toBe(false)
})

test('runs of the database are listed when the window gets the focus', async () => {
  const store = await openStore(app.databaseFile, { appVersion: packageJson.version, mode: 'create' })
  store.createRun(metaTraining({ name: 'first of all' }))
  store.close()
  await app.window.evaluate(() => void window.dispatchEvent(new Event('focus')))
  await app.window.getByRole('row', { name: 'first of all' }).waitFor()
  await app.window.getByText(app.databaseFile).waitFor()
})

test('the smallest usual window shows every column of the runs, with the ids that commands take', async () => {
  const store = await openStore(app.databaseFile, { appVersion: packageJson.version, mode: 'existing' })
  const name = 'a rather long name of a run, as people give them (fine-tuning)'
  const { id } = store.createRun(metaTraining({ name }))
  store.close()
  await app.window.setViewportSize({ width: 1024, height: 700 })
  await app.window.evaluate(() => void window.dispatchEvent(new Event('focus')))
  const row = app.window.getByRole('row', { name })
  await row.waitFor()
  expect(await row.textContent()).toContain(id)
  expect(await row.getByRole('cell').last().textContent()).toContain(String(new Date().getFullYear()))
  const overflow = await app.window.evaluate(() => document.querySelector('table')!.scrollWidth - window.innerWidth)
  expect(overflow).toBeLessThanOrEqual(0)
})

test('the page asks again after a reload', async () => {
  await app.window.reload()
  await app.window.getByTestId('version').waitFor()
})

test('preload exposes one function and nothing of Node', async () => {
  const seen = await app.window.evaluate(() => ({
    bridge: typeof window.connectToMain,
    node: ['require', 'process', 'Buffer', 'module'].filter((name) => name in window),
  }))
  expect(seen).toEqual({ bridge: 'function', node: [] })
})

test('the page cannot leave, nor open a window', async () => {
  const before = app.window.url()
  await app.window.evaluate(() => {
    window.location.href = 'https://example.com/'
  })
  const opened = app.window.context().waitForEvent('page')
  await app.window.evaluate(() => void window.open('https://example.com/'))
  const popup = await opened
  await expect.poll(() => popup.isClosed()).toBe(true)
  expect(app.window.url()).toBe(before)
})

test('inline script does not run', async () => {
  const ran = await app.window.evaluate(() => {
    const script = document.createElement('script')
    script.textContent = 'document.title = "injected"'
    document.head.append(script)
    return document.title
  })
  expect(ran).toBe('C-MAML Studio')
})

test('a message from a frame of another origin is refused', async () => {
  await app.window.evaluate(() => {
    const frame = document.createElement('iframe')
    frame.srcdoc = '<p>foreign</p>'
    document.body.append(frame)
  })
  const child = () => app.window.frames().find((frame) => frame.parentFrame() !== null)
  await expect.poll(() => child()?.url()).toBe('about:srcdoc')
  await child()?.evaluate(() => {
    const send = window.connectToMain?.(() => {})
    send?.('{}')
  })
  await expect.poll(() => app.output()).toContain('Refused a message from about:srcdoc')
})
