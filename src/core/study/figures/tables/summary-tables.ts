/** Every initialisation over all steps: how good, how safe, and what it cost to get there. */
import { longestCostRun } from '../../statistics/cost.ts'
import { mean } from '../../statistics/score-matrix.ts'
import type { TrainingCurve } from '../../study-data.ts'
import { armStatistics, bootstrapOf } from '../arm-statistics.ts'
import { cautions, counted, describeComparison } from '../caption.ts'
import type { ComparedArm, Comparison } from '../comparison.ts'
import { allSteps, episodeReturn, episodeCost, meanOverSteps, scoreScaleOf, type Quantity } from '../scores.ts'
import { transitionsBefore } from './step-table.ts'
import { column, intervalColumns, numberCell, tableOf, type StudyTable } from './table.ts'

const label = column('initialisation', ({ arm }: { readonly arm: ComparedArm }) => arm.arm.label)

export function summaryTables(comparison: Comparison, bootstrapSeed: number): StudyTable[] {
  const { arms, steps, tasks } = comparison
  const range = allSteps(comparison)
  const options = bootstrapOf(bootstrapSeed)
  const scale = scoreScaleOf(comparison)
  const overSteps = (arm: ComparedArm, of: Quantity) => mean(meanOverSteps(arm, range, of).values)
  const rows = arms.map((arm) => ({
    arm,
    statistics: armStatistics(comparison, arm, scale, options),
    longest: longestCostRun(
      meanOverSteps(arm, range, (result) => result.longestCostRun),
      options,
    ),
  }))
  type Row = (typeof rows)[number]
  const part = (name: string, of: Quantity) => column(name, ({ arm }: Row) => numberCell(overSteps(arm, of)))
  const description = describeComparison(comparison)
  const band = rows[0]
    ? [
        `low, high: ${rows[0].statistics.score.band}, bootstrap seed ${bootstrapSeed}. A run is one seed: an initialisation with all its fine-tunings.`,
      ]
    : []
  const score = scale.normalised ? 'score' : 'return'

  return [
    tableOf(
      `Return over steps 0 to ${steps}`,
      rows,
      [
        label,
        part('return', episodeReturn),
        ...intervalColumns(`IQM ${score}`, ({ statistics }: Row) => statistics.score),
        ...intervalColumns(`IQM ${score} at step ${steps}`, ({ statistics }: Row) => statistics.lastScore),
        column(`median ${score} at step ${steps}`, ({ statistics }: Row) => statistics.lastMedian),
        ...(scale.normalised
          ? intervalColumns(`optimality gap at step ${steps}`, ({ statistics }: Row) => statistics.lastGap)
          : []),
        part('goals', (result) => result.goals),
      ],
      [
        ...description,
        ...band,
        scale.normalised
          ? 'score: return / (initial distance - 0.3 + 1). IQM: mean of the middle half of all seeds and tasks; median: over tasks, each averaged over its seeds. Optimality gap: mean shortfall of the score from 1.'
          : 'Raw returns: without an end at the goal, or its distance, no task has a largest return. IQM: mean of the middle half of all seeds and tasks; median: over tasks, each averaged over its seeds.',
      ],
    ),
    tableOf(
      `Cost over steps 0 to ${steps}`,
      rows,
      [
        label,
        part('cost', episodeCost),
        ...intervalColumns('feasible task-steps', ({ statistics }: Row) => statistics.feasible),
        ...intervalColumns(`feasible tasks at step ${steps}`, ({ statistics }: Row) => statistics.lastFeasible),
        ...intervalColumns('cumulative violation', ({ statistics }: Row) => statistics.violation),
        ...intervalColumns('CVaR 10 %', ({ statistics }: Row) => statistics.tail),
        column('worst task', ({ statistics }: Row) => statistics.worst.value),
        ...intervalColumns('longest run of cost steps', ({ longest }: Row) => longest.mean),
        column('its worst task', ({ longest }: Row) => longest.worst.value),
        part('hazard steps', (result) => result.hazardSteps),
        part('vase contact steps', (result) => result.contactSteps),
        part('vase velocity steps', (result) => result.velocitySteps),
      ],
      [
        ...description,
        ...band,
        `Means over ${counted(tasks.length, 'task')}, the seeds and all steps. CVaR and worst task: of each task's mean cost over steps, averaged over seeds; where no interval is given, the bootstrap of a maximum is inconsistent.`,
        'cumulative violation: sum over the steps of cost above d. Parts are steps per episode; one step may have several parts and still costs 1.',
      ],
    ),
    budgetTable(comparison),
  ]
}

/** Interaction and time behind every initialisation. */
function budgetTable(comparison: Comparison): StudyTable {
  const { data, arms, steps } = comparison
  const rows = data.arms.map((arm) => ({ arm, compared: arms.find((compared) => compared.arm === arm) }))
  type Row = (typeof rows)[number]
  const training =
    (of: (training: TrainingCurve) => number | null) =>
    ({ arm: { trainings } }: Row) =>
      numberCell(mean(trainings.map((one) => of(one) ?? NaN)))
  return tableOf(
    'Interaction budgets',
    rows,
    [
      column('initialisation', ({ arm }) => arm.label),
      column('trainings', ({ arm }) => arm.trainings.length),
      column('not finished', ({ arm }) => arm.trainings.filter(({ completed }) => !completed).length),
      column(
        'training env steps',
        training(({ envSteps }) => envSteps),
      ),
      column(
        'training seconds',
        training(({ seconds }) => seconds),
      ),
      column(
        'workers',
        ({ arm }) => [...new Set(arm.trainings.map(({ workers }) => workers ?? '?'))].join(', ') || null,
      ),
      column('adaptation transitions per task', ({ compared }) =>
        compared ? numberCell(transitionsBefore(compared, steps)) : null,
      ),
      column('with the last evaluation', ({ compared }) =>
        compared ? numberCell(transitionsBefore(compared, steps + 1)) : null,
      ),
      column('fine-tunings', ({ arm }) => arm.curves.length),
      column('fine-tuning transitions in all', ({ arm }) =>
        arm.curves.reduce((sum, curve) => sum + curve.steps.reduce((all, step) => all + step.transitions, 0), 0),
      ),
    ],
    [
      'Training: means over the trainings; environment steps include those of adaptation. Seconds are wall time with so many workers.',
      'A training may be shared with other studies, and counts fully here. Fine-tuning: means over seeds and tasks.',
      ...cautions(comparison),
    ],
  )
}
