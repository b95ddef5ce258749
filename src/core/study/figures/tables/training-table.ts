import { mean } from '../../statistics/score-matrix.ts'
import type { MetricName } from '../../../training/records.ts'
import type { ArmResults, StudyData, TrainingCurve } from '../../study-data.ts'
import { smoke } from '../caption.ts'
import { pointsOf } from '../training-curves.ts'
import { column, tableOf, type StudyTable } from './table.ts'

interface Row {
  readonly arm: ArmResults
  readonly training: TrainingCurve
  readonly span: 'all' | 'second half'
}

/** How far from the limit costs stay during training, and how much they vary (figure 3's "cost margins"). */
export function trainingTable({ plan, arms }: StudyData): StudyTable {
  const { costLimit } = plan.config
  const rows = arms.flatMap((arm) =>
    arm.trainings.flatMap((training) =>
      (['all', 'second half'] as const).map((span): Row => ({ arm, training, span })),
    ),
  )
  const costColumns = (name: string, metric: MetricName) => [
    column(`${name} cost`, (row: Row) => ifAny(costs(row, metric), mean)),
    column(`${name} cost at most d`, (row: Row) =>
      ifAny(costs(row, metric), (values) => mean(values.map((cost) => (cost <= costLimit ? 1 : 0)))),
    ),
    column(`${name} cost SD`, (row: Row) => ifAny(costs(row, metric), deviation)),
    column(`${name} cost change`, (row: Row) => ifAny(changes(costs(row, metric)), mean)),
  ]
  return tableOf(
    'Costs during training',
    rows,
    [
      column('initialisation', ({ arm }) => arm.label),
      column('seed', ({ training }) => training.seed),
      column('iterations', ({ span }) => span),
      column('recorded', (row) => costs(row, 'costBefore').length),
      column('finished', ({ training }) => (training.completed ? 'yes' : 'no')),
      ...costColumns('adapted', 'costAfter'),
      ...costColumns('meta-policy', 'costBefore'),
    ],
    [
      `Mean episode cost over the tasks of each recorded iteration; d = ${costLimit}. "cost at most d": share of iterations. SD: over iterations, with their trend. Change: mean absolute difference from one recorded iteration to the next.`,
      'Pre-training knows no adapted policies: its policy stands under meta-policy.',
      ...smoke(plan),
    ],
  )
}

function costs({ training, span }: Row, metric: MetricName): number[] {
  const points = pointsOf(training, metric)
  const last = points.at(-1)?.x ?? 0
  return points.filter(({ x }) => span === 'all' || x > last / 2).map(({ y }) => y)
}

const changes = (values: readonly number[]) => values.slice(1).map((value, i) => Math.abs(value - values[i]!))

function deviation(values: readonly number[]): number | null {
  if (values.length < 2) return null
  const middle = mean(values)
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1))
}

function ifAny(values: readonly number[], of: (values: readonly number[]) => number | null): number | null {
  return values.length === 0 ? null : of(values)
}
