/** Twenty iterations a second, committed by another process than the server, to a page that shows them: does memory grow? */
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { openStore } from '../../src/main/store/open.ts'
import { config, iterationResult, metaTraining } from '../../test/main/store/samples.ts'
import { median, type Measurement } from './measurement.ts'
import { openPage, RUN_LINE } from './page.ts'
import { serve } from './served.ts'

const PER_SECOND = 20
const SAMPLES = 12

export async function liveUpdates(browser: Browser, folder: string, minutes: number): Promise<Measurement[]> {
  const database = join(folder, 'live.sqlite')
  const store = await openStore(database, { appVersion: '0.0.0-bench', mode: 'create' })
  const total = Math.ceil(2 * PER_SECOND * 60 * minutes) + 1000
  const { id } = store.createRun(metaTraining({ name: 'live', total, config: config({ meta: { iterations: total } }) }))
  let iteration = 0
  const commit = () => store.commitIteration(id, iterationResult(++iteration), false)
  commit()
  const served = await serve(database)
  const opened = await openPage(browser)
  const begun = performance.now()
  const writer = setInterval(() => {
    const due = Math.min(3, ((performance.now() - begun) / 1000) * PER_SECOND - iteration)
    for (let i = 0; i < due; i++) commit()
  }, 1000 / PER_SECOND)
  try {
    await opened.page.goto(served.url)
    await opened.page.locator(RUN_LINE).first().waitFor()
    await opened.page.evaluate((hash) => (location.hash = hash), `#/run/${id}`)
    await opened.page.locator('[role=img] canvas').first().waitFor()
    const [heaps, nodes, servers]: number[][] = [[], [], []]
    const before = await opened.busy()
    for (let i = 0; i < SAMPLES; i++) {
      await opened.page.waitForTimeout((minutes * 60_000) / SAMPLES)
      const memory = await opened.memory()
      heaps!.push(memory.heap)
      nodes!.push(memory.nodes)
      servers!.push(served.memory() ?? Number.NaN)
    }
    const seconds = (performance.now() - begun) / 1000
    const busy = (await opened.busy()) - before
    // A page holds up to 1800 stretches of a run before it reads coarser ones, so the first third fills up.
    const growth = (values: readonly number[]) => 100 * (median(values.slice(8)) / median(values.slice(4, 8)) - 1)
    return [
      {
        what: `growth of the page's memory, last over middle third of ${minutes} min`,
        unit: '%',
        result: growth(heaps!),
        goal: 10,
        baseline: { what: 'MB in use in the middle third', value: median(heaps!.slice(4, 8)) },
      },
      { what: 'growth of nodes of the document', unit: '%', result: growth(nodes!), goal: 10, baseline: null },
      { what: "growth of the server's resident memory", unit: '%', result: growth(servers!), goal: 20, baseline: null },
      {
        what: 'iterations written',
        unit: 'per s',
        result: iteration / seconds,
        goal: PER_SECOND - 1,
        atLeast: true,
        baseline: null,
      },
      {
        what: "the page's processor time",
        unit: 'ms per s',
        result: busy / (minutes * 60),
        goal: null,
        baseline: null,
      },
    ]
  } finally {
    clearInterval(writer)
    await opened.close()
    await served.close()
    store.finishRun(id, { status: 'stopped' })
    store.close()
  }
}
