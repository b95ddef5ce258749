import { expect, test } from 'vitest'
import { METRICS } from '../../../src/core/training/records.ts'
import { isEpisodeCost } from '../../../src/core/study/training-comparison/training-groups.ts'
import { metricTitle } from '../../../src/renderer/compare/training/metric-names.ts'

test('metrics have the names that the charts of a run give them, and none has another’s', () => {
  expect(metricTitle('costAfter')).toBe('Episode cost, adapted')
  expect(metricTitle('outerKl')).toBe('KL of the outer step')
  expect(metricTitle('metaGradientNorm')).toBe('Meta gradient norm')
  const names = Object.keys(METRICS).map(metricTitle)
  expect(new Set(names).size).toBe(names.length)
})

test('a cost limit is about costs of episodes alone', () => {
  expect(Object.keys(METRICS).filter(isEpisodeCost)).toEqual([
    'costBefore',
    'costAfter',
    'costSignalRollout',
    'costSignalCritic',
    'costSignalAdapted',
  ])
})
