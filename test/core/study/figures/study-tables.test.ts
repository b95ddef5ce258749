import { expect, it } from 'vitest'
import { studyTables, type StudyTable } from '../../../../src/core/study/figures/study-tables.ts'
import { criticalT } from '../../../../src/core/study/student-t.ts'
import type { StudyData } from '../../../../src/core/study/study-data.ts'
import { curve, planOf, studyOf, training } from './study-data.ts'

const request = { tasks: [122, 233], seeds: [1, 2], arms: ['c-maml', 'random'] } as const
const plan = planOf({ ...request, changes: { fineTune: { steps: 1 } } })
const cmaml = [
  curve(1, 122, [0, 1], [8, 5]),
  curve(1, 233, [2, 3], [2, 4]),
  curve(2, 122, [2, 3], [4, 3]),
  curve(2, 233, [4, 5], [2, 4]),
]
const random = cmaml.map(({ seed, task }) => curve(seed, task, [0, 0], [40, 60]))
const data = studyOf(plan, { 'c-maml': cmaml, random })

function tableNamed(tables: readonly StudyTable[], start: string): StudyTable {
  return tables.find(({ title }) => title.startsWith(start))!
}

/** Rows as objects. */
function rowsOf(study: StudyData, start: string): Record<string, unknown>[] {
  const { columns, rows } = tableNamed(studyTables(study, 7), start)
  return rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]])))
}

it('every step of every initialisation', () => {
  const rows = rowsOf(data, 'Return and cost by')
  expect(rows).toHaveLength(4)
  expect(rows[0]).toMatchObject({
    ...{ initialisation: 'C-MAML', step: 0, 'transitions before': 0 },
    // Tasks 1 and 3, seeds 1 and 3; within the seeds 0 and 2, 2 and 4.
    ...{ return: 2, 'return, SD over tasks': expect.closeTo(Math.SQRT2, 12) },
    ...{
      'return, mean SD of seeds': expect.closeTo(Math.SQRT2, 12),
      'return, SD over seeds': expect.closeTo(Math.SQRT2),
    },
    ...{ 'return, low': expect.closeTo(2 - criticalT(0.95, 1), 9) },
    ...{ cost: 4, 'feasible tasks': 0.75, goals: 0.5, multiplier: 0.2, KL: 0.01, accepted: 1 },
  })
  expect(rows[1]).toMatchObject({ step: 1, 'transitions before': 4000, multiplier: null, KL: null, accepted: null })
})

it.each([
  ['cpo', null, 0.75],
  ['trpo', null, undefined],
  ['gradient', 0.2, undefined],
] as const)('with %s the multiplier is %s, the share of recovery steps %s', (algorithm, multiplier, recovery) => {
  const changes = { fineTune: { steps: 1, algorithm } }
  const adaptation = { multiplier: 0.2, kl: 0.01, accepted: true }
  const cases = ['infeasible-recovery', 'feasible-inside', 'infeasible-recovery', 'infeasible-recovery'] as const
  const curves = cmaml.map((one, i) => ({
    ...one,
    steps: one.steps.map((step) => ({
      ...step,
      adaptation: step.adaptation && { ...adaptation, feasibility: cases[i]! },
    })),
  }))
  const study = studyOf(planOf({ ...request, arms: ['c-maml'], changes }), { 'c-maml': curves })
  const [before, after] = rowsOf(study, 'Return and cost by')
  expect(before).toMatchObject({ multiplier, KL: 0.01 })
  expect(before!['infeasible-recovery']).toBe(recovery)
  expect(after!['infeasible-recovery']).toBe(recovery === undefined ? undefined : null)
})

