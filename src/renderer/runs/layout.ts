// What of the table people choose for themselves, as plain data: it is kept in the browser.
import { GROUPINGS, type Grouping } from '../../core/runs/sort.ts'
import { columnOf, settingOf, type ColumnId } from './columns.ts'

export interface ShownColumn {
  readonly id: ColumnId
  /** Pixels. */
  readonly width: number
}

export interface SortBy {
  readonly column: ColumnId
  readonly descending: boolean
}

export interface TableLayout {
  /** In their order; the name is always the first. */
  readonly columns: readonly ShownColumn[]
  /** What comes first decides. */
  readonly sorting: readonly SortBy[]
  readonly grouping: Grouping | null
  readonly showArchived: boolean
}

export const NARROWEST = 56
const WIDEST = 800
const MOST_KEYS = 2

const shown = (id: ColumnId): ShownColumn => ({ id, width: columnOf(id)!.width })

export const DEFAULT_LAYOUT: TableLayout = {
  columns: [
    ...(['name', 'status', 'progress', 'eta', 'return', 'cost', 'bestReturn'] as const).map(shown),
    ...(['algorithm', 'world', 'seed', 'duration', 'tags', 'created'] as const).map(shown),
  ],
  sorting: [{ column: 'created', descending: true }],
  grouping: null,
  showArchived: false,
}

/** Of the default columns, those that a narrow table does without: the first of these first. */
const SPARED: readonly ColumnId[] = ['bestReturn', 'duration', 'eta', 'created', 'tags', 'world', 'seed', 'algorithm']

/**
 * Pixels of the name in a table of default columns: others go before it gets less, which shows a suggested name as a whole,
 * and beyond the last it gets no more.
 */
const NAME_ROOM = { from: 320, to: 560 }

/** Pixels behind the last column, so that its edge can be drawn. */
export const END = 16

/**
 * The default columns without those that there is no room for; the name has the room that is left. Columns that somebody
 * has chosen stay, and are scrolled.
 *
 * @param room pixels
 */
export function fittingColumns(columns: readonly ShownColumn[], room: number): readonly ShownColumn[] {
  if (JSON.stringify(columns) !== JSON.stringify(DEFAULT_LAYOUT.columns)) return columns
  if (room === Infinity) return columns
  let others = columns.filter(({ id }) => id !== 'name')
  const left = (): number => room - others.reduce((sum, { width }) => sum + width, END)
  for (const spared of SPARED) {
    if (left() >= NAME_ROOM.from) break
    others = others.filter(({ id }) => id !== spared)
  }
  return [{ id: 'name', width: Math.min(NAME_ROOM.to, Math.max(shown('name').width, left())) }, ...others]
}

/** What can be understood of a layout that was kept; the rest is as it is by default. */
export function readLayout(text: string | null): TableLayout {
  const kept = parsed(text)
  const columns = listOf(kept['columns']).flatMap(({ id, width }): ShownColumn[] => {
    const column = columnOf(String(id))
    return column === undefined ? [] : [{ id: column.id, width: bounded(width, column.width) }]
  })
  const sorting = listOf(kept['sorting']).flatMap(({ column: id, descending }): SortBy[] => {
    const column = columnOf(String(id))
    return column === undefined ? [] : [{ column: column.id, descending: descending === true }]
  })
  const unique = columns.filter(({ id }, index) => columns.findIndex((other) => other.id === id) === index)
  return {
    columns: unique[0]?.id === 'name' ? unique : DEFAULT_LAYOUT.columns,
    sorting: sorting.length > 0 ? sorting.slice(0, MOST_KEYS) : DEFAULT_LAYOUT.sorting,
    grouping: readGrouping(kept['grouping']),
    showArchived: kept['showArchived'] === true,
  }
}

function parsed(text: string | null): Record<string, unknown> {
  try {
    const kept: unknown = JSON.parse(text ?? '{}')
    return typeof kept === 'object' && kept !== null ? (kept as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

function listOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'object' && item !== null) : []
}

function readGrouping(value: unknown): Grouping | null {
  const path = typeof value === 'string' ? settingOf(value) : null
  return path === null ? (GROUPINGS.find((grouping) => grouping === value) ?? null) : `set.${path}`
}

const bounded = (width: unknown, otherwise: number): number =>
  typeof width === 'number' && Number.isFinite(width)
    ? Math.round(Math.min(WIDEST, Math.max(NARROWEST, width)))
    : otherwise

/** Shown as the last, or no longer. The name stays. */
export function withColumn(layout: TableLayout, id: ColumnId, isShown: boolean): TableLayout {
  if (id === 'name' || isShown === layout.columns.some((column) => column.id === id)) return layout
  if (isShown) return { ...layout, columns: [...layout.columns, shown(id)] }
  return { ...layout, columns: layout.columns.filter((column) => column.id !== id) }
}

/** The column put at a place among all; the name stays where it is. */
export function withColumnAt(layout: TableLayout, id: ColumnId, place: number): TableLayout {
  const column = layout.columns.find((one) => one.id === id)
  if (column === undefined || id === 'name') return layout
  const others = layout.columns.filter((one) => one !== column)
  return { ...layout, columns: others.toSpliced(Math.max(1, place), 0, column) }
}

export const withWidth = (layout: TableLayout, id: ColumnId, width: number): TableLayout => ({
  ...layout,
  columns: layout.columns.map((one) => (one.id === id ? { id, width: bounded(width, one.width) } : one)),
})

/**
 * Sorted by a column; by the same again, the other way round. Numbers and days begin with the largest.
 *
 * @param additional as the second key, behind the first that there is
 */
export function sortedBy(layout: TableLayout, id: ColumnId, additional: boolean): TableLayout {
  const old = layout.sorting.find(({ column }) => column === id)
  const largestFirst = columnOf(id)?.align === 'end' || id === 'created' || id === 'finished' || id === 'progress'
  const key: SortBy = { column: id, descending: old === undefined ? largestFirst : !old.descending }
  if (!additional) return { ...layout, sorting: [key] }
  const sorting = old
    ? layout.sorting.map((one) => (one === old ? key : one))
    : [...layout.sorting.slice(0, MOST_KEYS - 1), key]
  return { ...layout, sorting }
}
