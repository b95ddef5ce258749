import { expect, test } from 'vitest'
import { applyChanges } from '../../../src/renderer/runs/mirror.ts'
import { readKeptFilters, withRecent, withSaved } from '../../../src/renderer/runs/kept-filters.ts'
import { comparisonText } from '../../../src/renderer/runs/comparison.ts'
import { row } from './run-rows.ts'

test('changes replace, add and remove; the list before stays', () => {
  const before = applyChanges(new Map(), { complete: true, rows: [row({ id: 'a' }), row({ id: 'b' })], removed: [] })
  const after = applyChanges(before, {
    complete: false,
    rows: [row({ id: 'a', done: 7 }), row({ id: 'c' })],
    removed: ['b', 'unknown'],
  })
  expect([...after.keys()]).toEqual(['a', 'c'])
  expect(after.get('a')?.done).toBe(7)
  expect([...before.keys()]).toEqual(['a', 'b'])
})

test('a complete list makes void what was held', () => {
  const held = new Map([['a', row({ id: 'a' })]])
  expect([...applyChanges(held, { complete: true, rows: [row({ id: 'b' })], removed: [] }).keys()]).toEqual(['b'])
})

test('filters that were used lately are few, newest first, each once; saved ones toggle', () => {
  const none = readKeptFilters('nonsense')
  const used = ['a', 'b', ' a ', '', 'c'].reduce(withRecent, none)
  expect(used.recent).toEqual(['c', 'a', 'b'])
  const many = Array.from({ length: 20 }, (_, index) => `seed:${index}`).reduce(withRecent, used)
  expect(many.recent).toHaveLength(8)
  const saved = withSaved(many, 'cost<5 ')
  expect(readKeptFilters(JSON.stringify(saved))).toEqual(saved)
  expect(withSaved(saved, 'cost<5').saved).toEqual([])
  expect(readKeptFilters('{"recent":[1,"x"],"saved":"y"}')).toEqual({ recent: ['x'], saved: [] })
})

test('a comparison is copied as lines of cells, whatever the names hold', () => {
  const value = (text: string) => ({ text, isDefault: false })
  const setting = {
    path: 'inner.kl',
    label: '',
    unit: undefined,
    byDefault: '0.1',
    values: [value('0.2'), value('0.4')],
  }
  expect(comparisonText(['one\ttab', 'two'], [setting])).toBe('setting\tdefault\tone tab\ttwo\ninner.kl\t0.1\t0.2\t0.4')
})
