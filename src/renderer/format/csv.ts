import { csvText, type CsvCell } from '../../core/text/csv.ts'

/** A table as a file, with the line ends that RFC 4180 asks for. */
export const csvFile = (rows: Iterable<readonly CsvCell[]>): Blob =>
  new Blob([csvText(rows, '\r\n')], { type: 'text/csv;charset=utf-8' })
