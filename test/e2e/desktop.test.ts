// The built desktop app: in a real Electron where there is one; else its main process under the stand-in, its window in
// real Chromium. docs/desktop.md says what the stand-in cannot show.
import type * as Electron from 'electron'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { openStore } from '../../src/main/store/open.ts'
import { driver, driverName, launchApp, type LaunchedApp } from '../electron/launch.ts'
import { metaTraining } from '../main/store/samples.ts'

describe(`the desktop app ${driverName}`, () => {
  let app: LaunchedApp

  beforeAll(async () => {
    app = await launchApp()
  })
  afterAll(() => app?.close())

  test('the window shows the page, and the version comes over IPC', async () => {
    await app.window.getByTestId('version').waitFor()
    expect(await app.window.getByTestId('version').textContent()).toBe(packageJson.version)
    expect(await app.window.title()).toBe('Runs · C-MAML Studio')
  })

  test('without a database the page offers the quickstart, and creates none', async () => {
    await app.window.getByRole('button', { name: 'Start the quickstart' }).waitFor()
    expect(existsSync(app.databaseFile)).toBe(false)
  })

  test('a run that another program adds appears by itself', async () => {
    const store = await openStore(app.databaseFile, { appVersion: packageJson.version, mode: 'create' })
    store.createRun(metaTraining({ name: 'first of all' }))
    store.close()
    await app.window.getByRole('row', { name: 'first of all' }).waitFor()
    await app.window.getByTitle(app.databaseFile).waitFor()
  })

  test('what is done to a run over IPC is in the database', async () => {
    const row = app.window.getByRole('row', { name: 'first of all' })
    await row.click()
    await app.window.getByRole('button', { name: 'Tags …' }).click()
    await app.window.getByLabel('Add a tag').fill('desktop')
    await app.window.keyboard.press('Enter')
    await row.getByText('desktop').waitFor()
    await app.window.keyboard.press('Escape')
    const store = await openStore(app.databaseFile, { appVersion: packageJson.version, mode: 'existing' })
    expect(store.changesSince(null).rows.map(({ tags }) => tags)).toEqual([['desktop']])
    store.close()
  })

  test('in the smallest usual window the table scrolls, not the page', async () => {
    const store = await openStore(app.databaseFile, { appVersion: packageJson.version, mode: 'existing' })
    const name = 'a rather long name of a run, as people give them (fine-tuning)'
    store.createRun(metaTraining({ name }))
    store.close()
    await app.window.setViewportSize({ width: 1024, height: 700 })
    const row = app.window.getByRole('row', { name })
    await row.waitFor()
    const overflow = await app.window.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    expect(overflow).toBeLessThanOrEqual(0)
    const { right } = await row.getByText('Running').evaluate((element) => element.getBoundingClientRect())
    expect(right).toBeLessThanOrEqual(1024)
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

  test('the page cannot leave, nor open a window, nor reach the network', async () => {
    const before = app.window.url()
    await app.window.evaluate(() => {
      window.location.href = 'https://example.com/'
    })
    await app.window.evaluate(() => void window.open('https://example.com/'))
    await expect.poll(() => app.window.context().pages().length).toBe(1)
    expect(app.window.url()).toBe(before)
    const fetched = await app.window.evaluate(() => fetch('https://example.com/').then(String, (error) => error.name))
    expect(fetched).toBe('TypeError')
  })

  test('inline script does not run', async () => {
    const ran = await app.window.evaluate(() => {
      const script = document.createElement('script')
      script.textContent = 'document.title = "injected"'
      document.head.append(script)
      return document.title
    })
    expect(ran).not.toBe('injected')
  })

  test('a message from a frame of another origin is refused', async () => {
    await app.window.evaluate(() => {
      const frame = document.createElement('iframe')
      frame.srcdoc = '<p>foreign</p>'
      document.body.append(frame)
    })
    const child = () => app.window.frames().find((frame) => frame.parentFrame() !== null)
    await expect.poll(() => child()?.url()).toBe('about:srcdoc')
    if (driver.name === 'electron') {
      // The sandbox gives a frame no preload script, so it has nothing to send with.
      expect(await child()?.evaluate(() => typeof window.connectToMain)).toBe('undefined')
      return
    }
    await child()?.evaluate(() => {
      const send = window.connectToMain?.(() => {})
      send?.('{}')
    })
    await expect.poll(() => app.output()).toContain('Refused a message from about:srcdoc')
  })

  test('a frame of the page goes nowhere', async () => {
    await app.window.evaluate(() => {
      const frame = document.createElement('iframe')
      frame.src = 'app://studio/index.html'
      document.body.append(frame)
    })
    const frames = await app.window.evaluate(() =>
      [...document.querySelectorAll('iframe')].map((frame) => frame.contentDocument?.querySelector('#app') ?? null),
    )
    expect(frames.every((found) => found === null)).toBe(true)
  })

  test('the menu has its commands, once each, with accelerators', async () => {
    const items = await app.evaluate(({ Menu }, _) => {
      const flat = (menu: Electron.Menu | null | undefined): Electron.MenuItem[] =>
        (menu?.items ?? []).flatMap((item) => [item, ...flat(item.submenu)])
      return flat(Menu.getApplicationMenu()).map(({ id, role, accelerator }) => ({ id, role, accelerator }))
    }, null)
    const accelerators = items.flatMap(({ accelerator }) => (accelerator ? [String(accelerator)] : []))
    expect(new Set(accelerators).size).toBe(accelerators.length)
    for (const [id, accelerator] of [
      ['go.new-run', 'CmdOrCtrl+N'],
      ['go.runs', 'CmdOrCtrl+1'],
      ['go.settings', 'CmdOrCtrl+,'],
      ['palette.open', 'CmdOrCtrl+K'],
    ])
      expect(items.filter((item) => item.id === id).map((item) => String(item.accelerator))).toEqual([accelerator])
  })

  test('a menu command does in the page what it says', async () => {
    const choose = (id: string) =>
      app.evaluate(({ Menu }, chosen) => Menu.getApplicationMenu()?.getMenuItemById(chosen)?.click(), id)
    await choose('go.queue')
    await app.window.getByRole('heading', { name: 'Queue', level: 1 }).waitFor()
    await choose('go.runs')
    await app.window.getByRole('heading', { name: 'Runs', level: 1 }).waitFor()
  })

  test('the window comes back where it was', async () => {
    await app.evaluate(({ BrowserWindow }, bounds) => BrowserWindow.getAllWindows()[0]?.setBounds(bounds), {
      x: 40,
      y: 60,
      width: 1100,
      height: 720,
    })
    const file = join(dirname(app.databaseFile), 'window.json')
    const kept = async () => JSON.parse(await readFile(file, 'utf8').catch(() => '{}')) as unknown
    await expect
      .poll(kept)
      .toEqual({ bounds: { x: 40, y: 60, width: 1100, height: 720 }, maximised: expect.any(Boolean) })
  })

  test('a second start shows the first window again and ends', async () => {
    await app.evaluate(({ BrowserWindow }, _) => BrowserWindow.getAllWindows()[0]?.hide(), null)
    expect(await app.secondInstance()).toBe(0)
    const visible = () => app.evaluate(({ BrowserWindow }, _) => BrowserWindow.getAllWindows()[0]?.isVisible(), null)
    await expect.poll(visible).toBe(true)
  })

  test('a page that crashes is offered to be loaded again', async () => {
    await app.evaluate(({ dialog, BrowserWindow }, _) => {
      const answer = () => Promise.resolve({ response: 0, checkboxChecked: false })
      dialog.showMessageBox = answer
      BrowserWindow.getAllWindows()[0]?.webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 })
    }, null)
    await app.window.waitForEvent('load')
    await app.window.getByTestId('version').waitFor()
  })

  test('closing the window with nothing running quits', async () => {
    await app.evaluate(({ BrowserWindow }, _) => void setTimeout(() => BrowserWindow.getAllWindows()[0]?.close()), null)
    expect(await app.exited).toBe(0)
  })
})
