// A page that stays open while the program under it is replaced by another version: parts of it are no longer there.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser, makeHome, openPage, type Home, type ServedApp } from './served-app.ts'

const PART = /\/assets\/SettingsView-[^/]*\.js$/

let home: Home
let served: ServedApp
let browser: Browser

beforeAll(async () => {
  home = await makeHome()
  served = await home.serve()
  browser = await launchBrowser()
}, 30_000)
afterAll(async () => {
  await browser?.close()
  await home?.remove()
})

test('offers once to load the page anew, and goes where the reader wanted to', async () => {
  const { page } = await openPage(browser, served.url)
  let loads = 0
  page.on('load', () => loads++)
  await page.route(PART, (route) => route.fulfill({ status: 404 }))
  await page.route('**/', async (route) => {
    const response = await route.fetch()
    const body = (await response.text()).replace(/assets\/index-[^"/]+\.js/, 'assets/index-of-the-new-version.js')
    await route.fulfill({ response, body })
  })
  const settings = page.getByRole('link', { name: 'Settings' })
  const message = page.getByRole('listitem').filter({ hasText: 'C-MAML Studio was updated' })
  await settings.click()
  await message.waitFor()
  await settings.click()
  await page.getByRole('link', { name: 'Queue' }).click()
  await page.getByRole('heading', { name: 'Queue', level: 1 }).waitFor()
  await settings.click()
  await expect.poll(() => message.count()).toBe(1)
  expect(await page.getByText('Something failed').count()).toBe(0)
  expect(loads, 'nothing is loaded anew unasked').toBe(0)

  await page.unrouteAll({ behavior: 'wait' })
  await message.getByRole('button', { name: 'Reload' }).click()
  await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor()
  expect(loads).toBe(1)
  await page.close()
}, 30_000)

test('a part that is missing for another reason is a failure like others', async () => {
  const { page } = await openPage(browser, served.url)
  await page.route(PART, (route) => route.fulfill({ status: 404 }))
  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByText('Something failed', { exact: true }).waitFor()
  expect(await page.getByText('C-MAML Studio was updated').count()).toBe(0)
  await page.close()
}, 30_000)
