import { expect, it } from 'vitest'
import { resultGroups } from '../../../src/renderer/queue/study-results.ts'

it('shows the formats of a figure together, and what is no figure at the end', () => {
  const files = ['figure-4.svg', 'figure-4.png', 'figure-4.csv', 'costs-by-task.csv', 'tables.csv', 'study.json']
  const groups = resultGroups(files.map((name, size) => ({ name, size })))
  expect(groups.map(({ name, picture, files }) => [name, picture, files.map(({ label }) => label)])).toEqual([
    ['Figure 4', 'figure-4.png', ['SVG', 'PNG', 'CSV']],
    ['Costs by task', null, ['CSV']],
    ['Tables and settings', null, ['tables.csv', 'study.json']],
  ])
  expect(resultGroups([])).toEqual([])
})
