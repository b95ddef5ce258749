import { expect, it } from 'vitest'
import { groupRuns } from '../../../src/core/runs/sort.ts'
import { runRow } from './run-row.ts'

const named = (name: string, changes = {}) => runRow({ name, pinned: false, ...changes })
const names = (runs: readonly { name: string }[]) => runs.map(({ name }) => name)

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
