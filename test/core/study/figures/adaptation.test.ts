import { expect, it } from 'vitest'
import { checkFigure } from '../../../../src/core/study/figure-data.ts'
import type { CurvesPanel, Figure, IntervalsPanel } from '../../../../src/core/study/figure-data.ts'
import { studyFigures } from '../../../../src/core/study/figures/study-figures.ts'
import { paperStudyOf } from '../../../../src/core/study/plan/studies.ts'
import { criticalT } from '../../../../src/core/study/student-t.ts'
import { curve, planOf, studyOf, training } from './study-data.ts'

const plan = planOf({
  tasks: [122, 233],
  seeds: [1, 2],
  arms: ['c-maml', 'random'],
  changes: { fineTune: { steps: 1 } },
})

/** Task means over seeds of C-MAML's return: 1 and 3 before, 2 and 4 after the step; of its cost: 6 and 2, then 4 and 4. */
const cmaml = [
  curve(1, 122, [0, 1], [8, 5]),
  curve(1, 233, [2, 3], [2, 4]),
  curve(2, 122, [2, 3], [4, 3]),
  curve(2, 233, [4, 5], [2, 4]),
]
const random = cmaml.map(({ seed, task }) => curve(seed, task, [0, 0], [40, 60]))
const data = studyOf(plan, { 'c-maml': cmaml, random })

const panelsOf = (figure: Figure) => figure.panels as readonly CurvesPanel[]

it('shows the mean over tasks and the standard deviation across tasks, each averaged over its seeds', () => {
  const [figure] = studyFigures(data)
  checkFigure(figure!)
  expect(figure!.id).toBe('figure-4')
  const [returns, costs] = panelsOf(figure!)
  const series = returns!.series[0]!
  expect(series).toMatchObject({ label: 'C-MAML', role: 'c-maml', x: [0, 1], mean: [2, 3], n: 2 })
  // Tasks 1 and 3: the SD with N - 1 is the square root of 2.
  expect(series.low![0]).toBeCloseTo(2 - Math.SQRT2, 12)
  expect(series.high![1]).toBeCloseTo(3 + Math.SQRT2, 12)
  expect(costs!.series[0]).toMatchObject({ mean: [4, 4], high: [4 + Math.sqrt(8), 4] })
  expect(costs!.references).toEqual([{ label: 'cost limit d = 5', value: 5 }])
})

it('says what is behind it', () => {
  const { caption } = studyFigures(data)[0]!
  expect(caption).toContain('N = 2 chosen tasks of Environment 2 (10 hazards, 10 vases), 2 seeds (1, 2).')
  expect(caption).toContain('1 step of 10 episodes with horizon 400: at most 4,000 transitions a step')
  expect(caption).toContain('d = 5 per episode, d / T = 0.0125 per environment step')
  expect(caption).toContain('one standard deviation across the 2 tasks, each the mean of its 2 seeds')
  expect(caption).not.toMatch(/[Pp]artial|smoke|NaN|undefined/)
})

it('shows 95 % intervals over tasks in a second figure, and costs that differ tenfold on a logarithmic axis', () => {
  const figure = studyFigures(data)[1]!
  expect(figure.id).toBe('figure-4-intervals')
  const [returns, costs] = panelsOf(figure)
  // Tasks 1 and 3: the standard error is 1.
  expect(returns!.series[0]!.high![0]).toBeCloseTo(2 + criticalT(0.95, 1), 9)
  expect(costs!.logarithmic).toBe(true)
  expect(figure.caption).toContain('The axis of costs is logarithmic.')
})

it('shows the spread of the seeds over seeds where the study asks for it', () => {
  const overSeeds = studyFigures({
    ...data,
    plan: { ...plan, study: paperStudyOf('figure-10') },
  })
  const [returns] = panelsOf(overSeeds[0]!)
  // Seed means before adaptation: (0 + 2) / 2 and (2 + 4) / 2.
  expect(returns!.series[0]).toMatchObject({ mean: [2, 3], n: 2 })
  expect(returns!.series[0]!.high![0]).toBeCloseTo(2 + Math.SQRT2, 12)
  expect(overSeeds[0]!.caption).toContain('one standard deviation of these 2 means')
})

