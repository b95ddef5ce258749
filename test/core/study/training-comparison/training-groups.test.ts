import { describe, expect, it } from 'vitest'
import { metricCurves, type OverlaidRun } from '../../../../src/core/study/training-comparison/metric-curves.ts'
import {
  BEST,
  resultValues,
  shownLimits,
  trainingGroups,
  usualGroupBy,
  type TrainingResults,
} from '../../../../src/core/study/training-comparison/training-groups.ts'

const runs: TrainingResults['runs'] = ['a', 'b', 'c'].map((id, i) => ({
  ...{ id, name: `run ${id}`, seed: i },
  kind: i < 2 ? 'C-MAML' : 'MAML',
}))
const settings: TrainingResults['settings'] = [
  { path: 'seed', values: [1, 2, 1] },
  { path: 'meta.lambda.mode', values: ['adaptive', 'adaptive', 'off'] },
  { path: 'meta.eta.mode', values: ['adaptive', 'adaptive', 'off'] },
]

const iterations = Float64Array.of(1, 2, 3)
function overlaid(run: string, cost: readonly number[], back: readonly number[]): OverlaidRun {
  const series = (metric: string, values: readonly number[]) => {
    const mean = Float64Array.from(values)
    return { metric, first: iterations, last: iterations, mean }
  }
  const axis = { iteration: iterations, envSteps: iterations.map((at) => at * 100), seconds: iterations }
  return { run, axis, series: [series('costBefore', cost), series('returnBefore', back)] }
}
const answers = [
  overlaid('a', [1, 3, 0], [1, 2, 1]),
  overlaid('b', [1, 5, 6], [2, 2, 2]),
  overlaid('c', [9, 9, 9], [3, 3, 3]),
]

describe('groups of trainings', () => {
  it('are repetitions under other seeds, in the colours of their methods', () => {
    const groups = trainingGroups(runs, settings, usualGroupBy(settings))
    expect(groups.map(({ runs: members }) => members)).toEqual([[0, 1], [2]])
    expect(groups.map(({ role, name }) => [role, name])).toEqual([
      ['c-maml', 'C-MAML'],
      ['maml', 'MAML'],
    ])
  })

  it('are told apart without their colours, however many they are', () => {
    const many = Array.from({ length: 20 }, (_, i) => ({ ...runs[0]!, id: `run ${i}`, kind: 'C-MAML' }))
    const path = { path: 'meta.kl', values: many.map((_, i) => i) }
    const groups = trainingGroups(many, [path], ['meta.kl'])
    const looks = groups.map(({ dash, marker }) => `${dash.join()} ${marker}`)
    // The first eight by their dashes alone, but for one pair whose markers differ.
    expect(new Set(looks.slice(0, 8)).size).toBe(8)
    expect(new Set(groups.map(({ role, dash }) => `${role} ${dash.join()}`)).size).toBe(20)
  })

  it('have names of their own even where the first settings told are the same', () => {
    const paths = ['p', 'q', 'r', 's']
    const many = paths.map((path) => ({ path, values: [1, 1, 2] }))
    const alike = runs.map((run) => ({ ...run, name: 'C-MAML, seed 1', kind: 'C-MAML' }))
    expect(trainingGroups(alike, many, paths).map(({ name }) => name)).toEqual(['C-MAML', 'C-MAML #2'])
  })

  it('of one kind tell what sets them apart, and are of no kind where they mix some', () => {
    const kl = { path: 'meta.kl', values: [0.01, 0.03, null] }
    const others = ['p', 'q', 'r'].map((path) => ({ path, values: [1, 1, 2] }))
    const names = trainingGroups(runs, [...others, kl], ['p', 'gone', 'q', 'r', 'meta.kl']).map(({ name }) => name)
    expect(names).toEqual(['C-MAML, kl = 0.01', 'C-MAML, kl = 0.03', 'MAML'])
    const mixed = trainingGroups(
      runs,
      [{ path: 'inner.algorithm', values: ['cpo', 'trpo', 'trpo'] }],
      ['inner.algorithm'],
    )
    expect(mixed.map(({ name }) => name)).toEqual(['C-MAML', 'algorithm = trpo'])
  })
})

