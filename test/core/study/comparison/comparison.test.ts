import { describe, expect, it } from 'vitest'
import { bands, feasibleShares, meaningsOf, pointDetail } from '../../../../src/core/study/comparison/bands.ts'
import { comparisonFigures } from '../../../../src/core/study/comparison/figures.ts'
import { improvementMatrix, pairedDifferences } from '../../../../src/core/study/comparison/improvement.ts'
import { completePart, hasScores, matrixAt, matrixOver } from '../../../../src/core/study/comparison/part.ts'
import { orderTasks, taskMatrix, taskMoves } from '../../../../src/core/study/comparison/per-task.ts'
import { profiles } from '../../../../src/core/study/comparison/profiles.ts'
import { costTables, violations } from '../../../../src/core/study/comparison/safety.ts'
import { comparisonTables } from '../../../../src/core/study/comparison/tables.ts'
import { checkFigure } from '../../../../src/core/study/figure-data.ts'
import { estimate } from '../../../../src/core/study/statistics/estimate.ts'
import { interquartileMean, meanScore } from '../../../../src/core/study/statistics/aggregates.ts'
import { performanceProfile } from '../../../../src/core/study/statistics/performance-profile.ts'
import { probabilityOfImprovement } from '../../../../src/core/study/statistics/probability-of-improvement.ts'
import { spreadAcrossRuns, spreadAcrossTasks } from '../../../../src/core/study/statistics/spread.ts'
import { stream } from '../../../../src/core/random/stream.ts'
import { cubeOf } from './cubes.ts'

const bootstrap = { resamples: 200, seed: 4 }
const shape = { labels: ['a', 'b', 'c'], replicates: 3, tasks: [1, 4, 7, 9, 12, 15, 20, 30, 31, 32, 33, 34], steps: 2 }
const random = stream('cube')
const noisy = cubeOf(
  { ...shape, bestReturn: 2 },
  { return: () => random.normal(), cost: () => 10 * random.uniform(), goals: () => random.uniform() },
)

describe('the part that is compared', () => {
  it('is the largest that all shown initialisations have', () => {
    const cube = cubeOf(shape, {
      // b lacks task 4 under the first seed; c has one value only.
      return: ({ initialisation, replicate, task }) =>
        (initialisation === 1 && replicate === 0 && task === 1) || (initialisation === 2 && task + replicate > 0)
          ? Number.NaN
          : 1,
    })
    const all = completePart(cube)
    expect(all).toMatchObject({ initialisations: [0, 1, 2], replicates: [0], tasks: [0], leftOut: 36 + 35 + 1 - 3 })
    const two = completePart(cube, { hidden: ['c'] })
    expect(two.replicates).toEqual([0, 1, 2])
    expect(two.tasks.map((task) => cube.tasks[task]!.seed)).toEqual(shape.tasks.filter((seed) => seed !== 4))
    expect(two.leftOut).toBe(3 + 2)
  })

  it('lets initialisations without results wait, and is empty where nothing is shared', () => {
    const cube = cubeOf(shape, { return: ({ initialisation }) => (initialisation === 1 ? Number.NaN : 1) })
    expect(completePart(cube)).toMatchObject({ initialisations: [0, 2], waiting: ['b'], leftOut: 0 })
    const apart = cubeOf(
      { ...shape, labels: ['a', 'b'] },
      { return: ({ initialisation, replicate }) => ((initialisation === 0) === (replicate === 0) ? 1 : Number.NaN) },
    )
    const nothing = completePart(apart)
    expect(nothing).toMatchObject({ initialisations: [], tasks: [], waiting: ['a', 'b'] })
    expect(bands(nothing, 'return', 'bootstrap-iqm', bootstrap)).toMatchObject({
      curves: [],
      meaning: 'Nothing to compare yet.',
    })
    expect(comparisonFigures(nothing, facts, { band: 'sd-tasks', bootstrap })).toEqual([])
  })

  it('may be that of training or of held-out tasks', () => {
    const cube = cubeOf({ ...shape, origin: (seed) => (seed > 30 ? 'held-out' : 'training') }, {})
    const seeds = completePart(cube, { tasks: 'held-out' }).tasks.map((task) => cube.tasks[task]!.seed)
    expect(seeds).toEqual([31, 32, 33, 34])
    expect(completePart(cube, { tasks: 'unseen' }).initialisations).toEqual([])
  })

  it('reads values by initialisation, replicate, task and step', () => {
    const cube = cubeOf(
      { ...shape, bestReturn: 2000 },
      {
        return: ({ initialisation, replicate, task, step }) =>
          1000 * initialisation + 100 * replicate + 10 * task + step,
      },
    )
    const part = completePart(cube, { hidden: ['a'] })
    expect([...matrixAt(part, 0, 2, 'return').values.subarray(11, 14)]).toEqual([1112, 1102, 1112])
    expect([...matrixOver(part, 1, 'mean', 'return').values.subarray(0, 2)]).toEqual([2001, 2011])
    expect(matrixAt(part, 1, 0, 'score').values[0]).toBe(1)
    expect(hasScores(part)).toBe(true)
    expect(hasScores(completePart(cubeOf(shape, {})))).toBe(false)
  })
})

