import fc from 'fast-check'
import { expect, it } from 'vitest'
import { groupRuns, sortRuns } from '../../../src/core/runs/sort.ts'
import { runRow } from './run-row.ts'

const named = (name: string, changes = {}) => runRow({ name, pinned: false, ...changes })
const names = (runs: readonly { name: string }[]) => runs.map(({ name }) => name)

it('sorts numbers within names by their value, in both directions', () => {
  const runs = ['run 10', 'run 2', 'Run 1'].map((name) => named(name))
  expect(names(sortRuns(runs, { key: 'name', descending: false }))).toEqual(['Run 1', 'run 2', 'run 10'])
  expect(names(sortRuns(runs, { key: 'name', descending: true }))).toEqual(['run 10', 'run 2', 'Run 1'])
})

it('puts what is not known last and what is pinned first, in both directions', () => {
  const runs = [
    named('none', { lastReturn: null }),
    named('low', { lastReturn: 1 }),
    named('pinned', { lastReturn: null, pinned: true }),
    named('high', { lastReturn: 2 }),
  ]
  expect(names(sortRuns(runs, { key: 'lastReturn', descending: false }))).toEqual(['pinned', 'low', 'high', 'none'])
  expect(names(sortRuns(runs, { key: 'lastReturn', descending: true }))).toEqual(['pinned', 'high', 'low', 'none'])
})

it('keeps the order of equals and every run', () => {
  const run = fc.record({ seed: fc.integer({ min: 0, max: 3 }), done: fc.nat() })
  fc.assert(
    fc.property(fc.array(run), fc.boolean(), (values, descending) => {
      const runs = values.map(({ seed }, index) => named(`${index}`, { seed }))
      const sorted = sortRuns(runs, { key: 'seed', descending })
      const expected = [...runs].sort((a, b) => (descending ? b.seed - a.seed : a.seed - b.seed))
      expect(names(sorted)).toEqual(names(expected))
    }),
  )
})

it('groups by what runs have in common', () => {
  const runs = [named('a', { seed: 10 }), named('b', { seed: 2, tags: [] }), named('c', { seed: 10, tags: ['x'] })]
  const shown = (grouping: Parameters<typeof groupRuns>[1]) =>
    groupRuns(runs, grouping, ({ seed }) => (seed === 2 ? undefined : seed / 10)).map(({ label, runs: members }) => [
      label,
      names(members).join(),
    ])
  expect(shown('seed')).toEqual([
    ['2', 'b'],
    ['10', 'a,c'],
  ])
  expect(shown('tag')).toEqual([
    ['final', 'a'],
    ['paper', 'a'],
    ['x', 'c'],
    ['', 'b'],
  ])
  expect(shown('day')).toEqual([['2026-11-01', 'a,b,c']])
  expect(shown('set.inner.kl')).toEqual([
    ['1', 'a,c'],
    ['', 'b'],
  ])
})
