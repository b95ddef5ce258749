import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { requiredRows, splitLayouts } from '../../../src/core/training/worker-context.ts'
import { tinyConfig } from '../../support/worker.ts'

describe('the parts of a batch of pre-training', () => {
  it('hold at most five episodes each, in their order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1, maxLength: 40 }), (layouts) => {
        const parts = splitLayouts(layouts)
        expect(parts.flat()).toEqual(layouts)
        expect(parts.slice(0, -1).every((part) => part.length === 5)).toBe(true)
        expect(parts.at(-1)!.length).toBeGreaterThan(0)
        expect(parts.at(-1)!.length).toBeLessThanOrEqual(5)
      }),
    )
  })
})

describe('the rows that a worker needs', () => {
  const sizes = ['environment.horizon=100', 'fineTune.episodes=2']

  it('are those of one task and of all, in meta-training', () => {
    const config = tinyConfig(...sizes, 'inner.episodes=3', 'meta.tasksPerIteration=4')
    expect(requiredRows(config)).toEqual({ task: 300, pool: 1200, episodes: 3 })
  })

  it('are those of one part and of all, in pre-training', () => {
    const config = tinyConfig(...sizes, 'method=pre-train', 'preTraining.tasksPerIteration=4', 'preTraining.episodes=6')
    expect(requiredRows(config)).toEqual({ task: 500, pool: 2400, episodes: 5 })
  })

  it('are enough for fine-tuning', () => {
    const config = tinyConfig('environment.horizon=100', 'fineTune.episodes=9', 'inner.episodes=3')
    expect(requiredRows(config)).toMatchObject({ task: 900, episodes: 9 })
  })
})