const part = completePart(noisy)

describe('bands', () => {
  it('are those of the statistics that name them', () => {
    const at = (kind: 'sd-tasks' | 'sd-seeds' | 'bootstrap-iqm', i: number, step: number) => {
      const { value, low, high } = bands(part, 'return', kind, bootstrap).curves[i]!
      return { value: value[step], low: low![step], high: high![step] }
    }
    const pick = ({ value, low, high }: { value: number; low: number | null; high: number | null }) => ({
      value: expect.closeTo(value, 10) as number,
      low: expect.closeTo(low!, 10) as number,
      high: expect.closeTo(high!, 10) as number,
    })
    const scores = matrixAt(part, 1, 2, 'return')
    expect(at('sd-tasks', 1, 2)).toEqual(pick(spreadAcrossTasks(scores)))
    expect(at('sd-seeds', 1, 2)).toEqual(pick(spreadAcrossRuns(scores)))
    expect(at('bootstrap-iqm', 1, 2)).toEqual(
      pick(estimate(scores, interquartileMean, { resampling: 'crossed', ...bootstrap })),
    )
  })

  it('say what they are, and costs do not fall below 0', () => {
    const of = (kind: 'sd-tasks' | 'bootstrap-mean') => bands(part, 'cost', kind, bootstrap)
    expect(of('sd-tasks').meaning).toBe(
      'Mean; band: plus and minus one standard deviation across 12 tasks, each the mean of 3 runs.',
    )
    expect(of('bootstrap-mean').meaning).toContain(
      '95 % percentile of 200 bootstrap resamples of whole runs and whole tasks',
    )
    const spiky = cubeOf(shape, { cost: ({ task }) => (task === 0 ? 100 : 0) })
    const [curve] = bands(completePart(spiky), 'cost', 'sd-tasks', bootstrap).curves
    expect(curve!.low![0]).toBe(0)
    expect(curve!.high![0]).toBeGreaterThan(20)
    const meaning = (quantity: 'return' | 'cost', kind: 'sd-tasks' | 'bootstrap-iqm' | 'bootstrap-mean') =>
      bands(completePart(spiky), quantity, kind, bootstrap).meaning
    expect(meaning('cost', 'sd-tasks')).toMatch(/one standard deviation across .*, cut at 0\.$/)
    expect(meaning('return', 'sd-tasks')).not.toContain('cut')
    expect(meaning('cost', 'bootstrap-mean')).not.toContain('cut')
    // The limit is on a mean.
    expect(meaning('cost', 'bootstrap-iqm')).toContain('The limit d is on the mean cost')
    expect(meaning('return', 'bootstrap-iqm')).not.toContain('limit')
  })

  it('are told once where quantities have the same', () => {
    const one = { meaning: 'Mean.' }
    expect(
      meaningsOf([
        ['Return', one],
        ['Cost', { meaning: 'Mean, cut at 0.' }],
        ['Goals', one],
      ]),
    ).toEqual(['Return, Goals: Mean.', 'Cost: Mean, cut at 0.'])
  })

  it('of one seed and one task are none', () => {
    const single = cubeOf({ ...shape, replicates: 1, tasks: [3] }, { return: () => 1 })
    const { curves, meaning } = bands(completePart(single), 'return', 'bootstrap-mean', bootstrap)
    expect(curves[0]).toMatchObject({ low: null, high: null, value: new Float64Array([1, 1, 1]) })
    expect(meaning).toBe('Mean; no interval: one run and one task only, nothing to resample.')
  })

  it('count what is feasible, and open into tasks and seeds', () => {
    const cube = cubeOf(shape, { cost: ({ task, step }) => (task < 3 * step ? 5.001 : 5) })
    const { curves, meaning } = feasibleShares(completePart(cube), bootstrap)
    expect([...curves[0]!.value]).toEqual([1, 0.75, 0.5])
    // All of them: every resample is the same, which is no certainty.
    expect([curves[0]!.low![0], curves[0]!.high![0]]).toEqual([NaN, NaN])
    expect(curves[0]!.low![1]).toBeLessThan(0.75)
    expect(meaning).toMatch(/percentile of 200 bootstrap .*; no interval where all or none is so: /)
    const tables = costTables(completePart(cube), bootstrap)
    expect(tables[0]!.steps.map(({ feasible }) => feasible.low === null)).toEqual([true, false, false])
    const always = feasibleShares(completePart(cubeOf(shape, { cost: () => 0 })), bootstrap)
    expect(always.curves[0]).toMatchObject({ low: null, high: null })
    expect(always.meaning).not.toContain('percentile')
    const detail = pointDetail(completePart(cube), 0, 1, 'cost')
    expect(detail.tasks.slice(1, 4)).toEqual([
      { seed: 4, value: expect.closeTo(5.001, 10) as number },
      { seed: 7, value: expect.closeTo(5.001, 10) as number },
      { seed: 9, value: 5 },
    ])
    expect(detail.replicates.map(({ value }) => value)).toEqual(Array(3).fill(expect.closeTo(5.00025, 10)))
  })
})

