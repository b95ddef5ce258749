import { describe, expect, test } from 'vitest'
import { compileQuery } from '../../../src/core/runs/match.ts'
import { parseQuery } from '../../../src/core/runs/parse.ts'
import { arrange, meanOf, sortRows } from '../../../src/renderer/runs/arrange.ts'
import { row } from './run-rows.ts'

const noSettings = () => undefined
const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id)

describe('sorting', () => {
  test('pinned first, the second key where the first is equal, without a value last in either direction', () => {
    const rows = [
      row({ id: 'a', algorithm: 'cpo', lastReturn: 1 }),
      row({ id: 'b', algorithm: 'cpo', lastReturn: null }),
      row({ id: 'c', algorithm: 'cpo', lastReturn: 3 }),
      row({ id: 'd', algorithm: 'pcpo', lastReturn: 9 }),
      row({ id: 'e', algorithm: 'trpo', lastReturn: 0, pinned: true }),
    ]
    const by = (descending: boolean) => [
      { column: 'algorithm', descending: false } as const,
      { column: 'return', descending } as const,
    ]
    expect(ids(sortRows(rows, by(true), noSettings))).toEqual(['e', 'c', 'a', 'b', 'd'])
    expect(ids(sortRows(rows, by(false), noSettings))).toEqual(['e', 'a', 'c', 'b', 'd'])
  })

  test('names by the numbers in them; states by how pressing they are', () => {
    const rows = [
      row({ id: 'a', name: 'run 10', status: 'completed' }),
      row({ id: 'b', name: 'run 9', status: 'failed' }),
      row({ id: 'c', name: 'run 2', status: 'running' }),
    ]
    expect(ids(sortRows(rows, [{ column: 'name', descending: false }], noSettings))).toEqual(['c', 'b', 'a'])
    expect(ids(sortRows(rows, [{ column: 'status', descending: false }], noSettings))).toEqual(['c', 'b', 'a'])
  })

  test('by a setting, whose values come from elsewhere', () => {
    const rows = [row({ id: 'a' }), row({ id: 'b' }), row({ id: 'c' })]
    const values: Record<string, number> = { a: 0.4, c: 0.1 }
    const sorted = sortRows(rows, [{ column: 'set.inner.kl', descending: false }], ({ id }) => values[id])
    expect(ids(sorted)).toEqual(['c', 'a', 'b'])
  })

  test('10,000 rows: the order before changes nothing but the work', () => {
    const rows = Array.from({ length: 10_000 }, (_, index) =>
      row({ id: `r${index}`, name: `run ${(index * 7919) % 500}`, createdAt: index % 300, pinned: index % 997 === 0 }),
    )
    const by = [{ column: 'name', descending: true }] as const
    const before = sortRows(rows, [{ column: 'created', descending: false }], noSettings).slice(50)
    expect(ids(sortRows(rows, by, noSettings, before))).toEqual(ids(sortRows(rows.toReversed(), by, noSettings)))
  })

  test('the rows themselves are the new ones, not those of the order before', () => {
    const before = [row({ id: 'a', done: 1 }), row({ id: 'gone' })]
    const [first, ...others] = sortRows([row({ id: 'a', done: 2 })], [], noSettings, before)
    expect(first?.done).toBe(2)
    expect(others).toEqual([])
  })
})

describe('filtering', () => {
  test('10,000 rows by several terms', () => {
    const rows = Array.from({ length: 10_000 }, (_, index) =>
      row({
        id: `r${index}`,
        algorithm: index % 2 ? 'cpo' : 'pcpo',
        lastCost: index % 10,
        tags: index % 5 ? [] : ['paper'],
      }),
    )
    const meets = compileQuery(parseQuery('cost<5 algo:cpo tag:paper').query)
    // Odd, a multiple of 5 and below 5 in its last digit: none; of pcpo those that end in 0.
    expect(rows.filter(meets)).toHaveLength(0)
    expect(rows.filter(compileQuery(parseQuery('cost<5 algo:pcpo tag:paper').query))).toHaveLength(1000)
  })
})

describe('grouping', () => {
  const rows = [
    row({ id: 'a', seed: 1, lastReturn: 1, lastCost: 2, tags: ['x', 'y'] }),
    row({ id: 'b', seed: 2, lastReturn: 5, lastCost: null, tags: ['x'] }),
    row({ id: 'c', seed: 1, lastReturn: 4, lastCost: 8 }),
  ]

  test('runs under their heads, with mean and sample standard deviation of those that have the number', () => {
    const lines = arrange(rows, 'seed', new Set(), noSettings)
    expect(lines.map((line) => (line.kind === 'group' ? `# ${line.label}` : line.run.id))).toEqual([
      ...['# 1', 'a', 'c', '# 2', 'b'],
    ])
    const [first, , , second] = lines
    expect(first).toMatchObject({ means: { return: { mean: 2.5, count: 2 }, cost: { mean: 5, count: 2 } } })
    expect(first?.kind === 'group' && first.means.return?.deviation).toBeCloseTo(Math.sqrt(4.5), 12)
    expect(second).toMatchObject({ means: { return: { mean: 5, deviation: null, count: 1 }, cost: null } })
  })

  test('a run with two tags stands in both groups, with keys of its own; those without are last', () => {
    const lines = arrange(rows, 'tag', new Set(), noSettings)
    expect(lines.filter(({ kind }) => kind === 'group').map(({ key }) => key)).toEqual(['group x', 'group y', 'group '])
    expect(new Set(lines.map(({ key }) => key)).size).toBe(lines.length)
  })

  test('a collapsed group keeps its head', () => {
    const lines = arrange(rows, 'seed', new Set(['1']), noSettings)
    expect(lines.map(({ key }) => key)).toEqual(['group 1', 'group 2', '2 b'])
  })

  test('no run has the number: no mean', () => {
    expect(meanOf(rows, () => null)).toBeNull()
  })
})
