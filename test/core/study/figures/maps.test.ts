import { expect, it } from 'vitest'
import { checkFigure } from '../../../../src/core/study/figure-data.ts'
import type { LayoutsPanel, PathsPanel } from '../../../../src/core/study/figure-data.ts'
import { studyFigures } from '../../../../src/core/study/figures/study-figures.ts'
import { studyTables } from '../../../../src/core/study/figures/study-tables.ts'
import { planOf, studyOf } from './study-data.ts'

it('draws all tasks of both environments', () => {
  const figures = studyFigures(studyOf(planOf({ study: 'tasks' }), {}))
  expect(figures.map(({ id }) => id)).toEqual(['figure-7', 'figure-8'])
  const panels = figures.map(({ panels }) => panels[0] as LayoutsPanel)
  expect(panels.map(({ world, tasks }) => [world.name, tasks.length])).toEqual([
    ['environment-1', 106],
    ['environment-2', 117],
  ])
  expect(figures[0]!.caption).toContain('N = 106 tasks: training tasks, the seeds 0 to 300')
})

it('draws held-out tasks where the study is about them, and no more than its scale has', () => {
  const heldOut = studyFigures(studyOf(planOf({ study: 'tasks', tasks: 'held-out' }), {}))
  expect(heldOut.map(({ panels }) => (panels[0] as LayoutsPanel).tasks.length)).toEqual([133, 105])
  const smoke = studyFigures(studyOf(planOf({ study: 'tasks', scale: 'smoke' }), {}))
  expect(smoke.map(({ panels }) => (panels[0] as LayoutsPanel).tasks.length)).toEqual([4, 4])
  expect(smoke[0]!.caption).toContain('Only the first 4.')
})

it('draws one task of each environment side by side', () => {
  const data = studyOf(planOf({ study: 'figure-12', tasks: [122] }), {})
  const [figure] = studyFigures(data)
  const panels = figure!.panels as readonly LayoutsPanel[]
  expect(panels.map(({ world }) => world.name)).toEqual(['environment-2', 'environment-1'])
  expect(panels.map(({ tasks }) => tasks.map(({ seed }) => seed))).toEqual([[122], [122]])
  expect(panels.map(({ tasks }) => tasks[0]!.layout.vases.length)).toEqual([10, 1])
  expect(studyTables(data, 1)[0]!.rows.map((row) => row.slice(1, 4))).toEqual([
    [1, 122, 122],
    [1, 122, 122],
  ])
})

it('draws the episodes before adaptation and after its last step, of the first seed that has them', () => {
  const plan = planOf({ study: 'figure-9', seeds: [1, 2] })
  const path = { x: [0, 1], y: [0, 2], cost: [0, 1] }
  const trajectories = [
    { arm: 'c-maml', seed: 2, task: 122, step: 0, ...path },
    { arm: 'c-maml', seed: 2, task: 122, step: 10, ...path },
    { arm: 'random', seed: 2, task: 122, step: 10, ...path },
    { arm: 'random', seed: 2, task: 233, step: 5, ...path },
  ]
  const [figure] = studyFigures(studyOf(plan, {}, { trajectories }))
  checkFigure(figure!)
  const panels = figure!.panels as readonly PathsPanel[]
  expect(panels.map(({ title, paths }) => [title, paths.map(({ label }) => label)])).toEqual([
    ['Task 122, before adaptation', ['C-MAML']],
    ['Task 122, after 10 steps', ['C-MAML', 'random']],
    ['Task 233, before adaptation', []],
    ['Task 233, after 10 steps', []],
  ])
  expect(panels[1]!.paths[1]).toEqual({ label: 'random', role: 'random', ...path })
  expect(figure!.caption).toContain('Tasks 122, 233 of Environment 2 (10 hazards, 10 vases), seed 2')
  expect(figure!.caption).toContain('No trajectory yet: pre-trained.')
})

it('draws the layouts of a study of trajectories that has none yet', () => {
  const [figure] = studyFigures(studyOf(planOf({ study: 'figure-9' }), {}))
  expect(figure!.panels.map((panel) => (panel as PathsPanel).paths.length)).toEqual([0, 0, 0, 0])
})
