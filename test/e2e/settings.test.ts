// Settings that are changed while the page is still told how they were.
import { expect, test } from 'vitest'
import { openApp, PATIENCE } from './opened-app.ts'

/** The way from the program to the page takes so long (ms). */
const SLOW_MS = 1500

const app = openApp()

test('a theme that is chosen while the settings are read stays', PATIENCE, async () => {
  const { page } = app
  await page.routeWebSocket(/\/rpc$/, (socket) => {
    const program = socket.connectToServer()
    program.onMessage((message) => void setTimeout(() => socket.send(message), SLOW_MS))
  })
  await page.reload()
  const theme = (name: string) => page.getByRole('radio', { name, exact: true })
  await app.screen('Settings')
  await theme('As the system').waitFor()
  // What is known is shown, and read once more meanwhile.
  await app.screen('Runs')
  await app.screen('Settings')
  await theme('Dark').check()
  const scheme = () => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)
  expect(await scheme()).toBe('dark')
  await page.waitForTimeout(2 * SLOW_MS)
  expect(await scheme()).toBe('dark')
  expect(await theme('Dark').isChecked()).toBe(true)
})
