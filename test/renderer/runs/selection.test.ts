import { describe, expect, test } from 'vitest'
import { arrange, type Line } from '../../../src/renderer/runs/arrange.ts'
import {
  choose,
  chooseAll,
  destination,
  extendTo,
  leave,
  moveTo,
  NOTHING,
  toggle,
  type Selection,
} from '../../../src/renderer/runs/selection.ts'
import { row } from './run-rows.ts'

const rows = ['a', 'b', 'c', 'd'].map((id, index) => row({ id, seed: Math.floor(index / 2) }))
const lines = arrange(rows, null, new Set(), () => undefined)
const grouped = arrange(rows, 'seed', new Set(), () => undefined)
const line = (index: number, of: readonly Line[] = lines): Line => of[index]!
const chosen = ({ chosen: ids }: Selection) => [...ids].sort().join('')

describe('choosing', () => {
  test('one, one more, one less', () => {
    const one = choose(line(1))
    expect(chosen(one)).toBe('b')
    expect(chosen(toggle(one, line(3)))).toBe('bd')
    expect(chosen(toggle(toggle(one, line(3)), line(1)))).toBe('d')
  })

  test('a range goes from where it began, however often its end moves', () => {
    const down = extendTo(choose(line(1)), lines, line(3))
    expect(chosen(down)).toBe('bcd')
    expect(chosen(extendTo(down, lines, line(0)))).toBe('ab')
  })

  test('a range without a beginning is its end', () => {
    expect(chosen(extendTo(NOTHING, lines, line(2)))).toBe('c')
    expect(chosen(extendTo({ ...NOTHING, anchor: 'gone' }, lines, line(2)))).toBe('c')
  })

  test('going elsewhere chooses nothing else', () => {
    const moved = moveTo(choose(line(1)), line(3))
    expect(chosen(moved)).toBe('b')
    expect(moved.active).toBe('d')
  })

  test('the head of a group stands for its runs when it is toggled', () => {
    const all = toggle(NOTHING, line(0, grouped))
    expect(chosen(all)).toBe('ab')
    expect(chosen(toggle(all, line(0, grouped)))).toBe('')
    expect(chosen(choose(line(0, grouped)))).toBe('')
    expect(chosen(extendTo(choose(line(1, grouped)), grouped, line(4, grouped)))).toBe('abc')
  })

  test('what goes takes nothing else into the choice: only the keyboard moves on', () => {
    const ids = new Set(['b', 'c'])
    const both = toggle(choose(line(1)), line(2))
    expect(leave(both, lines, ids)).toEqual({ ...NOTHING, active: 'd' })
    expect(leave(choose(line(3)), lines, new Set(['d']))).toEqual({ ...NOTHING, active: 'c' })
    expect(leave(choose(line(0)), lines, new Set(['a', 'b', 'c', 'd']))).toEqual(NOTHING)
    expect(leave({ ...choose(line(0)), active: 'unknown' }, lines, ids)).toEqual(NOTHING)
  })

  test('all', () => {
    expect(chosen(chooseAll(NOTHING, rows))).toBe('abcd')
  })
})

test.each([
  ['ArrowDown', -1, 0],
  ['ArrowDown', 9, 9],
  ['ArrowUp', -1, 0],
  ['ArrowUp', 5, 4],
  ['PageDown', 8, 9],
  ['PageDown', -1, 3],
  ['PageUp', 1, 0],
  ['Home', 5, 0],
  ['End', 5, 9],
  ['x', 5, undefined],
])('%s from line %i of ten goes to %s', (key, from, to) => {
  expect(destination(key, from, 10, 3)).toBe(to)
})
