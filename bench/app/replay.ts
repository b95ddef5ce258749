/** Replays: frames per second and processor time per frame while twelve maps play, one map, and a view in 3D. */
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { saveEpisodeAs } from '../../src/main/services/recorded-episode.ts'
import { openStore } from '../../src/main/store/open.ts'
import { driveIntoVases } from '../../test/core/episode/episodes.ts'
import { metaTraining } from '../../test/main/store/samples.ts'
import { framesWhile } from './frames.ts'
import type { Measurement } from './measurement.ts'
import { leave, openApp, openPage } from './page.ts'
import type { Served } from './served.ts'

const MAPS = 12
const PLAYED_MS = 3000
/** A map, or a view in 3D. */
const PICTURE = 'figure canvas'

/** A database with twelve episodes of 1,000 steps, in each of which a robot pushes vases about. */
export async function replayDatabase(folder: string): Promise<string> {
  const file = join(folder, 'replays.sqlite')
  const store = await openStore(file, { appVersion: 'bench', mode: 'create' })
  const { id: run } = store.createRun(metaTraining({ name: 'replays' }))
  for (let task = 1; task <= MAPS; task++) {
    const { episode } = driveIntoVases({ task, options: { horizon: 1000 } })
    const key = { run, initialisation: null, iteration: 1, task, step: 0, episode: 0, stochastic: true }
    saveEpisodeAs(store, key, episode)
  }
  store.close()
  return file
}

export async function playReplays(browser: Browser, served: Served): Promise<Measurement[]> {
  const opened = await openPage(browser)
  const { page } = opened
  await openApp(page, served.url)
  const idle = (await framesWhile(page, () => page.waitForTimeout(1500))).rate
  async function play(address: string, maps: number) {
    await leave(page)
    await page.evaluate((to) => void (location.hash = to), address)
    await page.getByRole('button', { name: 'Pause' }).waitFor()
    await page
      .locator(PICTURE)
      .nth(maps - 1)
      .waitFor()
    const before = await opened.busy()
    const { rate, count } = await framesWhile(page, () => page.waitForTimeout(PLAYED_MS))
    const perFrame = ((await opened.busy()) - before) / count
    return { rate, perFrame }
  }
  const ids = Array.from({ length: MAPS }, (_, i) => i + 1).join(',')
  const one = await play('#/replay?episodes=1', 1)
  const twelve = await play(`#/replay?episodes=${ids}`, MAPS)
  const deep = await play('#/replay?episodes=1&view=3d', 1)
  await opened.close()
  const baseline = { what: 'the same page at rest', value: idle }
  return [
    { what: 'frames of one map, played', unit: 'per s', result: one.rate, goal: 58, atLeast: true, baseline },
    { what: "the page's processor time per frame", unit: 'ms', result: one.perFrame, goal: 16, baseline: null },
    { what: 'frames of twelve maps, played', unit: 'per s', result: twelve.rate, goal: 58, atLeast: true, baseline },
    { what: "the page's processor time per frame", unit: 'ms', result: twelve.perFrame, goal: 16, baseline: null },
    // Without a graphics card, WebGL is computed: what a card reaches is not known here.
    { what: 'frames of one view in 3D', unit: 'per s', result: deep.rate, goal: null, baseline },
  ]
}
