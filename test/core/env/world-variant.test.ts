import { describe, expect, test } from 'vitest'
import { sampleTask } from '../../../src/core/env/tasks.ts'
import { countObjects, withVasesConstrained, worlds } from '../../../src/core/env/world.ts'
import {
  formatVariant,
  hasOwnLayouts,
  parseVariant,
  variantProblem,
  variantWorld,
  type WorldVariant,
} from '../../../src/core/env/world-variant.ts'

test.each([
  'environment-1',
  'environment-1+vases-cost',
  'environment-2+extent=2.5+hazards=14+vases=4',
  'point-goal-1+vases=0',
])('%s is read and written', (text) => {
  expect(formatVariant(parseVariant(text)!)).toBe(text)
})

test('what the base has anyway is left out', () => {
  expect(parseVariant('environment-1+extent=1.5+hazards=9+vases=1')).toEqual({ base: 'environment-1' })
  expect(parseVariant('environment-2+vases-cost')).toEqual({ base: 'environment-2' })
})

test.each([
  '',
  'nowhere',
  'toString',
  'environment-1+walls=3',
  'environment-1+hazards=1e9',
  'environment-1+hazards=2.5',
])('%j is no world', (text) => {
  expect(parseVariant(text)).toBeNull()
})

describe('what does not fit', () => {
  test('is said', () => {
    expect(variantProblem({ base: 'environment-1', hazards: 60 })).toMatch(/do not fit/)
    expect(variantProblem({ base: 'environment-1', hazards: 61 })).toMatch(/between 0 and 60/)
    expect(parseVariant('environment-1+hazards=60')).toBeNull()
  })

  test('the densest world that is allowed can be laid out', () => {
    const fits = (hazards: number): WorldVariant => ({ base: 'environment-1', vases: 0, hazards })
    const most = Array.from({ length: 61 }, (_, i) => i).findLast((count) => variantProblem(fits(count)) === null)!
    const world = variantWorld(fits(most))
    for (let seed = 0; seed < 20; seed++) expect(sampleTask(world, seed).layout.hazards).toHaveLength(most)
  })
})

test('a world has what it says', () => {
  const world = variantWorld({ base: 'environment-1', extent: 2, hazards: 12, vases: 3, vasesConstrained: true })
  expect(world).toMatchObject({ extent: 2, title: 'Own world (12 hazards, 3 vases, 4 m wide)' })
  expect([countObjects(world, 'hazard'), countObjects(world, 'vase')]).toEqual([12, 3])
  expect(world.objects.every(({ constrained }) => constrained)).toBe(true)
})

test('costly vases alone leave layouts as they are', () => {
  const variant: WorldVariant = { base: 'environment-1', vasesConstrained: true }
  expect(hasOwnLayouts(variant)).toBe(false)
  expect(variantWorld(variant)).toEqual(withVasesConstrained(worlds['environment-1'], true))
  expect(sampleTask(variantWorld(variant), 7)).toEqual(sampleTask(worlds['environment-1'], 7))
})
