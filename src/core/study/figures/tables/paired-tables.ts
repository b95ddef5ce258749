/** C-MAML against each other initialisation, paired over tasks. */
import { BOOTSTRAP_RESAMPLES, meanInterval, pairedDifference, type Curve } from '../../paired.ts'
import { spreadAcrossRuns } from '../../statistics/spread.ts'
import { mapScores } from '../../statistics/score-matrix.ts'
import { bootstrapOf, comparedQuantities, improvement, type ComparedQuantity } from '../arm-statistics.ts'
import { describeComparison } from '../caption.ts'
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
  return [
    tableOf(
      `${name} minus each other initialisation`,
      pairings.map((pairing) => overall(comparison, reference, pairing, bootstrapSeed)),
      [
        ...pairingColumns,
        column('difference', (row) => row.difference.t.mean),
        column('standard error', (row) => standardError(row.values)),
        ...tColumns(({ difference }: Overall) => difference.t),
        column('bootstrap low', ({ difference }) => (tasks.length > 1 ? numberCell(difference.bootstrap.low) : null)),
        column('bootstrap high', ({ difference }) => (tasks.length > 1 ? numberCell(difference.bootstrap.high) : null)),
        column('SD over seeds', ({ seedDeviation }) => seedDeviation),
        ...intervalColumns('P(improvement)', ({ probability }: Overall) => probability),
      ],
      [
        ...description,
        `Difference: ${name} minus the other on the same task and seed, averaged over the steps and over the seeds of each task; the unit is the task. A higher return and a lower cost are better.`,
        `t: 95 % Student t interval over ${tasks.length} tasks; bootstrap: 95 % percentile of ${BOOTSTRAP_RESAMPLES.toLocaleString('en-US')} resamples of tasks (seed ${bootstrapSeed}). Neither says anything about other training seeds; SD over seeds is that of the seeds' mean differences.`,
        `P(improvement): that a run of ${name} is better (higher return, lower cost) than a run of the other on the same task, all pairs of seeds; its interval resamples tasks, and seeds within each where there are several.`,
      ],
    ),
    tableOf(
      `${name} minus each other initialisation, by training seed`,
      pairings.flatMap((pairing) => seeds.map((_, run) => ofSeed(comparison, reference, pairing, run))),
      [
        ...pairingColumns,
        column('seed', ({ seed }) => seed),
        column('difference', ({ t }) => t.mean),
        column('standard error', ({ values }) => standardError(values)),
        ...tColumns(({ t }: OfSeed) => t),
      ],
      [...description, `t: 95 % Student t interval over the ${tasks.length} tasks with this seed alone.`],
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
    values: difference.tasks.map((one) => one.difference),
    seedDeviation: spreadAcrossRuns(byRun).deviation,
    probability: improvement(reference, other, range, quantity, bootstrapOf(bootstrapSeed)),
  }
}

type Overall = ReturnType<typeof overall>
type OfSeed = ReturnType<typeof ofSeed>

function ofSeed({ seeds, tasks }: Comparison, reference: ComparedArm, pairing: Pairing, run: number) {
  const { values: all } = differences(reference, pairing)
  const values = [...all.subarray(run * tasks.length, (run + 1) * tasks.length)]
  return { ...pairing, seed: seeds[run]!, values, t: meanInterval(values) }
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

/** Of the mean of independent values; null with a single one. */
function standardError(values: readonly number[]): number | null {
  if (values.length < 2) return null
  const { mean } = meanInterval(values)
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return Math.sqrt(squares / (values.length - 1) / values.length)
}
