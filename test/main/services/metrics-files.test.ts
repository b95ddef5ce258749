import { parquetReadObjects } from 'hyparquet'
import { expect, it } from 'vitest'
import { metricsFiles, type MetricsFile } from '../../../src/main/services/metrics-files.ts'
import { testStore } from '../store/fixtures.ts'
import { fineTuneResult, fineTuning, iterationResult, metaTraining } from '../store/samples.ts'

async function twoRuns() {
  const store = await testStore()
  const ids = ['=first', 'second'].map((name) => {
    const { id } = store.createRun(metaTraining({ name }))
    for (let i = 1; i <= 3; i++) {
      const { state, record } = iterationResult(i)
      const { kappa: _, ...metrics } = record.metrics
      store.commitIteration(id, { state, record: { ...record, metrics } }, false)
    }
    return id
  })
  return { store, ids }
}

const rowsOf = ({ bytes }: MetricsFile) =>
  parquetReadObjects({
    file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer,
  })

const tableOf = ({ bytes }: MetricsFile): Record<string, string>[] => {
  const [header, ...rows] = new TextDecoder().decode(bytes).trim().split('\n')
  const names = header!.split(',')
  return rows.map((row) => Object.fromEntries(row.split(',').map((cell, index) => [names[index]!, cell])))
}

it('is a Parquet table that another reader reads: a row per iteration, null where nothing was recorded', async () => {
  const { store, ids } = await twoRuns()
  const [file] = await metricsFiles(store, ids, 'parquet')
  const rows = await rowsOf(file!)
  expect(rows).toHaveLength(6)
  const { metrics } = iterationResult(2).record
  expect(rows[4]).toMatchObject({ run: ids[1], name: 'second', iteration: 2, env_steps: 2000n, kappa: null })
  expect(rows[4]).toMatchObject({ costAfter: metrics.costAfter, lambda: metrics.lambda })
})

it('is a CSV table with empty fields, whose names no spreadsheet computes', async () => {
  const { store, ids } = await twoRuns()
  const [{ name, bytes }] = (await metricsFiles(store, [ids[0]!], 'csv')) as [MetricsFile]
  expect(name).toBe(`metrics-${ids[0]}.csv`)
  const [header, ...rows] = new TextDecoder()
    .decode(bytes)
    .trim()
    .split('\n')
    .map((line) => line.split(','))
  const first = Object.fromEntries(header!.map((column, index) => [column, rows[0]![index]]))
  expect(rows).toHaveLength(3)
  expect(first).toMatchObject({ run: ids[0], name: "'=first", iteration: '1', env_steps: '1000', kappa: '' })
  expect(Number(first['costAfter'])).toBe(iterationResult(1).record.metrics.costAfter)
})

it('has the results of fine-tunings in a file of their own, a row per initialisation, task and step', async () => {
  const { store, ids } = await twoRuns()
  const { id } = store.createRun(fineTuning({ name: 'adapted' }))
  store.declareInitialisations(id, [
    { label: 'C-MAML', checkpoint: store.checkpoint(ids[0]!).id },
    { label: 'random', checkpoint: null },
  ])
  for (const initialisation of [0, 1])
    for (const task of [301, 302]) store.commitFineTuneResult(id, initialisation, fineTuneResult(task))

  const both = await metricsFiles(store, [id, ids[0]!], 'csv')
  expect(both.map(({ name }) => name)).toEqual([`metrics-${ids[0]}.csv`, `adaptation-${id}.csv`])
  expect(tableOf(both[0]!)).toHaveLength(3)
  const rows = tableOf(both[1]!)
  expect(rows).toHaveLength(2 * 2 * 3)
  const of302 = rows.filter(({ task, label }) => task === '302' && label === 'C-MAML')
  const { evaluations, steps } = fineTuneResult(302)
  expect(of302.map(({ step, cost }) => [step, Number(cost)])).toEqual(evaluations.map(({ cost }, i) => [`${i}`, cost]))
  expect(of302.map(({ kl }) => kl)).toEqual([...steps.map(({ kl }) => String(kl)), ''])

  const [parquet] = await metricsFiles(store, [id], 'parquet')
  const [first, , last] = await rowsOf(parquet!)
  const { evaluations: of301 } = fineTuneResult(301)
  expect(first).toMatchObject({ run: id, name: 'adapted', task: 301, step: 0, return: of301[0]!.return })
  expect(last).toMatchObject({ step: 2, kl: null, accepted: null, feasibility: null })
})
