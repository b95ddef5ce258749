// The demonstration project in the served page, from a bundle that is made here.
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { serveOverHttp } from '../../src/main/api/http.ts'
import { router } from '../../src/main/api/router.ts'
import { createServices, type ServiceOptions } from '../../src/main/app/services.ts'
import { openStore } from '../../src/main/store/open.ts'
import { iterationResult, metaTraining } from '../main/store/samples.ts'
import { CHROMIUM_FLAGS, ensureChromium } from '../setup/chromium.ts'

const RENDERER = join(import.meta.dirname, '../../out/renderer')
const BUTTON = { name: 'Open the demonstration project' }

let folder: string
let browser: Browser
let demonstration: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cmaml-demonstration-'))
  demonstration = join(folder, 'demonstration.cmaml')
  await writeFile(demonstration, await bundleOfOneRun(join(folder, 'made.sqlite')))
  browser = await chromium.launch({ executablePath: ensureChromium(), args: CHROMIUM_FLAGS })
})
afterAll(async () => {
  await browser?.close()
  await rm(folder, { recursive: true, force: true })
})

test('is imported into the database, and its runs are listed', async () => {
  const database = join(folder, 'new-folder', 'runs.sqlite')
  const page = await openPage({ database, demonstration })
  await page.getByRole('button', BUTTON).waitFor()
  expect(existsSync(database), 'looking creates no database').toBe(false)
  await page.getByRole('button', BUTTON).click()
  await page.getByRole('row', { name: 'shown off' }).waitFor()
  expect(await page.getByRole('button', BUTTON).count()).toBe(0)

  // Deleting its runs brings the offer back, whichever program deletes them.
  const store = await openStore(database, { appVersion: 'test', mode: 'existing' })
  store.deleteSource('demonstration')
  store.close()
  await page.getByRole('button', BUTTON).waitFor()
})

test('is not offered where the program came without it', async () => {
  const page = await openPage({ database: join(folder, 'a.sqlite'), demonstration: join(folder, 'none.cmaml') })
  await page.getByText('No runs yet').waitFor()
  expect(await page.getByRole('button', BUTTON).count()).toBe(0)
})

test('a damaged one says so beside the button', async () => {
  const damaged = join(folder, 'damaged.cmaml')
  await writeFile(damaged, 'cmaml-bundle 1 00\n{}\n')
  const database = join(folder, 'b.sqlite')
  const page = await openPage({ database, demonstration: damaged })
  await page.getByRole('button', BUTTON).click()
  expect(await page.getByRole('alert').textContent()).toContain('damaged is damaged: its sha-256')
  expect(await page.getByRole('button', BUTTON).isEnabled()).toBe(true)
  expect(existsSync(database)).toBe(false)
})

async function bundleOfOneRun(database: string): Promise<Uint8Array> {
  const store = await openStore(database, { appVersion: 'test', mode: 'create' })
  const { id } = store.createRun(metaTraining({ name: 'shown off' }))
  store.commitIteration(id, iterationResult(1), false)
  store.finishRun(id, { status: 'stopped' })
  const bundle = await store.writeBundle({ runs: [id], points: null, episodes: [], description: '' })
  store.close()
  return bundle
}

/** The built page over services on other files than the user's. */
async function openPage(files: Pick<ServiceOptions, 'database' | 'demonstration'>): Promise<Page> {
  const services = createServices({
    ...files,
    host: 'browser',
    configurationFolder: join(folder, 'configuration'),
    logFolder: join(folder, 'logs'),
  })
  await services.start()
  const served = await serveOverHttp({ router, context: services.context, rendererFolder: RENDERER, port: 0 })
  const page = await browser.newPage()
  onTestFinished(async () => {
    await page.close()
    await served.close()
    await services.stop()
  })
  await page.goto(served.url)
  return page
}
