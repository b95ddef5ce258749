import { describe, expect, test } from 'vitest'
import { withQuery } from '../../../src/renderer/sql/history.ts'
import { columnWidths, nextOrder, numericColumns, sortedRows, tsvOf } from '../../../src/renderer/sql/result.ts'

describe('the rows of an answer', () => {
  const rows = [
    ['run 10', 2],
    [null, 1],
    ['run 9', null],
    [7, 2],
  ]

  test('are sorted with numbers before texts and nothing last, in both directions', () => {
    const first = (descending: boolean) => sortedRows(rows, { column: 0, descending }).map(([value]) => value)
    expect(first(false)).toEqual([7, 'run 9', 'run 10', null])
    expect(first(true)).toEqual(['run 10', 'run 9', 7, null])
    expect(sortedRows(rows, undefined)).toBe(rows)
  })

  test('keep their order where they are equal', () => {
    expect(sortedRows(rows, { column: 1, descending: true }).map(([value]) => value)).toEqual([
      'run 10',
      7,
      null,
      'run 9',
    ])
  })

  test('are sorted up, down, and as they came', () => {
    const up = nextOrder(undefined, 1)
    const down = nextOrder(up, 1)
    expect([up, down, nextOrder(down, 1), nextOrder(down, 0)]).toEqual([
      { column: 1, descending: false },
      { column: 1, descending: true },
      undefined,
      { column: 0, descending: false },
    ])
  })

  test('stand to the right where a column holds numbers', () => {
    expect(numericColumns({ columns: ['a', 'b'], rows })).toEqual([false, true])
    expect(numericColumns({ columns: ['a'], rows: [[null]] })).toEqual([false])
  })

  test('give the columns their widths, within bounds', () => {
    const widths = columnWidths({ columns: ['id', 'name', 'reason'], rows: [['1', 'twelve chars', 'x'.repeat(400)]] })
    expect(widths).toEqual([6, 12, 48])
  })
})

describe('the answer as text', () => {
  const columns = ['name', 'value']

  test('keeps its cells apart for a spreadsheet', () => {
    expect(tsvOf(columns, [['a\tb\r\nc', 1]])).toBe('name\tvalue\na b c\t1')
  })

  test('holds no formula that a spreadsheet would run; numbers stay numbers', () => {
    expect(tsvOf(['x', 'y'], [['@cmd', 2]])).toBe("x\ty\n'@cmd\t2")
  })
})

test('the history has each query once, the newest first, and ends somewhere', () => {
  const once = withQuery(withQuery(withQuery([], 'SELECT 1'), 'SELECT 2'), ' SELECT 1\n')
  expect(once).toEqual(['SELECT 1', 'SELECT 2'])
  expect(withQuery(once, '  ')).toEqual(once)
  const many = Array.from({ length: 80 }, (_, i) => `SELECT ${i}`).reduce<string[]>(withQuery, [])
  expect([many.length, many[0], many.at(-1)]).toEqual([50, 'SELECT 79', 'SELECT 30'])
})
