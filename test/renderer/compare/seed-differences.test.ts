import { expect, it } from 'vitest'
import type { Cube } from '../../../src/core/study/comparison/cube.ts'
import { completePart } from '../../../src/core/study/comparison/part.ts'
import { seedDifferences } from '../../../src/renderer/compare/panels/seed-differences.ts'

// 2 initialisations x 2 seeds x 2 tasks x 1 step.
const values = Float64Array.of(1, 1, 2, 2, 3, 3, 4, 4, 0, 0, 0, 0, 5, 5, 5, 5)
const cube: Cube = {
  initialisations: [
    { label: 'A', role: 'c-maml' },
    { label: 'B', role: 'maml' },
  ],
  replicates: [1, 2].map((trainingSeed) => ({ trainingSeed, fineTuningSeed: 0 })),
  tasks: [7, 8].map((seed) => ({ seed, origin: 'training', goalDistance: 1, bestReturn: null })),
  steps: 1,
  costLimit: 5,
  values: { return: values, cost: values, goals: values, transitions: values },
}

it('tells how initialisations differ under each seed alone', () => {
  const found = seedDifferences(completePart(cube), 0, 1, 'return', 1)
  expect(found.map(({ interval }) => interval.mean)).toEqual([1.5, -1.5])
  expect(found.map(({ replicate }) => replicate.trainingSeed)).toEqual([1, 2])
  expect(found.map(({ interval }) => interval.count)).toEqual([2, 2])
})
