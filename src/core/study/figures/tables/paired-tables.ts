/** C-MAML against each other initialisation, paired over tasks. */
import { BOOTSTRAP_RESAMPLES, meanInterval, pairedDifference, type Curve } from '../../paired.ts'
import { spreadAcrossRuns, spreadAcrossTasks } from '../../statistics/spread.ts'
import { meanScore } from '../../statistics/aggregates.ts'
import { estimate, overSeedsAndTasks } from '../../statistics/estimate.ts'
import { mapScores, type ScoreMatrix } from '../../statistics/score-matrix.ts'
import { bootstrapOf, comparedQuantities, pairedImprovement, type ComparedQuantity } from '../arm-statistics.ts'
import { counted, describeComparison } from '../caption.ts'
import { referenceArm, type ComparedArm, type Comparison } from '../comparison.ts'
import { allSteps, meanOverSteps, stepsOf } from '../scores.ts'
import type { Quantity, StepRange } from '../scores.ts'
import { column, intervalColumns, numberCell, tableOf, type StudyTable } from './table.ts'

/** Adaptation is judged by its first steps too. */
const EARLY_STEPS = 5

interface Pairing {
  readonly other: ComparedArm
  readonly range: StepRange
  readonly quantity: ComparedQuantity
}

export function pairedTables(comparison: Comparison, bootstrapSeed: number): StudyTable[] {
  const reference = referenceArm(comparison)
  const others = comparison.arms.filter((arm) => arm !== reference)
  if (!reference || others.length === 0) return []
  const { steps, seeds, tasks } = comparison
  const ranges = [allSteps(comparison), ...(steps > EARLY_STEPS ? [{ from: 0, to: EARLY_STEPS }] : [])]
  const pairings = others.flatMap((other) =>
    ranges.flatMap((range) => comparedQuantities.map((quantity): Pairing => ({ other, range, quantity }))),
  )
  const description = describeComparison(comparison)
  const name = reference.arm.label
  const rows = pairings.map((pairing) => overall(comparison, reference, pairing, bootstrapSeed))
  const [first] = rows
  return [
    tableOf(
      `${name} minus each other initialisation`,
      rows,
      [
        ...pairingColumns,
        column('difference', (row) => row.difference.t.mean),
        column('standard error', ({ byRun }) => standardErrorOverTasks(byRun)),
        ...tColumns(({ difference }: Overall) => difference.t),
        column('bootstrap low', ({ difference }) => (tasks.length > 1 ? numberCell(difference.bootstrap.low) : null)),
        column('bootstrap high', ({ difference }) => (tasks.length > 1 ? numberCell(difference.bootstrap.high) : null)),
        column('seeds and tasks low', ({ crossed }) => overSeedsAndTasks(crossed).low),
        column('seeds and tasks high', ({ crossed }) => overSeedsAndTasks(crossed).high),
        column('SD over seeds', ({ byRun }) => spreadAcrossRuns(byRun).deviation),
        ...intervalColumns('P(improvement)', ({ probability }: Overall) => probability),
      ],
      [
        ...description,
        `Difference: ${name} minus the other on the same task and seed, averaged over the steps and over the seeds of each task; the unit is the task. A higher return and a lower cost are better.`,
        `t: 95 % Student t interval over ${counted(tasks.length, 'task')}; bootstrap: 95 % percentile of ${BOOTSTRAP_RESAMPLES.toLocaleString('en-US')} resamples of tasks (seed ${bootstrapSeed}). Neither says anything about other training seeds; SD over seeds is that of the seeds' mean differences.`,
        `P(improvement): that ${name} is better (higher return, lower cost) than the other on the same task with the same seed; a tie counts one half.`,
        ...(first
          ? [
              `${seeds.length > 1 ? 'seeds and tasks; ' : ''}low, high of P(improvement): ${first.crossed.band}, bootstrap seed ${bootstrapSeed}. A run is one seed of both.`,
            ]
          : []),
      ],
    ),
    tableOf(
      `${name} minus each other initialisation, by training seed`,
      pairings.flatMap((pairing) => seeds.map((_, run) => ofSeed(comparison, reference, pairing, run))),
      [
        ...pairingColumns,
        column('seed', ({ seed }) => seed),
        column('difference', ({ t }) => t.mean),
        column('standard error', ({ scores }) => standardErrorOverTasks(scores)),
        ...tColumns(({ t }: OfSeed) => t),
      ],
      [...description, `t: 95 % Student t interval over the ${counted(tasks.length, 'task')} with this seed alone.`],
    ),
  ]
}

const pairingColumns = [
  column('other', ({ other }: Pairing) => other.arm.label),
  column('quantity', ({ quantity }: Pairing) => quantity.name),
  column('steps', ({ range }: Pairing) => `${range.from} to ${range.to}`),
]

function tColumns<Row>(of: (row: Row) => { readonly low: number; readonly high: number }) {
  return [
    column('t low', (row: Row) => numberCell(of(row).low)),
    column('t high', (row: Row) => numberCell(of(row).high)),
  ]
}

function overall(comparison: Comparison, reference: ComparedArm, pairing: Pairing, bootstrapSeed: number) {
  const { other, range, quantity } = pairing
  const curves = (arm: ComparedArm) => curvesOf(comparison, arm, range, quantity.of)
  const difference = pairedDifference(curves(reference), curves(other), bootstrapSeed)
  const byRun = differences(reference, pairing)
  return {
    ...pairing,
    difference,
    byRun,
    crossed: estimate(byRun, meanScore, bootstrapOf(bootstrapSeed)),
    probability: pairedImprovement(reference, other, range, quantity, bootstrapOf(bootstrapSeed)),
  }
}

type Overall = ReturnType<typeof overall>
type OfSeed = ReturnType<typeof ofSeed>

function ofSeed({ seeds, tasks }: Comparison, reference: ComparedArm, pairing: Pairing, run: number) {
  const { values: all } = differences(reference, pairing)
  const values = all.slice(run * tasks.length, (run + 1) * tasks.length)
  const scores: ScoreMatrix = { runs: 1, tasks: tasks.length, values }
  return { ...pairing, seed: seeds[run]!, scores, t: meanInterval([...values]) }
}

/** [R x T] */
function differences(reference: ComparedArm, { other, range, quantity }: Pairing) {
  const [a, b] = [meanOverSteps(reference, range, quantity.of), meanOverSteps(other, range, quantity.of)]
  return mapScores([a, b], ([ofReference, ofOther]) => ofReference! - ofOther!)
}

function curvesOf({ seeds, tasks }: Comparison, { results }: ComparedArm, range: StepRange, of: Quantity): Curve[] {
  return results.flatMap((ofSeed, run) =>
    ofSeed.map((ofTask, at) => ({
      seed: seeds[run]!,
      task: tasks[at]!,
      values: stepsOf(range).map((step) => of(ofTask[step]!)),
    })),
  )
}

/** Of the mean over tasks, each averaged over its runs; null with a single task. */
function standardErrorOverTasks(scores: ScoreMatrix): number | null {
  const { deviation } = spreadAcrossTasks(scores)
  return deviation === null ? null : deviation / Math.sqrt(scores.tasks)
}
