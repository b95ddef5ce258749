/** Rows and columns of a table with gaps. */
export interface Rectangle {
  readonly rows: readonly number[]
  readonly columns: readonly number[]
}

/**
 * Rows and the columns that all of them have, as many cells as possible; of as many, more columns rather than more rows.
 * Rows are taken from the fullest on. Indices ascend.
 */
export function largestCommon(
  rowCount: number,
  columnCount: number,
  has: (row: number, column: number) => boolean,
): Rectangle {
  const columns = Array.from({ length: columnCount }, (_, column) => column)
  const byCount = Array.from({ length: rowCount }, (_, row) => ({
    row,
    count: columns.filter((column) => has(row, column)).length,
  })).sort((a, b) => b.count - a.count)
  let best: Rectangle = { rows: [], columns: [] }
  for (let size = 1; size <= byCount.length; size++) {
    const chosen = byCount.slice(0, size).map(({ row }) => row)
    const common = columns.filter((column) => chosen.every((row) => has(row, column)))
    if (size * common.length > best.rows.length * best.columns.length)
      best = { rows: chosen.sort((a, b) => a - b), columns: common }
  }
  return best
}