it('says what differs between seeds, and that a given checkpoint is one training', () => {
  const arms = data.arms.map((arm) => ({ ...arm, ...(arm.id === 'c-maml' ? { given: true as const } : {}) }))
  const overSeeds = { ...plan, study: paperStudyOf('figure-10') }
  const trained = studyFigures({ ...data, plan: overSeeds })[1]!.caption
  expect(trained).toContain('A seed is a training of its own (C-MAML), fresh networks, one for each task (random).')
  expect(trained).not.toContain('one training')
  const given = studyFigures({ ...data, arms, plan: overSeeds })[1]!.caption
  expect(given).toContain(
    'A seed is fresh networks, one for each task (random), a fine-tuning of the same checkpoint (C-MAML).',
  )
  expect(given).toContain(
    'C-MAML is one training, fine-tuned with 2 seeds: its spread over seeds holds for other fine-tunings',
  )
})

it('says how much interaction is behind each initialisation', () => {
  const three = planOf({ tasks: [122], seeds: [1], arms: ['pre-trained', 'c-maml', 'random'] })
  const curves = [curve(1, 122, new Array<number>(11).fill(0), new Array<number>(11).fill(0))]
  const study = studyOf(three, { 'c-maml': curves, random: curves, 'pre-trained': curves })
  const envSteps: Readonly<Record<string, number>> = { 'c-maml': 64e6, 'pre-trained': 12e6 }
  const arms = study.arms.map((arm) =>
    arm.id in envSteps ? { ...arm, trainings: [training(1, [1], { envSteps: envSteps[arm.id]! })] } : arm,
  )
  for (const { caption } of studyFigures({ ...study, arms }))
    expect(caption).toContain(
      'Environment steps of training, mean over seeds: 64 million (C-MAML), 12 million (pre-trained, 0.19 times as many).',
    )
})

it('compares only tasks and seeds that all initialisations have, and says what it left out', () => {
  const partial = studyOf(plan, { 'c-maml': cmaml, random: random.slice(0, 1) })
  const figure = studyFigures(partial)[0]!
  const [returns] = panelsOf(figure)
  expect(returns!.series[0]).toEqual({ label: 'C-MAML', role: 'c-maml', x: [0, 1], mean: [0, 1], n: 1 })
  expect(figure.caption).toContain('Partial: 5 of 8 results.')
  expect(figure.caption).toContain('3 results left out')
  expect(figure.caption).toContain('1 seed (1): one seed only, no interval over seeds')
  expect(figure.caption).toContain('No bands: one task only.')
})

it('an initialisation without results waits and holds nobody back', () => {
  const figures = studyFigures(studyOf(plan, { 'c-maml': cmaml }))
  const [returns] = panelsOf(figures[0]!)
  expect(returns!.series[0]!.mean).toEqual([2, 3])
  expect(returns!.series[1]).toEqual({ label: 'random', role: 'random', x: [], mean: [] })
  expect(figures[0]!.caption).toContain('Nothing to compare yet: random.')
})

it('a study without any result has figures that say so', () => {
  const figures = studyFigures(studyOf(plan, {}))
  figures.forEach(checkFigure)
  expect(figures.map(({ id }) => id)).toEqual(['figure-4', 'figure-4-intervals'])
  for (const { caption } of figures) {
    expect(caption).toContain('No task was fine-tuned from every initialisation')
    expect(caption).toContain('Partial: 0 of 8 results.')
    expect(caption).not.toMatch(/NaN|undefined|Infinity/)
  }
})

it('smoke results are marked as meaning nothing', () => {
  const smoke = planOf({ scale: 'smoke', arms: ['c-maml', 'random'] })
  for (const { caption } of studyFigures(studyOf(smoke, {}))) expect(caption).toContain('the numbers mean nothing')
})

it('leaves out results that are not whole', () => {
  const broken = [...cmaml.slice(0, 3), curve(2, 233, [4, NaN], [2, 4])]
  const figure = studyFigures(studyOf(plan, { 'c-maml': broken, random }))[0]!
  // The largest balanced part: seed 1 with both tasks.
  expect(panelsOf(figure)[0]!.series[0]).toMatchObject({ mean: [1, 2], n: 2 })
  expect(figure.caption).toContain('4 results left out')
})

it('without adaptation the only point of each curve is a row', () => {
  const none = planOf({
    tasks: [122, 233],
    seeds: [1],
    arms: ['c-maml', 'random'],
    changes: { fineTune: { steps: 0 } },
  })
  const figure = studyFigures(studyOf(none, { 'c-maml': [curve(1, 122, [1], [2]), curve(1, 233, [3], [2])] }))[0]!
  checkFigure(figure)
  const { estimates } = figure.panels[0] as IntervalsPanel
  expect(estimates).toEqual([{ label: 'C-MAML', role: 'c-maml', value: 2, low: 2 - Math.SQRT2, high: 2 + Math.SQRT2 }])
  expect(figure.caption).toContain('No adaptation step (K = 0)')
})
