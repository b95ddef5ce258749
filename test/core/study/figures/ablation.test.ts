import { expect, it } from 'vitest'
import { checkFigure } from '../../../../src/core/study/figure-data.ts'
import type { CurvesPanel } from '../../../../src/core/study/figure-data.ts'
import { smoothingReach, trainingSeries } from '../../../../src/core/study/figures/training-curves.ts'
import { studyFigures } from '../../../../src/core/study/figures/study-figures.ts'
import type { ArmResults } from '../../../../src/core/study/study-data.ts'
import { curve, planOf, studyOf, training } from './study-data.ts'

const plan = planOf({ study: 'figure-3', tasks: [122, 233], seeds: [1, 2], changes: { fineTune: { steps: 1 } } })
const pairs = [
  [1, 122],
  [1, 233],
  [2, 122],
  [2, 233],
] as const
const curves = pairs.map(([seed, task]) => curve(seed, task, [0, 1], [seed === 1 ? 9 : 1, task === 122 ? 9 : 1]))
const arm = (...trainings: ArmResults['trainings']): ArmResults => ({
  ...plan.arms[0]!,
  curves: [],
  trainings,
})

it('smooths long trainings only, by about one iteration in a hundred on either side', () => {
  const flat = (length: number) => training(1, new Array<number>(length).fill(1))
  expect(smoothingReach([arm(flat(50))])).toBe(0)
  expect(smoothingReach([arm(flat(51))])).toBe(1)
  expect(smoothingReach([arm(flat(50)), arm(flat(600))])).toBe(6)
  expect(smoothingReach([])).toBe(0)
})

it('averages the running means of the seeds, from the lowest to the highest', () => {
  const series = trainingSeries(arm(training(1, [3, 6, 9]), training(2, [1, 1, 1])), 'costAfter', 1)
  expect(series).toMatchObject({ x: [1, 2, 3], mean: [2.75, 3.5, 4.25], n: 2 })
  expect(series).toMatchObject({ low: [1, 1, 1], high: [4.5, 6, 7.5] })
})

it('shows a thousand points of a longer training, each a mean of all iterations around it', () => {
  const costs = Array.from({ length: 2500 }, (_, i) => (i % 3 === 0 ? 9 : 0))
  const { x, mean } = trainingSeries(arm(training(1, costs)), 'costAfter', 1)
  expect([x.length, x[0], x[1], x.at(-1)]).toEqual([834, 1, 4, 2500])
  // Every third iteration: its neighbours count though they are not shown.
  expect(mean.slice(1, -1).every((value) => Math.abs(value - 3) < 1e-9)).toBe(true)
})

it('shows a training only as far as every seed is', () => {
  const series = trainingSeries(arm(training(1, [3, 6, 9]), training(2, [1, 1])), 'costAfter', 0)
  expect(series).toMatchObject({ x: [1, 2], mean: [2, 3.5] })
})

it('has no band with one seed, and nothing without values', () => {
  expect(trainingSeries(arm(training(1, [3, NaN, 9])), 'costAfter', 0)).toEqual({
    ...{ label: 'C-MAML', role: 'c-maml', n: 1 },
    ...{ x: [1, 3], mean: [3, 9] },
  })
  expect(trainingSeries(arm(training(1, [3])), 'lambda', 0)).toMatchObject({ x: [], mean: [] })
})

it('shows training beside fine-tuning', () => {
  const study = studyOf(plan, { 'c-maml': curves, 'c-maml-no-eta': curves })
  const arms = study.arms.map((one) => ({ ...one, trainings: [training(1, [9, 5]), training(2, [7, 3])] }))
  const figures = studyFigures({ ...study, arms })
  figures.forEach(checkFigure)
  expect(figures.map(({ id }) => id)).toEqual(['figure-3', 'figure-3-intervals', 'figure-3-statistics'])
  const panels = figures[0]!.panels as readonly CurvesPanel[]
  const mean = (title: string) => panels.find((panel) => panel.title === title)!.series[1]!.mean
  expect(mean('Training: cost, adapted')).toEqual([8, 4])
  expect(mean('Training: cost, meta-policy')).toEqual([9, 5])
  expect(mean('Fine-tuning: cost')).toEqual([5, 5])
  const feasible = panels.find((panel) => panel.title === 'Fine-tuning: feasible')!.series[0]!
  // By seed 0 and 1 before the step, one half each after it.
  expect(feasible).toMatchObject({ mean: [0.5, 0.5], low: [0, 0.5], high: [1, 0.5], n: 2 })
  expect(figures[0]!.caption).toContain('Training (2 seeds each): means over the')
  expect(figures[0]!.caption).toContain('Raw values of each iteration')
})

it('says so where no training has started', () => {
  expect(studyFigures(studyOf(plan, {}))[0]!.caption).toContain('No training has started yet.')
})
