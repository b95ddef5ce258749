import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { strToU8, unzipSync, zipSync } from 'fflate'
import { expect, it } from 'vitest'
import { bands, BOOTSTRAP } from '../../../../src/core/study/comparison/bands.ts'
import type { ComparisonLayout } from '../../../../src/core/study/comparison/layout.ts'
import { completePart } from '../../../../src/core/study/comparison/part.ts'
import { bundleIn } from '../../../../src/main/export/bundle.ts'
import { comparisonBundle, comparisonZip, importComparison } from '../../../../src/main/services/compare/bundle.ts'
import { fileStem, reportFile, reportOf } from '../../../../src/main/services/compare/report.ts'
import { comparisonData } from '../../../../src/main/services/compare/saved.ts'
import type { CurvesPanel, MatrixPanel, ScatterPanel } from '../../../../src/core/study/figure-data.ts'
import type { Store } from '../../../../src/main/store/store.ts'
import { keptLayout, usualLayout } from '../../../../src/renderer/compare/layout.ts'
import { testStore } from '../../store/fixtures.ts'
import { storeStudy } from './stored-study.ts'

/** Of the page, which only a browser runs. */
const PANELS = readFileSync(join(import.meta.dirname, '../../../../src/renderer/compare/panels/panels.ts'), 'utf8')

const HOSTILE = '<script>alert(1)</script> & "quotes"'

function kept(store: Store) {
  const study = storeStudy(store)
  const saved = store.comparisons.save({
    name: HOSTILE,
    runs: study.runs,
    notes: `${HOSTILE}\nsecond line`,
    layout: { band: 'bootstrap-iqm', tasks: 'training' },
  })
  return { ...study, source: { comparison: saved.id } }
}

