/**
 * The speed of the interface in real Chromium, over `cmaml serve` and the built page (`npm run build` first): a table of
 * 10,000 runs, charts over 1,000,000 iterations, and live updates. Goals are for an idle machine with two cores; beside
 * times that pass stand processor times of the page's main thread, which others on the machine do not change much.
 *
 *     node bench/app.ts [--minutes 3] [start] [filter] [charts] [pan] [gallery] [replay] [compare] [live] [bundle]
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { chromium } from 'playwright-core'
import { CHROMIUM_FLAGS, ensureChromium } from '../test/setup/chromium.ts'
import { bundleSize } from './app/bundle.ts'
import { openCharts, panCharts } from './app/charts.ts'
import { openComparison } from './app/compare.ts'
import { largeDatabase } from './app/databases.ts'
import { scrollGallery } from './app/gallery.ts'
import { liveUpdates } from './app/live.ts'
import { holds, type Measurement } from './app/measurement.ts'
import { playReplays, replayDatabase } from './app/replay.ts'
import { coldStart, filterRuns } from './app/runs-table.ts'
import { serve } from './app/served.ts'
import { formatTable } from './table.ts'

const { values, positionals } = parseArgs({
  options: { minutes: { type: 'string', default: '3' } },
  allowPositionals: true,
})
const minutes = Number(values.minutes)
if (!(minutes > 0)) throw new Error(`--minutes is ${values.minutes}, a number above 0 is needed.`)
const wanted = (name: string) => positionals.length === 0 || positionals.includes(name)

const renderer = fileURLToPath(new URL('../out/renderer', import.meta.url))
if (!existsSync(join(renderer, 'index.html'))) throw new Error('The page is not built yet: run "npm run build" first.')

const folder = mkdtempSync(join(tmpdir(), 'cmaml-bench-app-'))
const measurements: Measurement[] = []
const load = loadavg()[0]!
const browser = await chromium.launch({ executablePath: ensureChromium(), args: CHROMIUM_FLAGS })
try {
  if (wanted('bundle')) measurements.push(...bundleSize(renderer))
  if (['start', 'filter', 'charts', 'pan', 'gallery'].some(wanted)) {
    const database = await largeDatabase(folder)
    const served = await serve(database)
    try {
      if (wanted('start')) measurements.push(...(await coldStart(browser, served)))
      if (wanted('filter')) measurements.push(...(await filterRuns(browser, served)))
      if (wanted('charts')) measurements.push(...(await openCharts(browser, served, database)))
      if (wanted('pan')) measurements.push(...(await panCharts(browser, served)))
      if (wanted('gallery')) measurements.push(...(await scrollGallery(browser, served)))
    } finally {
      await served.close()
    }
  }
  if (wanted('replay')) {
    const served = await serve(await replayDatabase(folder))
    try {
      measurements.push(...(await playReplays(browser, served)))
    } finally {
      await served.close()
    }
  }
  if (wanted('compare')) measurements.push(...(await openComparison(browser, folder)))
  if (wanted('live')) measurements.push(...(await liveUpdates(browser, folder, minutes)))
} finally {
  await browser.close()
  rmSync(folder, { recursive: true, force: true })
}

const goalText = ({ goal, atLeast }: Measurement) => (goal === null ? '' : `${atLeast ? '>=' : '<='} ${goal}`)
console.log(
  formatTable({
    title: `The interface in Chromium ${browser.version()}; load of the machine when it began: ${load.toFixed(1)}`,
    columns: ['what', 'result', 'unit', 'goal', 'holds', 'beside', 'of'],
    rows: measurements.map((line) => [
      line.what,
      line.result,
      line.unit,
      goalText(line),
      { true: 'yes', false: 'NO', null: '' }[`${holds(line)}`],
      line.baseline === null ? '' : line.baseline.value.toPrecision(3),
      line.baseline?.what ?? '',
    ]),
  }),
)
// A part of the measurements does not replace all of them; live updates for an hour, as they are wanted, are a run of their own.
const part = positionals.join(' ')
if (part === '' || part === 'live') {
  const report = {
    chromium: browser.version(),
    load,
    minutes,
    measurements: measurements.map((line) => ({ ...line, holds: holds(line) })),
  }
  const file = part === 'live' ? 'results/live.json' : 'results/app.json'
  writeFileSync(new URL(file, import.meta.url), `${JSON.stringify(report, null, 2)}\n`)
}
