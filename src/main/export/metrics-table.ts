// Every metric of every iteration as one table for other programs: a row per iteration of a run, a column per metric.
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import { setImmediate as othersTurn } from 'node:timers/promises'
import { csvText } from '../../core/text/csv.ts'
import { METRICS, type MetricName } from '../../core/training/records.ts'
import type { NewIterations, Run, Store } from '../store/store.ts'

export type TableFormat = 'csv' | 'parquet'

/** Iterations that are read, and in Parquet packed, at once: a long run is never in memory as a whole, but for its file. */
const PAGE = 20_000

/** Leading columns; those of metrics follow, by the names that they have in `METRICS`. */
const LEADING = ['run', 'name', 'iteration', 'env_steps', 'seconds'] as const

/** @param trainings fine-tunings have no iterations, and so no rows here */
export async function metricsTable(store: Store, trainings: readonly Run[], format: TableFormat): Promise<Uint8Array> {
  const metrics = Object.keys(METRICS) as MetricName[]
  const table = format === 'csv' ? csvTable(metrics) : parquetTable(metrics)
  for (const { id, name } of trainings) {
    let page: NewIterations
    let after = 0
    do {
      page = store.iterationsAfter(id, after, metrics, PAGE)
      table.add(id, name, page)
      after = page.cursor
      await othersTurn()
    } while (page.iteration.length === PAGE)
  }
  return table.finish()
}

interface Table {
  add(run: string, name: string, page: NewIterations): void
  finish(): Uint8Array
}

/** What was not recorded is an empty field. */
function csvTable(metrics: readonly MetricName[]): Table {
  const parts = [Buffer.from(csvText([[...LEADING, ...metrics]], '\n'))]
  return {
    add(run, name, { iteration, envSteps, seconds, values }) {
      const rows = Array.from(iteration, (at, row) => [
        ...[run, name, at, envSteps[row]!, seconds[row]!],
        ...values.map((column) => column[row]!),
      ])
      parts.push(Buffer.from(csvText(rows, '\n')))
    },
    finish: () => Buffer.concat(parts),
  }
}

/** A row group per page. What was not recorded is null. */
function parquetTable(metrics: readonly MetricName[]): Table {
  const columns = [...LEADING, ...metrics]
  const writer = new ByteWriter()
  const parquet = new ParquetWriter({
    writer,
    schema: [
      { name: 'root', num_children: columns.length },
      { name: 'run', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
      { name: 'name', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
      { name: 'iteration', type: 'INT32', repetition_type: 'REQUIRED' },
      { name: 'env_steps', type: 'INT64', repetition_type: 'REQUIRED' },
      ...['seconds', ...metrics].map((name) => ({ name, type: 'DOUBLE', repetition_type: 'OPTIONAL' }) as const),
    ],
    createdBy: 'C-MAML Studio',
  })
  const nullable = (column: Float64Array) =>
    column.some(Number.isNaN) ? Array.from(column, (value) => (Number.isNaN(value) ? null : value)) : column
  return {
    add(run, name, { iteration, envSteps, seconds, values }) {
      const rows = iteration.length
      if (rows === 0) return
      void parquet.write({
        columnData: [
          { name: 'run', data: Array<string>(rows).fill(run) },
          { name: 'name', data: Array<string>(rows).fill(name) },
          { name: 'iteration', data: Int32Array.from(iteration) },
          { name: 'env_steps', data: BigInt64Array.from(envSteps, BigInt) },
          { name: 'seconds', data: nullable(seconds) },
          ...values.map((column, index) => ({ name: metrics[index]!, data: nullable(column) })),
        ],
        rowGroupSize: PAGE,
      })
    },
    finish() {
      void parquet.finish()
      return new Uint8Array(writer.getBuffer())
    },
  }
}
