import { describe, expect, test } from 'vitest'
import { comparisonLayout } from '../../../src/core/study/comparison/layout.ts'
import type { ShownLayout } from '../../../src/renderer/compare/context.ts'
import { keptLayout, shownLayout, USUAL_LAYOUT } from '../../../src/renderer/compare/layout.ts'
import { compareRoute, readSource, writeSource } from '../../../src/renderer/compare/source.ts'
import { comparisonQuery } from '../../../src/renderer/queue/jobs.ts'
import { job } from '../queue/job.ts'

describe('what is compared, in the address', () => {
  test.each([
    { source: { runs: ['a', 'b'] }, query: { runs: 'a,b' } },
    { source: { comparison: 'x' }, query: { comparison: 'x' } },
    { source: { study: 'figure-4', scale: 'small' as const }, query: { study: 'figure-4', scale: 'small' } },
  ])('$query', ({ source, query }) => {
    expect(writeSource(source)).toEqual(query)
    expect(readSource(query)).toEqual(source)
  })

  test.each([{}, { runs: '' }, { runs: ',' }, { study: 'figure-4' }, { study: 'figure-4', scale: 'vast' }])(
    'nothing: %j',
    (query) => expect(readSource(query)).toBeNull(),
  )

  test('a run is named once', () => expect(readSource({ runs: 'a,b,a' })).toEqual({ runs: ['a', 'b'] }))

  test('trainings alone are compared by their training', () => {
    const [training, tuning] = [
      { id: 'a', kind: 'train' as const },
      { id: 'b', kind: 'fine-tune' as const },
    ]
    expect(compareRoute([training]).query).toEqual({ runs: 'a', training: '1' })
    expect(compareRoute([training, tuning]).query).toEqual({ runs: 'a,b' })
  })
})

describe('jobs that are done', () => {
  test('a fine-tuning is compared by its run, a study by its name', () => {
    expect(comparisonQuery(job('a', 'done', { kind: 'fine-tune', run: 'r' }))).toEqual({ runs: 'r' })
    const study = job('b', 'done', { kind: 'study', name: 'figure-4, small' })
    expect(comparisonQuery(study)).toEqual({ study: 'figure-4', scale: 'small' })
  })

  test('others have nothing to compare', () => {
    expect(comparisonQuery(job('a', 'running', { kind: 'fine-tune', run: 'r' }))).toBeNull()
    expect(comparisonQuery(job('a', 'done', { kind: 'train', run: 'r' }))).toBeNull()
    expect(comparisonQuery(job('a', 'done', { kind: 'study', name: 'of another version' }))).toBeNull()
  })
})

describe('the layout', () => {
  const changed: ShownLayout = {
    ...USUAL_LAYOUT,
    band: 'sd-seeds',
    tasks: 'held-out',
    hidden: ['random'],
    logarithmicCost: true,
    step: 0,
  }

  test('what is usual is not kept', () => expect(keptLayout(USUAL_LAYOUT)).toEqual({}))

  test('comes back as it was kept, by the schema of what is kept', () => {
    const kept = comparisonLayout.parse(keptLayout(changed))
    expect(kept).toEqual({ band: 'sd-seeds', tasks: 'held-out', hidden: ['random'], logarithmicCost: true, step: 0 })
    expect(shownLayout(kept)).toEqual(changed)
  })

  test('back to the last step is kept by being left out', () => {
    expect(shownLayout(keptLayout({ ...changed, step: null }))).toEqual({ ...changed, step: null })
  })
})