it('every initialisation over all steps', () => {
  expect(rowsOf(data, 'Return over steps 0 to 1')[0]).toMatchObject({ return: 2.5, goals: 0.5 })
  const onlyReturns = planOf({ ...request, changes: { fineTune: { steps: 1 }, environment: { goalRule: 'stay' } } })
  // Of tasks 2 and 4.
  expect(rowsOf(studyOf(onlyReturns, { 'c-maml': cmaml }), 'Return over')[0]).toMatchObject({
    'median return at step 1': 3,
  })
  expect(rowsOf(data, 'Cost over steps 0 to 1')[0]).toMatchObject({
    cost: 4,
    'feasible task-steps': 7 / 8,
    'feasible tasks at step 1': 1,
    'cumulative violation': 0.75,
    // The mean of 6.5 with seed 1 and 3.5 with seed 2.
    'worst task': 5,
    'CVaR 10 %': 5,
    'CVaR 10 %, low': null,
    'longest run of cost steps': 2,
    'hazard steps': 3,
    'vase contact steps': 1,
  })
})

it('interaction and time', () => {
  const trainings = [training(1, [9, 9]), training(2, [9, 9, 9, 9], { completed: false })]
  const arms = data.arms.map((arm) => (arm.id === 'c-maml' ? { ...arm, trainings } : arm))
  const [first, second] = rowsOf({ ...data, arms }, 'Interaction')
  expect(first).toMatchObject({
    ...{ trainings: 2, 'not finished': 1, 'training env steps': 3000, 'training seconds': 3, workers: '2' },
    ...{ 'adaptation transitions per task': 4000, 'with the last evaluation': 8000 },
    ...{ 'fine-tunings': 4, 'fine-tuning transitions in all': 32_000 },
  })
  expect(second).toMatchObject({ trainings: 0, 'training env steps': null, 'training seconds': null, workers: null })
})

it('paired differences over tasks', () => {
  const rows = rowsOf(data, 'C-MAML minus each other')
  expect(rows.map(({ other, quantity, steps }) => [other, quantity, steps])).toEqual([
    ['random', 'return', '0 to 1'],
    ['random', 'cost', '0 to 1'],
  ])
  // Tasks 1.5 and 3.5, seeds 1.5 and 3.5.
  expect(rows[0]).toMatchObject({ difference: 2.5, 'standard error': 1, 'P(improvement)': 1 })
  expect(rows[0]!['t low']).toBeCloseTo(2.5 - criticalT(0.95, 1), 9)
  expect(rows[0]!['SD over seeds']).toBeCloseTo(Math.SQRT2, 12)
  expect(rows[0]).toMatchObject({ 'bootstrap low': 1.5, 'bootstrap high': 3.5 })
  // One seed and one task alone: 0.5 to 4.5.
  expect(rows[0]).toMatchObject({ 'seeds and tasks low': 0.5, 'seeds and tasks high': 4.5 })
  // Tasks -45 and -47.
  expect(rows[1]).toMatchObject({ difference: -46, 'standard error': 1, 'P(improvement)': 1 })
})

it('paired differences of each training seed alone', () => {
  const rows = rowsOf(data, 'C-MAML minus each other initialisation, by training seed')
  expect(rows.map(({ seed, quantity, difference }) => [seed, quantity, difference])).toEqual([
    [1, 'return', 1.5],
    [2, 'return', 3.5],
    [1, 'cost', -45.25],
    [2, 'cost', -46.75],
  ])
})

it('the probability of improvement compares equal seeds', () => {
  const rising = [curve(1, 122, [0, 0], [1, 1]), curve(2, 122, [10, 10], [1, 1])]
  const alittleLess = rising.map(({ seed, task, steps }) =>
    curve(
      seed,
      task,
      steps.map((step) => step.return - 1),
      [1, 1],
    ),
  )
  const oneTask = planOf({ ...request, tasks: [122], changes: { fineTune: { steps: 1 } } })
  const [returns, costs] = rowsOf(studyOf(oneTask, { 'c-maml': rising, random: alittleLess }), 'C-MAML minus')
  expect(returns).toMatchObject({ 'P(improvement)': 1 })
  expect(costs).toMatchObject({ 'P(improvement)': 0.5 })
})

