import { expect, test } from 'vitest'
import { storeStudy, studyTasks } from '../../services/compare/stored-study.ts'
import { testStore } from '../../store/fixtures.ts'
import { iterationResult, metaTraining } from '../../store/samples.ts'
import { startProgram } from './program.ts'

test('comparisons are suggested, kept, shown, removed and brought back', async () => {
  const { client, database } = await startProgram()
  expect(await client.comparisons.list()).toEqual([])
  expect(await client.comparisons.suggest()).toEqual([])
  const tasks = studyTasks()
  const { runs } = storeStudy(await testStore(database), tasks)
  const [suggested] = await client.comparisons.suggest()
  expect(suggested).toMatchObject({ study: 'figure-4', scale: 'smoke', runs })

  const saved = await client.comparisons.save({ name: ' mine ', runs: suggested!.runs })
  expect(saved).toMatchObject({ name: 'mine', notes: '', layout: {}, missing: 0 })
  const comparison = saved.id
  await client.comparisons.setLayout({ comparison, layout: { band: 'bootstrap-iqm', hidden: ['random'] } })
  await client.comparisons.setNotes({ comparison, notes: 'first', was: '' })
  await expect(client.comparisons.setNotes({ comparison, notes: 'second', was: '' })).rejects.toMatchObject({
    code: 'CONFLICT',
    data: { notes: 'first' },
  })
  await client.comparisons.rename({ comparison, name: 'renamed' })
  expect(await client.comparisons.list()).toMatchObject([
    { name: 'renamed', notes: 'first', layout: { band: 'bootstrap-iqm', hidden: ['random'] } },
  ])
  const data = await client.comparisons.data({ comparison })
  expect(data.title).toBe('renamed')
  expect(data.tasks.map(({ seed }) => seed)).toEqual(tasks)
  expect(data.values.cost).toBeInstanceOf(Float64Array)

  const { purgeAt } = await client.bin.put({ runs: [], comparisons: [comparison] })
  expect(purgeAt).toBeGreaterThan(Date.now())
  await expect(client.comparisons.data({ comparison })).rejects.toMatchObject({
    message: expect.stringContaining('There is no comparison') as string,
  })
  await client.bin.restore({ runs: [], comparisons: [comparison] })
  expect(await client.comparisons.list()).toHaveLength(1)

  await expect(client.comparisons.save({ name: 'mine', runs, layout: { band: 'no' } as never })).rejects.toThrow()
})

test('a report and a zip are written by a process of their own, and another program imports the zip', async () => {
  const { client, database } = await startProgram()
  const { runs, trainings } = storeStudy(await testStore(database))
  const { id: comparison } = await client.comparisons.save({ name: 'to go', runs })
  const report = await client.comparisons.report({ source: { comparison }, layout: { tasks: 'held-out' } })
  expect(report).toMatchObject({ name: 'to-go.html', type: 'text/html' })
  expect(new TextDecoder().decode(report.bytes)).toMatch(/<h1>to go<\/h1>.*1 held-out/s)
  await expect(client.comparisons.report({ source: { study: 'figure-4', scale: 'paper' } })).rejects.toMatchObject({
    code: 'BAD_REQUEST',
    message: expect.stringContaining('no results of figure-4 at scale paper') as string,
  })
  const zip = await client.comparisons.bundle({ comparison, format: 'zip' })
  const other = await startProgram()
  const imported = await other.client.comparisons.import({ name: zip.name, bytes: zip.bytes })
  expect(imported.added).toBe(runs.length + trainings.length)
  expect(await other.client.comparisons.list()).toMatchObject([
    { id: imported.comparisons[0], name: 'to go', source: 'to-go' },
  ])
})

test('series of many runs come at once, with what differs between them', async () => {
  const { client, database } = await startProgram()
  const store = await testStore(database)
  const { trainings } = storeStudy(store)
  const [first, second] = trainings as [string, string]
  const overlay = await client.metrics.overlay({
    runs: [first, second],
    metrics: ['returnAfter', 'lambda'],
    buckets: 50,
  })
  expect(overlay.map(({ run, series }) => [run, series.map(({ metric }) => metric)])).toEqual([
    [first, ['returnAfter', 'lambda']],
    [second, ['returnAfter', 'lambda']],
  ])
  const value = (iteration: number) => iterationResult(iteration).record.metrics.returnAfter!
  const results = await client.runs.results({ runs: [first, second], metrics: ['returnAfter'] })
  expect(results.settings).toEqual([{ path: 'seed', values: [1, 2] }])
  expect(results.metrics[0]!.values[1]).toEqual({
    count: 2,
    last: value(2),
    late: value(2),
    mean: expect.closeTo((value(1) + value(2)) / 2, 10) as number,
    lowest: Math.min(value(1), value(2)),
    highest: Math.max(value(1), value(2)),
  })
  const { id: empty } = store.createRun(metaTraining({ name: 'nothing yet' }))
  const none = await client.runs.results({ runs: [empty], metrics: ['returnAfter'] })
  expect(none.metrics[0]!.values[0]).toMatchObject({ count: 0, last: null, mean: null })
  expect(none.best).toEqual([{ return: null, cost: null }])
})
