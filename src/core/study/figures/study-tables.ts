import { mean } from '../statistics/score-matrix.ts'
import type { StudyData } from '../study-data.ts'
import { smoke } from './caption.ts'
import { compareArms } from './comparison.ts'
import { tasksOf } from './maps.ts'
import { pairedTables } from './tables/paired-tables.ts'
import { stepTable } from './tables/step-table.ts'
import { summaryTables } from './tables/summary-tables.ts'
import { column, tableOf, type StudyTable } from './tables/table.ts'
import { trainingTable } from './tables/training-table.ts'
import { validationTables } from './tables/validation-tables.ts'

export type { StudyTable } from './tables/table.ts'

/** The numbers of a study, complete or not: notes say what is missing. */
export function studyTables(data: StudyData, bootstrapSeed: number): StudyTable[] {
  const { kind } = data.plan.study
  if (kind === 'layouts') return [layoutTable(data)]
  if (kind === 'validation') return validationTables(data)
  const comparison = compareArms(data)
  return [
    ...summaryTables(comparison, bootstrapSeed),
    ...pairedTables(comparison, bootstrapSeed),
    stepTable(comparison),
    ...(kind === 'ablation' ? [trainingTable(data)] : []),
  ]
}

function layoutTable({ plan }: StudyData): StudyTable {
  const rows = [tasksOf(plan, 'environment-1'), tasksOf(plan, 'environment-2')].map(({ world, tasks }) => {
    const distances = tasks.map(({ goalDistance }) => goalDistance)
    return { world, tasks, distances }
  })
  const ofDistances =
    (of: (distances: readonly number[]) => number) =>
    ({ distances }: (typeof rows)[number]) =>
      distances.length === 0 ? null : of(distances)
  return tableOf(
    'Tasks',
    rows,
    [
      column('environment', ({ world }) => world.title),
      column('tasks', ({ tasks }) => tasks.length),
      column('first seed', ({ tasks }) => tasks[0]?.seed ?? null),
      column('last seed', ({ tasks }) => tasks.at(-1)?.seed ?? null),
      column('goal distance, mean (m)', ofDistances(mean)),
      column(
        'least (m)',
        ofDistances((distances) => Math.min(...distances)),
      ),
      column(
        'largest (m)',
        ofDistances((distances) => Math.max(...distances)),
      ),
    ],
    [`${plan.taskSet} tasks; arc of ${plan.config.tasks.arcDegrees} degrees.`, ...smoke(plan)],
  )
}