it('a report is one page that runs nothing, loads nothing and shows names as they are', async () => {
  const store = await testStore()
  const { source, runs } = kept(store)
  const { name, type, bytes } = reportFile(store, source)
  expect([name, type]).toEqual(['script-alert-1-script-quotes.html', 'text/html'])
  const html = new TextDecoder().decode(bytes)
  // Clip paths are within the page.
  expect(html.match(/<script|<link|<img|<iframe|\son\w+=|\sstyle=|url\((?!#)|@import|(href|src)\s*=/i)).toBeNull()
  expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;quotes&quot;\nsecond line')
  expect(html).toMatch(/Content-Security-Policy" content="default-src 'none'; style-src 'sha256-[^']+'"/)
  expect(html).toContain('N = 3 tasks of environment-2 (3 training) and 2 seeds.')
  expect(html).toContain('bootstrap resamples of whole runs and whole tasks')
  const { figures, trainingFigures } = reportOf(store, source)
  expect(html.match(/<svg /g)).toHaveLength(figures.length + trainingFigures.length)
  for (const run of runs) expect(html).toContain(run)
  expect(html).toContain('MuJoCo 3.14.0')
  const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id)
  expect(new Set(ids).size).toBe(ids.length)
})

it('a report holds every panel that the page holds', async () => {
  const store = await testStore()
  const { source, trainings } = kept(store)
  const { figures, trainingFigures, tables } = reportOf(store, source)
  // The last two, interaction budgets and differing settings, are tables of the report itself.
  const panels = [...PANELS.matchAll(/framed\('([\w-]+)'/g)].map(([, id]) => id!).slice(0, -2)
  const figureOf: Record<string, string> = { cost: 'cost-steps', violations: 'safety' }
  expect(figures.map(({ id }) => id)).toEqual(['adaptation', ...panels.map((id) => figureOf[id] ?? id)])
  const [scatter, heatMap] = ['tasks', 'heat-map'].map((id) => figures.find((one) => one.id === id)!.panels)
  expect(scatter!.map(({ title }) => title)).toEqual(['C-MAML', 'random'])
  const [task] = (scatter![0] as ScatterPanel).groups[0]!.points
  expect(task).toMatchObject({ name: 'task 1' })
  const cost = heatMap![1] as MatrixPanel
  expect([cost.rows, cost.columns, cost.middle]).toEqual([['C-MAML', 'random'], ['1', '3', '5'], 5])
  // A task has the same cost there as beside its return.
  expect(cost.values[0]).toBe(task!.x)

  const [curves] = trainingFigures
  expect(curves!.id).toBe('training')
  const drawn = curves!.panels[0] as CurvesPanel
  expect(drawn.series.map(({ label, n, x }) => [label, n, x[0], x.at(-1)])).toEqual([
    ['all runs', trainings.length, 1, 2],
  ])
  expect(tables.map(({ title }) => title)).toContain('Results of trainings')
})

it('a report shows tasks and trainings as its layout says', async () => {
  const store = await testStore()
  const { runs } = storeStudy(store)
  const { figures, trainingFigures } = reportOf(
    store,
    { runs },
    {
      ...{ tasks: 'all', step: 1, sort: { by: '=random', descending: true } },
      training: { metrics: ['costBefore', 'of another version'], x: 'returnBefore', groupBy: [], result: 'best' },
    },
  )
  const heatMap = figures.find(({ id }) => id === 'heat-map')!
  expect(heatMap.title).toContain('after step 1')
  expect(heatMap.caption).toContain('Tasks by random, falling')
  const random = (heatMap.panels[0] as MatrixPanel).values.slice(4)
  expect(random).toEqual(random.toSorted((a, b) => b - a))
  const curves = trainingFigures[0]!.panels as CurvesPanel[]
  expect(curves).toHaveLength(1)
  expect(curves[0]).toMatchObject({ turning: true, x: { label: expect.stringContaining('episode return') } })
  expect(curves[0]!.series).toHaveLength(2)
})

it('a report of what nobody has saved is as the page shows it', async () => {
  const store = await testStore()
  const { runs } = storeStudy(store)
  const captionOf = (layout?: ComparisonLayout) => reportOf(store, { runs }, layout).figures[0]!.caption
  // Three of the tasks were trained on: by itself it is about the other one.
  expect(captionOf()).toContain('N = 1 task of environment-2 (1 held-out)')
  expect(captionOf({ tasks: 'all' })).toContain('N = 4 tasks')
  expect(reportOf(store, { runs }).data.title).toBe('environment-2: 2 initialisations x 1 task x 2 seeds')
  expect(reportOf(store, { runs }, { tasks: 'all' }).data.title).toContain('x 4 tasks x')
  expect(captionOf({ tasks: 'held-out', band: 'sd-seeds' })).toMatch(/N = 1 task .*one standard deviation/s)
})

it('a report draws what the page draws, with the same intervals', async () => {
  const store = await testStore()
  const { runs } = storeStudy(store)
  const usual = usualLayout(comparisonData(store, { runs }))
  const source = {
    comparison: store.comparisons.save({ name: 'usual', runs, notes: '', layout: keptLayout(usual, usual) }).id,
  }
  const { figures, data } = reportOf(store, source)
  const { meaning, curves } = bands(completePart(data, usual), 'return', usual.band, BOOTSTRAP)
  const [drawn] = figures
  expect(drawn!.caption).toContain(meaning)
  expect(meaning).toContain('10,000')
  expect(drawn!.panels[0]).toMatchObject({
    series: curves.map(({ label, low, high }) => ({ label, low: [...low!], high: [...high!] })),
  })
})

it('a bundle brings the comparison with its runs to another installation', async () => {
  const store = await testStore()
  const { source, runs, trainings } = kept(store)
  const bundle = await comparisonBundle(store, source, { episodes: false, trainings: true })
  const other = await testStore()
  const { comparisons, runs: imported } = await importComparison(other, bundle.bytes, bundle.name)
  expect(imported.map(({ sourceRun }) => sourceRun).sort()).toEqual([...runs, ...trainings].sort())
  const [row] = other.comparisons.list()
  expect(comparisons).toEqual([{ id: row!.id, name: HOSTILE, added: true }])
  expect(row).toMatchObject({ notes: `${HOSTILE}\nsecond line`, layout: { tasks: 'training' }, missing: 0 })
  const there = comparisonData(other, { comparison: row!.id })
  const here = comparisonData(store, source)
  expect(there.values).toEqual(here.values)
  expect(there.initialisations.map(({ trainings: of }) => of.length)).toEqual([2, 0])

  // Again: nothing is new, and a comparison that was removed meanwhile is back.
  other.comparisons.remove(row!.id)
  const again = await importComparison(other, bundle.bytes, bundle.name)
  expect(again.comparisons).toEqual([{ id: row!.id, name: HOSTILE, added: true }])
  expect(other.comparisons.list()).toHaveLength(1)
  other.deleteSource(row!.source!)
  expect(other.comparisons.list()).toEqual([])
})

it('without the trainings, a bundle has the checkpoints that were started from', async () => {
  const store = await testStore()
  const { source, runs } = kept(store)
  const bundle = await comparisonBundle(store, source, { episodes: false, trainings: false })
  const other = await testStore()
  const { comparisons, runs: imported } = await importComparison(other, bundle.bytes, 'x.cmaml')
  expect(imported).toHaveLength(runs.length)
  const { initialisations } = comparisonData(other, { comparison: comparisons[0]!.id })
  expect(initialisations[0]).toMatchObject({
    label: 'C-MAML',
    trainingSteps: 2000,
    trainings: [{ run: null }, { run: null }],
  })
})

it('a zip holds files that other programs read, and the bundle', async () => {
  const store = await testStore()
  const { source, runs, trainings } = kept(store)
  const { bytes, name } = await comparisonZip(store, source, { episodes: false, trainings: true })
  const files = unzipSync(bytes)
  const names = Object.keys(files)
  expect(names).toEqual(expect.arrayContaining(['README.txt', 'report.html', 'data.csv', 'comparison.cmaml']))
  for (const id of ['adaptation', 'tasks', 'heat-map', 'profiles', 'safety', 'improvement', 'training'])
    for (const ending of ['svg', 'png', 'csv']) expect(names).toContain(`figures/${id}.${ending}`)
  for (const run of [...runs, ...trainings]) expect(names).toContain(`settings/${run}.json`)
  expect(names.filter((one) => one.startsWith('checkpoints/c-maml-seed-'))).toHaveLength(2)
  const rows = new TextDecoder().decode(files['data.csv']).trim().split('\n')
  expect(rows[0]).toBe(
    'initialisation,training_seed,fine_tuning_seed,task,origin,step,return,cost,goals,transitions,run',
  )
  // 2 initialisations x 2 seeds x 4 tasks x 3 policies.
  expect(rows).toHaveLength(1 + 48)
  const other = await testStore()
  const { comparisons, runs: imported } = await importComparison(other, bytes, name)
  expect([comparisons.length, imported.length]).toEqual([1, runs.length + trainings.length])
})

it('a zip that is damaged or of something else is refused with the reason', () => {
  const foreign = zipSync({ 'a.txt': strToU8('text') })
  expect(() => bundleIn(foreign, 'a.zip')).toThrow(
    'a.zip is not the zip of a comparison: it holds no comparison.cmaml.',
  )
  expect(() => bundleIn(foreign.subarray(0, 40), 'a.zip')).toThrow('a.zip is cut short or damaged')
  const honest = zipSync({ 'comparison.cmaml': new Uint8Array(1000) })
  // The central directory claims more than is ever unpacked.
  const lying = honest.slice()
  const directory = Buffer.from(lying.buffer).lastIndexOf(Buffer.from('PK\u0001\u0002', 'latin1'))
  new DataView(lying.buffer).setUint32(directory + 24, 0x7fffffff, true)
  expect(() => bundleIn(lying, 'a.zip')).toThrow(/has \d+ bytes, at most 268435456 are allowed/)
})

it('files are named by letters, digits and dashes', () => {
  expect(fileStem('Figure 4: Übersicht / ..\\x')).toBe('figure-4-u-bersicht-x')
  expect(fileStem('***')).toBe('comparison')
})
