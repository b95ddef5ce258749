// Every result of fine-tunings as one table for other programs: a row per initialisation, task and adaptation step.
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import { setImmediate as othersTurn } from 'node:timers/promises'
import { csvText } from '../../core/text/csv.ts'
import type { AdaptationNumbers, FineTuneRow, Store } from '../store/store.ts'
import type { TableFormat } from './metrics-table.ts'

/** A result with where it comes from. */
interface Row extends FineTuneRow {
  readonly run: string
  readonly name: string
  readonly label: string
}

interface Column {
  readonly name: string
  readonly type: 'BYTE_ARRAY' | 'INT32' | 'DOUBLE' | 'BOOLEAN'
  /** null: missing at the last step, after which nothing is adapted, or not recorded by an older version. */
  value(row: Row): string | number | boolean | null
}

const text = (name: 'run' | 'name' | 'label'): Column => ({ name, type: 'BYTE_ARRAY', value: (row) => row[name] })

const integer = (name: 'initialisation' | 'task' | 'step' | 'episodes' | 'transitions'): Column => ({
  ...{ name, type: 'INT32' },
  value: (row) => row[name],
})

/** Means over the episodes of the policy at the step. */
const measured = (
  name: 'return' | 'cost' | 'goals' | 'hazardSteps' | 'contactSteps' | 'velocitySteps' | 'longestCostRun' | 'length',
): Column => ({ name, type: 'DOUBLE', value: (row) => row[name] })

/** Of the step from that policy to the next. */
const adaptation = (name: keyof AdaptationNumbers, type: Column['type'] = 'DOUBLE'): Column => ({
  ...{ name, type },
  value: ({ adaptation: step }) => step?.[name] ?? null,
})

const COLUMNS: readonly Column[] = [
  ...[text('run'), text('name'), integer('initialisation'), text('label'), integer('task'), integer('step')],
  ...[integer('episodes'), integer('transitions'), measured('return'), measured('cost'), measured('goals')],
  ...[measured('hazardSteps'), measured('contactSteps'), measured('velocitySteps'), measured('longestCostRun')],
  ...[measured('length'), adaptation('multiplier'), adaptation('kl'), adaptation('improvement')],
  ...[adaptation('costChange'), adaptation('accepted', 'BOOLEAN'), adaptation('candidates', 'INT32')],
  ...[adaptation('feasibility', 'BYTE_ARRAY'), adaptation('std')],
  ...[adaptation('rewardExplainedVariance'), adaptation('rewardExplainedVarianceAfter')],
  ...[adaptation('costExplainedVariance'), adaptation('costExplainedVarianceAfter')],
]

/** Those that every row has. */
const REQUIRED = ['run', 'name', 'initialisation', 'label', 'task', 'step']

/** A fine-tuning, with what its initialisations are called, by their index. */
export interface LabelledRun {
  readonly id: string
  readonly name: string
  readonly labels: readonly string[]
}

export async function adaptationTable(
  store: Store,
  fineTunings: readonly LabelledRun[],
  format: TableFormat,
): Promise<Uint8Array> {
  const table = format === 'csv' ? csvTable() : parquetTable()
  for (const { id, name, labels } of fineTunings) {
    const rows = store.fineTuneRows(id).map((row) => {
      return { ...row, run: id, name, label: labels[row.initialisation]! }
    })
    if (rows.length > 0) table.add(rows)
    await othersTurn()
  }
  return table.finish()
}

interface Table {
  add(rows: readonly Row[]): void
  finish(): Uint8Array
}

function csvTable(): Table {
  const parts = [Buffer.from(csvText([COLUMNS.map(({ name }) => name)], '\n'))]
  const cell = (value: string | number | boolean | null) => (typeof value === 'boolean' ? String(value) : value)
  return {
    add: (rows) =>
      void parts.push(
        Buffer.from(
          csvText(
            rows.map((row) => COLUMNS.map(({ value }) => cell(value(row)))),
            '\n',
          ),
        ),
      ),
    finish: () => Buffer.concat(parts),
  }
}

/** A row group per run. */
function parquetTable(): Table {
  const writer = new ByteWriter()
  const parquet = new ParquetWriter({
    writer,
    schema: [
      { name: 'root', num_children: COLUMNS.length },
      ...COLUMNS.map(({ name, type }) => ({
        ...{ name, type },
        ...(type === 'BYTE_ARRAY' ? { converted_type: 'UTF8' as const } : {}),
        repetition_type: REQUIRED.includes(name) ? ('REQUIRED' as const) : ('OPTIONAL' as const),
      })),
    ],
    createdBy: 'C-MAML Studio',
  })
  return {
    add: (rows) =>
      void parquet.write({ columnData: COLUMNS.map(({ name, value }) => ({ name, data: rows.map(value) })) }),
    finish() {
      void parquet.finish()
      return new Uint8Array(writer.getBuffer())
    },
  }
}
