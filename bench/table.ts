/** What a benchmark reports, and how it is printed. */
export interface BenchTable {
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | number)[])[]
}

export function formatTable({ title, columns, rows }: BenchTable): string {
  const cells = [columns, ...rows].map((row) =>
    row.map((cell) => (typeof cell === 'number' ? formatNumber(cell) : cell)),
  )
  const widths = columns.map((_, i) => Math.max(...cells.map((row) => row[i]!.length)))
  const isNumeric = columns.map((_, i) => rows.every((row) => typeof row[i] === 'number'))
  const lines = cells.map((row) =>
    row.map((cell, i) => (isNumeric[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))).join('  '),
  )
  lines.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('  '))
  return [title, '', ...lines].join('\n')
}

function formatNumber(value: number): string {
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)))
}
