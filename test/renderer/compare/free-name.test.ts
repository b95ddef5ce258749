import { expect, it } from 'vitest'
import { freeName } from '../../../src/renderer/compare/free-name.ts'

it.each<[name: string, taken: string[], free: string]>([
  ['First look', [], 'First look'],
  ['First look', ['Second look'], 'First look'],
  ['First look', ['First look'], 'First look (2)'],
  ['First look', ['First look', 'First look (2)'], 'First look (3)'],
  ['First look (2)', ['First look (2)'], 'First look (3)'],
])('%s among %j is kept as %s', (name, taken, free) => {
  expect(freeName(name, taken)).toBe(free)
})

it('a number does not make a name longer than names may be', () => {
  const name = 'x'.repeat(80)
  expect(freeName(name, [name])).toBe(`${'x'.repeat(76)} (2)`)
})
