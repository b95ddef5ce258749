import { expect, test } from 'vitest'
import { nameProblem } from '../../../src/core/runs/name.ts'

test('a name has 1 to 80 characters that can be shown; spaces around it do not count', () => {
  expect(nameProblem(` ${'n'.repeat(80)} `)).toBeNull()
  expect(nameProblem('Läufer 日本')).toBeNull()
  expect(nameProblem('n'.repeat(81))).toBe('the name of a run has at most 80 characters, this one has 81')
  expect(nameProblem('  ')).toBe('a run needs a name')
  expect(nameProblem('a\u0007b')).toContain('cannot be shown')
})

test('the word for the newest run is no name', () => {
  expect(nameProblem('latest ')).toContain('newest')
  expect(nameProblem('latest one')).toBeNull()
})