describe('tasks one by one', () => {
  const cube = cubeOf(
    { ...shape, labels: ['a', 'b'] },
    {
      return: ({ task, step, replicate }) => task + step + replicate,
      cost: ({ initialisation, task, step }) => (initialisation === 0 ? 10 - task - step : 4),
    },
  )
  const whole = completePart(cube)

  it('move from before to after adaptation', () => {
    expect(taskMoves(whole, 0, 2)[0]!.moves[4]).toMatchObject({
      task: { seed: 12 },
      before: { return: 5, cost: 6 },
      after: { return: 7, cost: 4 },
      feasibleBefore: 0,
      feasibleAfter: 1,
    })
  })

  it('stand in a matrix that any figure sorts', () => {
    const matrix = taskMatrix(whole, 'cost', 2)
    expect(matrix.labels).toEqual(['a', 'b'])
    expect([...matrix.values.subarray(0, 4)]).toEqual([8, 4, 7, 4])
    expect(matrix.range).toEqual([-3, 8])
    const seeds = (...order: [Parameters<typeof orderTasks>[1], boolean]) =>
      orderTasks(matrix, ...order).map((row) => matrix.tasks[row]!.seed)
    expect(seeds('seed', true).slice(0, 2)).toEqual([34, 33])
    expect(seeds({ label: 'a' }, false).slice(0, 2)).toEqual([34, 33])
    // Equal in b, so in the order of seeds.
    expect(seeds({ label: 'b' }, true)).toEqual(shape.tasks)
    expect(seeds('range', true).slice(0, 3)).toEqual([34, 33, 32])
    expect(seeds('mean', true)[0]).toBe(1)
    expect(seeds('distance', true)[0]).toBe(34)
    expect(taskMatrix(whole, 'return', 'change').values.every((value) => value === 2)).toBe(true)
  })
})

describe('safety', () => {
  it('matches a hand calculation', () => {
    // Task t of 12 costs t at step 0, 2 t after: the limit is 5.
    const cube = cubeOf({ ...shape, labels: ['a'], steps: 1 }, { cost: ({ task, step }) => task * (1 + step) })
    const [table] = costTables(completePart(cube), bootstrap)
    // CVaR: 1.2 tasks of 12 are the worst tenth.
    const tail = (2 * 11 * 1 + 2 * 10 * 0.2) / 1.2
    expect(table!.steps[1]).toMatchObject({
      mean: { value: 11 },
      tail: { value: expect.closeTo(tail, 10) as number },
      worst: { value: 22, low: null },
      worstTasks: [34, 34, 34],
      feasible: { value: 0.25 },
    })
    const [violation] = violations(completePart(cube), bootstrap)
    // Step 0: 1 + ... + 6 = 21; step 1: 1 + 3 + ... + 17 = 81.
    expect(violation).toMatchObject({
      total: { value: 102 / 12 },
      last: { value: 81 / 12 },
      share: { value: 15 / 24 },
      worst: { value: 6 + 17 },
      worstTasks: [34, 34, 34],
    })
    expect(violation!.total.low!).toBeLessThan(violation!.total.value)
  })

  it('of ten tasks has no interval of its worst', () => {
    const cube = cubeOf({ ...shape, tasks: shape.tasks.slice(0, 10) }, { cost: ({ task }) => task })
    expect(costTables(completePart(cube), bootstrap)[0]!.steps[0]!.tail).toMatchObject({ value: 9, low: null })
  })
})

