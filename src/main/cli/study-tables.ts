import { basename } from 'node:path'
import type { StudyTable } from '../../core/study/figures/study-tables.ts'
import type { WrittenStudy } from '../services/study/write-study.ts'
import { formatNumber, formatTable } from './table.ts'

/** A study for a terminal: its tables, then what they are made of and where everything is. */
export function studyText({ folder, figures, tables, report }: WrittenStudy): string {
  const { title, study, scale, notes } = report
  return [
    `${study}, ${scale}: ${title}`,
    ...tables.map((table, i) => tableText(table, new Set(tables.slice(0, i).flatMap((before) => before.notes)))),
    ...(notes.length > 0 ? [notes.join('\n')] : []),
    [
      `Figures and tables are in ${folder}:`,
      ...figures.map(({ svg, png, csv }) => `  ${[svg, png, csv].map((file) => basename(file)).join(', ')}`),
      '  tables.csv, study.json',
    ].join('\n'),
  ].join('\n\n')
}

/** @param said notes of tables above: what holds for several is said once */
function tableText({ title, columns, rows, notes }: StudyTable, said: ReadonlySet<string>): string {
  // An interval stands behind its value: three columns become one.
  const hasInterval = (i: number) => columns[i + 1] === `${columns[i]}, low` && columns[i + 2] === `${columns[i]}, high`
  const isEnd = (i: number) => hasInterval(i - 1) || hasInterval(i - 2)
  const shown = columns.map((_, i) => i).filter((i) => !isEnd(i))
  const table = formatTable(
    shown.map((i) => ({
      title: columns[i]!,
      align: rows.some((row) => typeof row[i] === 'string') ? ('left' as const) : ('right' as const),
    })),
    rows.map((row) =>
      shown.map((i) => cellText(row[i]) + (hasInterval(i) ? intervalText(row[i + 1], row[i + 2]) : '')),
    ),
  )
  return [title, table, ...notes.filter((note) => !said.has(note))].join('\n')
}

type Cell = StudyTable['rows'][number][number] | undefined

const cellText = (cell: Cell): string =>
  cell === null || cell === undefined ? '-' : typeof cell === 'number' ? formatNumber(cell) : cell

const intervalText = (low: Cell, high: Cell): string =>
  low === null && high === null ? '' : ` (${cellText(low)} to ${cellText(high)})`
