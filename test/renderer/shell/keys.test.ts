import { expect, test } from 'vitest'
import { describeKeys, firesInText, matchKeys, stepOf, type KeyPress } from '../../../src/renderer/shell/keys.ts'

const press = (key: string, modifiers: Partial<KeyPress> = {}): KeyPress => {
  return { key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...modifiers }
}

test('a key press is named as in a shortcut', () => {
  expect(stepOf(press('k', { ctrlKey: true }), false)).toBe('mod+k')
  expect(stepOf(press('k', { metaKey: true }), true)).toBe('mod+k')
  expect(stepOf(press('k', { ctrlKey: true }), true), 'Control is not Command').toBe('other+k')
  expect(stepOf(press('?', { shiftKey: true }), false), 'Shift belongs to the character').toBe('?')
  expect(stepOf(press('G', { shiftKey: true }), false)).toBe('shift+g')
  expect(stepOf(press('Delete', { shiftKey: true }), false)).toBe('shift+delete')
  expect(stepOf(press(' '), false)).toBe('space')
  expect(stepOf(press('+'), false)).toBe('+')
  expect(stepOf(press('Shift', { shiftKey: true }), false)).toBeUndefined()
})

const bindings = [{ keys: 'g r' }, { keys: 'g q' }, { keys: 'd' }, { keys: 'mod+k' }, {}] as const

test('a sequence waits for its next step', () => {
  const first = matchKeys(bindings, [], 'g')
  expect(first).toEqual({ found: undefined, pending: ['g'] })
  expect(matchKeys(bindings, first.pending, 'q')).toEqual({ found: bindings[1], pending: [] })
})

test('a step that continues nothing begins anew', () => {
  expect(matchKeys(bindings, ['g'], 'd')).toEqual({ found: bindings[2], pending: [] })
  expect(matchKeys(bindings, ['g'], 'g')).toEqual({ found: undefined, pending: ['g'] })
  expect(matchKeys(bindings, ['g'], 'x')).toEqual({ found: undefined, pending: [] })
})

test('text fields keep plain keys for themselves', () => {
  expect(['mod+k', 'alt+arrowleft', 'other+p'].map(firesInText)).toEqual([true, true, true])
  expect(['d', '?', 'shift+delete', 'mod'].map(firesInText)).toEqual([false, false, false, false])
})

test('caps are those of the platform', () => {
  expect(describeKeys('mod+k', false)).toEqual([['Ctrl', 'K']])
  expect(describeKeys('mod+k', true)).toEqual([['⌘', 'K']])
  expect(describeKeys('g r', false)).toEqual([['G'], ['R']])
  expect(describeKeys('shift+delete', false)).toEqual([['Shift', 'Del']])
  expect(describeKeys('+', false)).toEqual([['+']])
})
