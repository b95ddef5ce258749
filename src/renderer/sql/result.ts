// The rows of an answer: sorted, and as text for other programs.
import type { SqlAnswer } from '../../main/api/contract.ts'
import { harmless } from '../../core/text/csv.ts'

export type Cell = SqlAnswer['rows'][number][number]
export type Rows = SqlAnswer['rows']

export interface Order {
  readonly column: number
  readonly descending: boolean
}

/** Numbers before texts, as SQLite orders them; nothing last in both directions. Rows that are equal stay as they were. */
export function sortedRows(rows: Rows, order: Order | undefined): Rows {
  if (order === undefined) return rows
  const sign = order.descending ? -1 : 1
  return rows.toSorted((a, b) => {
    const left = a[order.column] ?? null
    const right = b[order.column] ?? null
    if (left === null || right === null) return Number(left === null) - Number(right === null)
    return sign * compare(left, right)
  })
}

const collator = new Intl.Collator('en', { numeric: true })

function compare(left: string | number, right: string | number): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right
  if (typeof left === 'string' && typeof right === 'string') return collator.compare(left, right)
  return typeof left === 'number' ? -1 : 1
}

/** Ascending, then descending, then as it came. */
export function nextOrder(order: Order | undefined, column: number): Order | undefined {
  if (order?.column !== column) return { column, descending: false }
  return order.descending ? undefined : { column, descending: true }
}

/** Columns whose every value is a number, or nothing: those that are set to the right. */
export function numericColumns({ columns, rows }: Pick<SqlAnswer, 'columns' | 'rows'>): boolean[] {
  return columns.map(
    (_, column) =>
      rows.some((row) => typeof row[column] === 'number') && rows.every((row) => typeof row[column] !== 'string'),
  )
}

/** For spreadsheets: a tab or a line break within a value would end its cell. */
export function tsvOf(columns: readonly string[], rows: Rows): string {
  return [columns, ...rows].map((row) => row.map(tsvCell).join('\t')).join('\n')
}

const tsvCell = (value: Cell): string => {
  if (value === null) return ''
  return typeof value === 'number' ? String(value) : harmless(value.replace(/[\t\r\n]+/g, ' '))
}

const WIDEST = 48
const NARROWEST = 6

/** Widths of the columns in characters: what their header and the first rows need. */
export function columnWidths({ columns, rows }: Pick<SqlAnswer, 'columns' | 'rows'>): number[] {
  return columns.map((name, column) => {
    const longest = rows.slice(0, 200).reduce((width, row) => Math.max(width, shown(row[column] ?? null).length), 0)
    return Math.min(WIDEST, Math.max(NARROWEST, name.length + 2, longest))
  })
}

/** Exactly as SQLite has it: whoever asks in SQL wants no rounding. */
export const shown = (value: Cell): string => (value === null ? 'NULL' : String(value))
