// Tables as text for other programs.

export type Cell = number | string | null

/** RFC 4180. What is missing (nothing, or NaN) is an empty cell. */
export function csvText(rows: Iterable<readonly Cell[]>): string {
  let text = ''
  for (const row of rows) text += `${row.map(csvCell).join(',')}\r\n`
  return text
}

export const csvFile = (rows: Iterable<readonly Cell[]>): Blob =>
  new Blob([csvText(rows)], { type: 'text/csv;charset=utf-8' })

function csvCell(value: Cell): string {
  if (value === null || Number.isNaN(value)) return ''
  const text = typeof value === 'number' ? String(value) : harmless(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** A text that a spreadsheet would run as a formula is set as text. */
export const harmless = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text)
