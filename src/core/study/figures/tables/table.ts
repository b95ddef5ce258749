/** Numbers of a study for a terminal, a CSV file or a screen. */
export interface StudyTable {
  readonly title: string
  readonly columns: readonly string[]
  /** As long as columns; null where there is no such number. */
  readonly rows: readonly (readonly Cell[])[]
  /** N, and what intervals mean. */
  readonly notes: readonly string[]
}

export type Cell = string | number | null

/** A number of a table, null where it is none: a table holds neither NaN nor infinity. */
export const numberCell = (value: number | null | undefined): number | null =>
  value !== null && value !== undefined && Number.isFinite(value) ? value : null

interface Column<Row> {
  readonly name: string
  readonly cell: (row: Row) => Cell
}

/** A column for `tableOf`. */
export const column = <Row>(name: string, cell: (row: Row) => Cell): Column<Row> => ({ name, cell })

/** Value, low and high side by side. */
export function intervalColumns<Row>(
  name: string,
  of: (row: Row) => { readonly value: number; readonly low: number | null; readonly high: number | null } | null,
): Column<Row>[] {
  return [
    column(name, (row) => numberCell(of(row)?.value)),
    column(`${name}, low`, (row) => numberCell(of(row)?.low)),
    column(`${name}, high`, (row) => numberCell(of(row)?.high)),
  ]
}

export function tableOf<Row>(
  title: string,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  notes: readonly string[],
): StudyTable {
  return {
    title,
    columns: columns.map(({ name }) => name),
    rows: rows.map((row) => columns.map(({ cell }) => cell(row))),
    notes,
  }
}
