import { parquetReadObjects } from 'hyparquet'
import { expect, it } from 'vitest'
import { metricsFile } from '../../../src/main/export/metrics-file.ts'
import { testStore } from '../store/fixtures.ts'
import { iterationResult, metaTraining } from '../store/samples.ts'

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

it('is a Parquet table that another reader reads: a row per iteration, null where nothing was recorded', async () => {
  const { store, ids } = await twoRuns()
  const { bytes } = await metricsFile(store, ids, 'parquet')
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
  const rows = await parquetReadObjects({ file })
  expect(rows).toHaveLength(6)
  const { metrics } = iterationResult(2).record
  expect(rows[4]).toMatchObject({ run: ids[1], name: 'second', iteration: 2, env_steps: 2000n, kappa: null })
  expect(rows[4]).toMatchObject({ costAfter: metrics.costAfter, lambda: metrics.lambda })
})

it('is a CSV table with empty fields, whose names no spreadsheet computes', async () => {
  const { store, ids } = await twoRuns()
  const { name, bytes } = await metricsFile(store, [ids[0]!], 'csv')
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