describe('profiles and improvement', () => {
  it('profiles are those of the single statistic', () => {
    const { taus, curves, kind } = profiles(part, 'cost', 2, bootstrap)
    expect(kind).toBe('at-most')
    const expected = performanceProfile(matrixAt(part, 2, 2, 'cost'), [...taus], kind, {
      resampling: 'crossed',
      ...bootstrap,
    })
    const all = (values: Float64Array) => [...values].map((value) => expect.closeTo(value, 10) as number)
    expect([...curves[2]!.value]).toEqual(all(expected.values))
    expect([...curves[2]!.low!]).toEqual(all(expected.low!))
    expect([...curves[2]!.high!]).toEqual(all(expected.high!))
    expect(profiles(part, 'score', 'mean', bootstrap).kind).toBe('above')
  })

  it('improvement is that of each pair, and a cost is better where it is lower', () => {
    const { cells, meaning } = improvementMatrix(part, 'cost', 'mean', bootstrap)
    const [x, y] = [matrixOver(part, 0, 'mean', 'cost'), matrixOver(part, 2, 'mean', 'cost')]
    const expected = probabilityOfImprovement(y, x, { resampling: 'crossed', ...bootstrap })
    expect(cells[0]![2]!.value).toBeCloseTo(expected.value, 12)
    expect(cells[0]![2]!.value + cells[2]![0]!.value).toBeCloseTo(1, 12)
    expect(cells[2]![0]!.low! + cells[0]![2]!.high!).toBeCloseTo(1, 12)
    expect(cells[1]![1]).toBeNull()
    expect(meaning).toContain('a lower cost (mean over steps)')
  })

  it('paired differences average seeds first', () => {
    const cube = cubeOf(
      { ...shape, labels: ['a', 'b'] },
      { return: ({ initialisation, replicate, task }) => (initialisation === 0 ? replicate + task : 0) },
    )
    const [difference] = pairedDifferences(completePart(cube), 'return', 1, bootstrap)
    expect(difference).toMatchObject({ first: 'a', second: 'b', seeds: 3, t: { mean: 6.5, count: 12 } })
    expect(difference!.tasks[0]).toEqual({ task: 1, difference: 1 })
    // The interval that holds for other seeds too is that of the tables of studies, and the wider one.
    const values = Float64Array.from({ length: 3 * 12 }, (_, at) => Math.floor(at / 12) + (at % 12))
    const scores = { runs: 3, tasks: 12, values }
    const { low, high, band } = estimate(scores, meanScore, { resampling: 'crossed', ...bootstrap })
    expect(difference!.crossed).toMatchObject({ value: 6.5, band })
    expect(difference!.crossed.low).toBeCloseTo(low!, 12)
    expect(difference!.crossed.high).toBeCloseTo(high!, 12)
    expect(high! - low!).toBeGreaterThan(difference!.bootstrap.high - difference!.bootstrap.low)
  })
})

const facts = { title: 'noise', world: 'environment-2', algorithm: 'CPO', horizon: 400, episodes: 10 }

describe('figures and tables', () => {
  it.each(['sd-tasks', 'sd-seeds', 'bootstrap-mean', 'bootstrap-iqm'] as const)('with %s hold together', (band) => {
    const figures = comparisonFigures(part, facts, { band, bootstrap })
    for (const figure of figures) {
      checkFigure(figure)
      expect(figure.caption).toContain('N = 12 tasks of environment-2 (12 training) and 3 seeds.')
    }
    const ids = 'adaptation tasks heat-map profiles improvement cost-steps safety differences'
    expect(figures.map(({ id }) => id)).toEqual(ids.split(' '))
    for (const { columns, rows, notes } of comparisonTables(part, facts, band, bootstrap)) {
      expect(rows.every((row) => row.length === columns.length)).toBe(true)
      expect(rows.flat().some(Number.isNaN)).toBe(false)
      expect(notes[0]).toContain('Cost limit d = 5')
    }
  })
})
