/** Tables as comma-separated values (https://www.rfc-editor.org/rfc/rfc4180), for spreadsheets and programs alike. */

/** What is missing (nothing, or NaN) is an empty cell. */
export type CsvCell = number | string | null | undefined

/**
 * Numbers in the shortest form that reads back as the same bits.
 *
 * @param lineEnd after every row
 */
export function csvText(rows: Iterable<readonly CsvCell[]>, lineEnd: '\n' | '\r\n'): string {
  let text = ''
  for (const row of rows) text += row.map(cellText).join(',') + lineEnd
  return text
}

function cellText(value: CsvCell): string {
  if (value === null || value === undefined || Number.isNaN(value)) return ''
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value)
  const text = harmless(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Characters that begin a formula, also in full width (https://owasp.org/www-community/attacks/CSV_Injection). */
const FORMULA = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/

/** A text that a spreadsheet would compute, e.g. the name of a run, is marked as text. */
export const harmless = (text: string): string => (FORMULA.test(text) ? `'${text}` : text)