it('the first five steps alone where there are more', () => {
  const longer = planOf({ ...request, changes: { fineTune: { steps: 6 } } })
  const rising = Array.from({ length: 7 }, (_, k) => k)
  const flat = rising.map(() => 0)
  const study = studyOf(longer, {
    'c-maml': cmaml.map(({ seed, task }) => curve(seed, task, rising, flat)),
    random: cmaml.map(({ seed, task }) => curve(seed, task, flat, flat)),
  })
  const returns = rowsOf(study, 'C-MAML minus').filter(({ quantity }) => quantity === 'return')
  expect(returns.map(({ steps, difference }) => [steps, difference])).toEqual([
    ['0 to 6', 3],
    ['0 to 5', 2.5],
  ])
})

it('costs during training', () => {
  const ablation = planOf({ ...request, study: 'figure-3', arms: ['c-maml'], changes: { fineTune: { steps: 1 } } })
  const study = studyOf(ablation, { 'c-maml': cmaml })
  const arms = study.arms.map((arm) => ({ ...arm, trainings: [training(1, [10, 2, 4, 6])] }))
  const [all, secondHalf] = rowsOf({ ...study, arms }, 'Costs during training')
  expect(all).toMatchObject({
    ...{ iterations: 'all', recorded: 4, 'adapted cost': 5.5, 'adapted cost at most d': 0.5, 'adapted cost change': 4 },
    // Before adaptation each cost one more.
    ...{ 'meta-policy cost': 6.5, 'meta-policy cost at most d': 0.5 },
  })
  expect(all!['adapted cost SD']).toBeCloseTo(Math.sqrt(35 / 3), 12)
  expect(secondHalf).toMatchObject({ 'adapted cost': 5, 'adapted cost at most d': 0.5, 'adapted cost change': 2 })
})

it('tables of incomplete, single and unadapted studies hold numbers or nothing', () => {
  const single = planOf({ ...request, tasks: [122], seeds: [1], changes: { fineTune: { steps: 0 } } })
  const one = { 'c-maml': [curve(1, 122, [1], [2])], random: [curve(1, 122, [0], [3])] }
  const studies = [studyOf(plan, {}), studyOf(plan, { 'c-maml': cmaml }), studyOf(single, one)]
  for (const { rows, columns, notes, title } of studies.flatMap((study) => studyTables(study, 7))) {
    for (const row of rows) {
      expect(row).toHaveLength(columns.length)
      for (const cell of row) if (typeof cell === 'number') expect(cell, title).toSatisfy(Number.isFinite)
    }
    expect(notes.join(' ')).not.toMatch(/NaN|undefined|Infinity/)
  }
  expect(rowsOf(studies[2]!, 'C-MAML minus')[0]).toMatchObject({ difference: 1, 't low': null, 'bootstrap low': null })
  const notes = studyTables(studies[2]!, 7).flatMap((table) => table.notes)
  expect(notes.join(' ')).toContain('over 1 task,')
  expect(notes.join(' ')).not.toMatch(/\b1 tasks/)
})

it('an interval over seeds and tasks only where there are several seeds', () => {
  const ofSeed = (curves: typeof cmaml) => curves.filter(({ seed }) => seed === 1)
  const one = planOf({ ...request, seeds: [1], changes: { fineTune: { steps: 1 } } })
  const study = studyOf(one, { 'c-maml': ofSeed(cmaml), random: ofSeed(random) })
  const { columns, rows, notes } = studyTables(study, 7).find(({ title }) => title.startsWith('C-MAML minus'))!
  const cell = (name: string) => rows[0]![columns.indexOf(name)]
  // The same resamples of tasks stand under their own name.
  expect(cell('bootstrap low')).not.toBeNull()
  for (const end of ['low', 'high']) expect(cell(`seeds and tasks ${end}`)).toBeNull()
  expect(notes.join(' ')).not.toContain('seeds and tasks;')
})

it('notes say what is behind the numbers', () => {
  for (const { title, notes } of studyTables(studyOf(plan, { 'c-maml': cmaml, random: random.slice(0, 3) }), 7)) {
    expect(notes.join(' '), title).toContain('Partial: 7 of 8 results.')
    expect(notes.join(' '), title).toContain('3 results left out')
  }
})
