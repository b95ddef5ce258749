import { expect, test } from 'vitest'
import type { BinContent } from '../../../src/main/api/contract.ts'
import { binLines, choiceOf, namesOf, sizeOf } from '../../../src/renderer/runs/bin-lines.ts'

const run = { world: 'environment-2', source: null, done: 1, total: 2, purgeAt: 100 }
const content: BinContent = {
  runs: [
    { ...run, id: 'a', name: 'first', kind: 'train', method: 'pre-train', binnedAt: 30 },
    { ...run, id: 'b', name: 'second', kind: 'fine-tune', method: null, binnedAt: 10 },
  ],
  comparisons: [{ id: 'c', name: 'both', runs: 1, removedAt: 20, purgeAt: 100 }],
}

test('runs and comparisons stand in one list, the newest deletion first', () => {
  const lines = binLines(content)
  expect(lines.map(({ name, kind }) => [name, kind])).toEqual([
    ['first', 'pre-training'],
    ['both', 'comparison of 1 run'],
    ['second', 'fine-tuning'],
  ])
  expect(choiceOf(lines)).toEqual({ runs: ['a', 'b'], comparisons: ['c'] })
  expect(namesOf(lines)).toBe('2 runs and 1 comparison')
  expect(namesOf(lines.slice(0, 1))).toBe('first')
})

test('a size is told only where all of it is known', () => {
  const lines = binLines(content)
  const sizes = new Map([['a', 1000]])
  expect(sizeOf(lines, sizes)).toBeUndefined()
  expect(sizeOf(lines.slice(0, 2), sizes)).toBe(1000)
})