describe('curves of trainings', () => {
  const groups = trainingGroups(runs, settings, usualGroupBy(settings))

  it('are means with a band over the runs of a group; one run alone has none', () => {
    const { groups: drawn, runs: single } = metricCurves(answers, runs, groups, 'costBefore', 'envSteps')
    expect(drawn.map(({ name }) => name)).toEqual([
      expect.stringMatching(/\(2\)$/),
      expect.not.stringMatching(/\(\d\)$/),
    ])
    const [two, one] = drawn
    expect([two!.x[0], two!.x[two!.x.length - 1]]).toEqual([100, 300])
    expect([two!.y[0], two!.y[two!.y.length - 1]]).toEqual([1, 3])
    expect(two!.high![two!.x.length - 1]).toBeCloseTo(3 + Math.sqrt(18))
    expect(one!.low).toBeUndefined()
    expect(single.map(({ id }) => id)).toEqual(['a', 'b', 'c'])
  })

  it('end where the first run of their group ends', () => {
    const whole = overlaid('a', [1, 3, 0], [1, 2, 1])
    const cut = (values: Float64Array) => values.slice(0, 2)
    const longer = overlaid('b', [1, 5, 6], [2, 2, 2])
    const shorter = {
      ...longer,
      series: longer.series.map((one) => ({ ...one, first: cut(one.first), last: cut(one.last), mean: cut(one.mean) })),
    }
    const [two] = metricCurves([whole, shorter, answers[2]!], runs, groups, 'costBefore', 'envSteps').groups
    const last = two!.x.length - 1
    expect([two!.x[0], two!.x[last], two!.y[last]]).toEqual([100, 200, 4])
  })

  it('have no band below zero where no value is', () => {
    const [two] = metricCurves(answers, runs, groups, 'costBefore', 'iteration').groups
    expect(Math.min(...Array.from(two!.low!))).toBe(0)
  })

  it('tell the runs of a group apart by their dashes, and the group from its runs', () => {
    for (const x of ['iteration', 'returnBefore']) {
      const { runs: single } = metricCurves(answers, runs, groups, 'costBefore', x)
      const looks = single.map(({ role, dash }) => JSON.stringify([role, dash]))
      expect(new Set(looks).size).toBe(3)
    }
    const alone = metricCurves(answers, runs, groups, 'costBefore', 'iteration')
    expect(alone.runs.map(({ dash }) => dash).slice(0, 2)).not.toContainEqual(alone.groups[0]!.dash)
    expect(alone.runs[2]!.dash).toEqual(alone.groups[1]!.dash)
  })

  it('are paths of single runs over another metric', () => {
    const { groups: drawn, runs: single } = metricCurves(answers, runs, groups, 'costBefore', 'returnBefore')
    expect(drawn).toEqual([])
    expect(Array.from(single[0]!.x)).toEqual([1, 2, 1])
    expect(Array.from(single[0]!.y)).toEqual([1, 3, 0])
  })
})

it('answers the best return, or a metric over the newest tenth', () => {
  const summary = { last: 1, late: 2, mean: 3 }
  const results: TrainingResults = {
    ...{ runs: runs.slice(0, 1), settings: [] },
    metrics: [{ metric: 'costBefore', values: [summary] }],
    best: [{ return: 7, cost: 1 }],
  }
  expect(resultValues(results, BEST)).toEqual([7])
  expect(resultValues(results, 'costBefore')).toEqual([2])
  expect(resultValues(results, 'unknown')).toEqual([null])
})

it('cost limits of trainings are drawn once each, and not at all where each training has its own', () => {
  expect(shownLimits([5, 25, 5])).toEqual([5, 25])
  expect(shownLimits([1, 2, 3, 4])).toEqual([])
})
