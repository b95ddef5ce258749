import { expect, test } from 'vitest'
import { completePart } from '../../../src/core/study/comparison/part.ts'
import { formatBeside, partialWords } from '../../../src/renderer/compare/words.ts'
import { cubeOf } from '../../core/study/comparison/cubes.ts'

test('a comparison of a part says which seeds and tasks it is without', () => {
  const shape = { labels: ['a', 'b'], replicates: 2, tasks: [3, 5, 301], steps: 1 }
  const whole = cubeOf(shape, { return: () => 1 })
  expect(partialWords(completePart(whole))).toBeNull()
  // b has two tasks of the first seed, and nothing of the second.
  const gaps = cubeOf(shape, {
    return: ({ initialisation, replicate, task }) =>
      initialisation === 1 && (replicate === 1 || task === 1) ? Number.NaN : 1,
  })
  const words = partialWords(completePart(gaps))
  expect(words).toContain('4 results left out')
  expect(words).toContain('not compared: task 5')
  expect(words).toMatch(/not compared: seed \d/)
})

test('a cost never reads as the limit that it is above or below', () => {
  expect([10.003, 9.9999, 10, 12.5].map((cost) => formatBeside(cost, 10, 2))).toEqual([
    ...['10.003', '9.9999', '10.00', '12.50'],
  ])
  expect(formatBeside(10.003, undefined, 2)).toBe('10.00')
})
