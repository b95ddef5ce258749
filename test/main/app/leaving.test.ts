// Closing and quitting while jobs run: every answer to the question. The jobs are the test's, the app is the real one.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { join } from 'node:path'
import { driver, launchApp, type LaunchedApp } from '../../electron/launch.ts'
import type { TestedWork } from '../../electron/working-main.ts'

declare global {
  /** In the main process. */
  var tested: TestedWork
  var shownQuestions: { message: string; buttons: string[] }[]
  var blockers: number[]
}

const JOB = { name: 'quickstart', done: 3, total: 20 }
const ANSWER = { background: 0, stop: 1, cancel: 2 }

// The program starts from its sources, which Electron's own Node does not promise to run.
describe.skipIf(driver.name === 'electron')('with a job running', () => {
  let app: LaunchedApp

  beforeEach(async () => {
    app = await launchApp(join(import.meta.dirname, '../../electron/working-main.ts'))
    await expect.poll(visible).toBe(true)
    await app.evaluate(({ powerSaveBlocker }, job) => {
      const start = powerSaveBlocker.start
      globalThis.blockers = []
      powerSaveBlocker.start = (type) => {
        const id = start(type)
        blockers.push(id)
        return id
      }
      tested.begin(job)
    }, JOB)
  })
  afterEach(() => app.close())

  const visible = () => app.evaluate(({ BrowserWindow }, _) => BrowserWindow.getAllWindows()[0]?.isVisible(), null)
  const asked = () => app.evaluate((_, __) => tested.asked, null)
  const questions = () => app.evaluate((_, __) => shownQuestions, null)
  const close = () => app.evaluate(({ BrowserWindow }, _) => BrowserWindow.getAllWindows()[0]?.close(), null)
  const quit = () => app.evaluate((electron, _) => electron.app.quit(), null)
  const end = (how: 'done' | 'stopped' | 'failed', reason: string | null = null) =>
    // Later, since the app may end before it could answer.
    app.evaluate((_, job) => void setTimeout(() => tested.end(job)), { name: 'quickstart', how, reason, run: 'r1' })
  const answerWith = (response: number) =>
    app.evaluate(({ dialog }, answer) => {
      globalThis.shownQuestions = []
      const record = (...args: unknown[]) => {
        const { message, buttons } = args.at(-1) as { message: string; buttons: string[] }
        shownQuestions.push({ message, buttons })
        return Promise.resolve({ response: answer, checkboxChecked: false })
      }
      dialog.showMessageBox = record as typeof dialog.showMessageBox
    }, response)

  test('cancelled, everything stays', async () => {
    await answerWith(ANSWER.cancel)
    await close()
    expect(await questions()).toEqual([
      {
        message: 'quickstart is still training.',
        buttons: ['Keep Training in the Background', 'Stop After This Iteration', 'Cancel'],
      },
    ])
    expect(await visible()).toBe(true)
    expect(await asked()).toEqual([])
  })

  test('in the background the window hides, a second start shows it, and quitting asks again', async () => {
    await answerWith(ANSWER.background)
    await close()
    await expect.poll(visible).toBe(false)
    await quit()
    await expect.poll(async () => (await questions()).length).toBe(2)
    expect(await app.secondInstance()).toBe(0)
    await expect.poll(visible).toBe(true)
    expect(await asked()).toEqual([])
  })

  test('stopped, it ends when the iteration has ended, and services stop in order', async () => {
    await answerWith(ANSWER.stop)
    await close()
    await expect.poll(asked).toEqual(['stop'])
    expect(await visible()).toBe(true)
    await end('stopped')
    expect(await app.exited).toBe(0)
    expect(app.output()).toContain('Stopped in order.')
  })

  test('stopped where the app stays without a window, it works again when a window opens', async () => {
    await answerWith(ANSWER.stop)
    await app.evaluate((_, value) => void Object.defineProperty(process, 'platform', { value }), 'darwin')
    await close()
    await expect.poll(asked).toEqual(['stop'])
    await end('stopped')
    await expect.poll(visible).toBeUndefined()
    expect(await asked()).toEqual(['stop'])
    await app.evaluate((electron, _) => void electron.app.emit('activate'), null)
    await expect.poll(visible).toBe(true)
    expect(await asked()).toEqual(['stop', 'go on'])
  })

  test('while it is stopping, a second try may end it at once', async () => {
    await answerWith(ANSWER.stop)
    await quit()
    await expect.poll(asked).toEqual(['stop'])
    await answerWith(1)
    await quit()
    await expect.poll(asked).toEqual(['stop', 'abort'])
    expect(await questions()).toEqual([
      { message: 'quickstart is still finishing an iteration.', buttons: ['Wait', 'Stop Now'] },
    ])
    await end('stopped')
    expect(await app.exited).toBe(0)
  })

  test('the system stays awake until the job ends; a click on the notification opens its run', async () => {
    const awake = () =>
      app.evaluate(({ powerSaveBlocker }, _) => blockers.some((id) => powerSaveBlocker.isStarted(id)), null)
    await app.evaluate(({ Notification }, _) => {
      const show = Notification.prototype.show
      Notification.prototype.show = function () {
        show.call(this)
        this.emit('click')
      }
    }, null)
    await app.evaluate((_, job) => {
      tested.end({ name: 'quickstart', how: 'stopped', reason: null, run: 'r1' })
      tested.begin(job)
    }, JOB)
    expect(await awake()).toBe(true)
    await end('failed', 'The disk is full.')
    await expect.poll(awake).toBe(false)
    await expect.poll(() => app.output()).toContain('Notification: quickstart failed (The disk is full.)')
    await expect.poll(() => app.output()).toContain('Command: runs.open r1')
  })
})
