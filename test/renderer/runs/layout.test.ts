import { expect, test } from 'vitest'
import {
  DEFAULT_LAYOUT,
  END,
  fittingColumns,
  NARROWEST,
  readLayout,
  sortedBy,
  withColumn,
  withColumnAt,
  withWidth,
} from '../../../src/renderer/runs/layout.ts'

const ids = ({ columns }: typeof DEFAULT_LAYOUT) => columns.map(({ id }) => id)

test('a layout is read as it was kept', () => {
  const layout = {
    ...withColumn(DEFAULT_LAYOUT, 'set.inner.kl', true),
    grouping: 'set.inner.kl' as const,
    showArchived: true,
  }
  expect(readLayout(JSON.stringify(layout))).toEqual(layout)
})

test.each([
  null,
  '',
  '{',
  '[]',
  '7',
  '{"columns":[{"id":"seed","width":80}]}',
  '{"columns":[null,{"id":"constructor"}]}',
])('what was kept is not trusted: %s', (text) => {
  expect(readLayout(text)).toEqual(DEFAULT_LAYOUT)
})

test('unknown columns, repeated ones and impossible widths are put right', () => {
  const kept = {
    columns: [
      { id: 'name', width: 1e9 },
      { id: 'gone', width: 50 },
      { id: 'seed', width: 'wide' },
      { id: 'seed', width: 90 },
      { id: 'cost', width: -4 },
    ],
    grouping: 'set.__proto__ x',
  }
  const { columns, grouping } = readLayout(JSON.stringify(kept))
  expect(columns).toEqual([
    { id: 'name', width: 800 },
    { id: 'seed', width: 68 },
    { id: 'cost', width: NARROWEST },
  ])
  expect(grouping).toBeNull()
})

test('the name stays, and stays first', () => {
  expect(ids(withColumn(DEFAULT_LAYOUT, 'name', false))).toEqual(ids(DEFAULT_LAYOUT))
  expect(ids(withColumnAt(DEFAULT_LAYOUT, 'seed', 0)).slice(0, 2)).toEqual(['name', 'seed'])
  expect(ids(withColumnAt(DEFAULT_LAYOUT, 'name', 4))).toEqual(ids(DEFAULT_LAYOUT))
})

test('columns come last, go, and keep their width', () => {
  const layout = withWidth(withColumn(DEFAULT_LAYOUT, 'id', true), 'id', 200)
  expect(layout.columns.at(-1)).toEqual({ id: 'id', width: 200 })
  expect(ids(withColumn(layout, 'id', false))).toEqual(ids(DEFAULT_LAYOUT))
})

test('a click sorts by one column and turns it round; with Shift it is the second key', () => {
  const byReturn = sortedBy(DEFAULT_LAYOUT, 'return', false)
  expect(byReturn.sorting).toEqual([{ column: 'return', descending: true }])
  expect(sortedBy(byReturn, 'return', false).sorting).toEqual([{ column: 'return', descending: false }])
  const both = sortedBy(byReturn, 'name', true)
  expect(both.sorting).toEqual([
    { column: 'return', descending: true },
    { column: 'name', descending: false },
  ])
  expect(sortedBy(both, 'name', true).sorting[1]).toEqual({ column: 'name', descending: true })
  expect(sortedBy(both, 'seed', true).sorting.map(({ column }) => column)).toEqual(['return', 'seed'])
  expect(sortedBy(both, 'seed', false).sorting).toHaveLength(1)
})

test('default columns fit the table; what somebody chose stays', () => {
  const { columns } = DEFAULT_LAYOUT
  const widthOf = (shown: typeof columns) => shown.reduce((sum, { width }) => sum + width, END)
  expect(fittingColumns(columns, Infinity)).toEqual(columns)
  // Windows of 1440 and 1024 pixels, without navigation and scroll bar.
  for (const [room, wanted] of [
    [1241, 'created'],
    [1241, 'world'],
    [1241, 'tags'],
    [957, 'seed'],
  ] as const) {
    const fitting = fittingColumns(columns, room)
    expect(widthOf(fitting)).toBe(room)
    expect(fitting[0]!.width).toBeGreaterThanOrEqual(320)
    expect(fitting.map(({ id }) => id)).toEqual(expect.arrayContaining(['name', 'cost', 'algorithm', wanted]))
  }
  expect(fittingColumns(columns, 10).map(({ id }) => id)).toEqual(['name', 'status', 'progress', 'return', 'cost'])
  const chosen = withColumn(DEFAULT_LAYOUT, 'id', true).columns
  expect(fittingColumns(chosen, 10)).toBe(chosen)
})
