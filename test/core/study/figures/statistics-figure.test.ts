import { expect, it } from 'vitest'
import { checkFigure } from '../../../../src/core/study/figure-data.ts'
import type { Figure, IntervalsPanel, Panel, ProfilePanel } from '../../../../src/core/study/figure-data.ts'
import { studyFigures } from '../../../../src/core/study/figures/study-figures.ts'
import type { StudyData } from '../../../../src/core/study/study-data.ts'
import { curve, planOf, studyOf } from './study-data.ts'

const request = { tasks: [122, 233], seeds: [1, 2], arms: ['c-maml', 'random'] } as const
const plan = planOf({ ...request, changes: { fineTune: { steps: 0 } } })
const distances = new Map([
  [122, 1.3],
  [233, 3.3],
])

/** Largest returns are 2 and 4: normalised scores 0.1, 0.5, 0.7 and 1. */
const cmaml = [curve(1, 122, [0.2], [6]), curve(1, 233, [2], [3]), curve(2, 122, [1.4], [5]), curve(2, 233, [4], [9])]
/** Better on task 122 than one of two runs, always worse on 233; cheaper than all. */
const random = [curve(1, 122, [1], [1]), curve(1, 233, [0], [1]), curve(2, 122, [1], [1]), curve(2, 233, [0], [1])]
const data = studyOf(plan, { 'c-maml': cmaml, random }, { goalDistances: distances })

function statisticsOf(study: StudyData): Figure {
  const figure = studyFigures(study).find(({ id }) => id === 'figure-4-statistics')!
  checkFigure(figure)
  return figure
}

const panel = <P extends Panel>(figure: Figure, title: string) => figure.panels.find((one) => one.title === title) as P
const values = (figure: Figure, title: string) =>
  panel<IntervalsPanel>(figure, title).estimates.map(({ label, value }) => [label, value])

it('aggregates normalised scores over tasks and seeds', () => {
  const figure = statisticsOf(data)
  // Of four scores, the middle two; shortfalls 0.9, 0.5, 0.3 and 0.
  expect(values(figure, 'Score without adaptation')[0]).toEqual(['C-MAML', expect.closeTo(0.6, 12)])
  expect(values(figure, 'Optimality gap without adaptation')[0]).toEqual(['C-MAML', expect.closeTo(0.425, 12)])
  expect(figure.panels.some(({ title }) => title.includes('mean over steps'))).toBe(false)
})

it('says how probable it is that C-MAML is better than each other initialisation', () => {
  const figure = statisticsOf(data)
  // Task 122: 1.4 of 0.2 and 1.4 is better than 1; task 233: both.
  expect(values(figure, 'Higher return: C-MAML against')).toEqual([['random', 0.75]])
  expect(values(figure, 'Lower cost: C-MAML against')).toEqual([['random', 0]])
})

it('aggregates costs', () => {
  const figure = statisticsOf(data)
  expect(values(figure, 'Feasible task-steps')).toEqual([
    ['C-MAML', 0.5],
    ['random', 1],
  ])
  // Above the limit of 5: 1 and 4, over 4 results.
  expect(values(figure, 'Cumulative violation')[0]).toEqual(['C-MAML', 1.25])
  // Worst of seed 1: 6, of seed 2: 9; a tenth of two tasks is the worst task too.
  expect(values(figure, 'Worst task')[0]).toEqual(['C-MAML', 7.5])
  expect(values(figure, 'Worst tenth of tasks (CVaR 10 %)')[0]).toEqual(['C-MAML', 7.5])
})

it('the profile falls from 1 to 0 over the scores', () => {
  const { series } = panel<ProfilePanel>(statisticsOf(data), 'Profile of scores without adaptation')
  const { x, mean } = series[0]!
  const shareAbove = (score: number) => mean[x.findIndex((threshold) => threshold >= score - 1e-9)]
  expect([x[0], x.at(-1)]).toEqual([0, 1])
  expect([shareAbove(0), shareAbove(0.3), shareAbove(0.6), shareAbove(0.9), shareAbove(1)]).toEqual([
    1, 0.75, 0.5, 0.25, 0,
  ])
})

it('intervals come from the given bootstrap seed and say what they are', () => {
  const figure = statisticsOf(data)
  expect(figure).toEqual(statisticsOf(data))
  const { value, low, high } = panel<IntervalsPanel>(figure, 'Score without adaptation').estimates[0]!
  expect(low).toBeLessThan(value)
  expect(high).toBeGreaterThan(value)
  expect(figure.caption).toContain(
    '95 % percentile of 2,000 bootstrap resamples of whole runs and whole tasks (2 runs, 2 tasks; rough with 2 runs, too narrow where they differ much), bootstrap seed 1.',
  )
})

it('one task and one seed have no intervals', () => {
  const single = planOf({ ...request, tasks: [122], seeds: [1], changes: { fineTune: { steps: 0 } } })
  const figure = statisticsOf(
    studyOf(single, { 'c-maml': [cmaml[0]!], random: [random[0]!] }, { goalDistances: distances }),
  )
  for (const one of figure.panels)
    if (one.kind === 'intervals') for (const estimate of one.estimates) expect(estimate).not.toHaveProperty('low')
  expect(figure.caption).toContain('No bars (no interval: one run and one task only, nothing to resample).')
})

it.each(['resample', 'stay'])('returns stay raw where the goal is followed by: %s', (goalRule) => {
  const raw = planOf({ ...request, changes: { fineTune: { steps: 0 }, environment: { goalRule } } })
  const figure = statisticsOf(studyOf(raw, { 'c-maml': cmaml, random }, { goalDistances: distances }))
  // The middle two of 0.2, 1.4, 2 and 4.
  expect(values(figure, 'Score without adaptation')[0]).toEqual(['C-MAML', expect.closeTo(1.7, 12)])
  expect(figure.panels.some(({ title }) => title.startsWith('Optimality gap'))).toBe(false)
  expect(figure.caption).toContain('Returns are raw')
})
