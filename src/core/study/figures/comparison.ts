import { largestCommon } from '../largest-common.ts'
import type { AdaptationCurve, ArmResults, StepResult, StudyData } from '../study-data.ts'

/** One initialisation's results on the tasks and seeds that all initialisations have. */
export interface ComparedArm {
  readonly arm: ArmResults
  /** [seed][task][step] */
  readonly results: readonly (readonly (readonly StepResult[])[])[]
}

/** A balanced part of a study: every initialisation that takes part has every task with every seed. */
export interface Comparison {
  readonly data: StudyData
  readonly arms: readonly ComparedArm[]
  /** Initialisations with nothing to compare yet. */
  readonly waiting: readonly ArmResults[]
  readonly seeds: readonly number[]
  readonly tasks: readonly number[]
  /** K: there are K + 1 results of each fine-tuning. */
  readonly steps: number
  /** Results of fine-tuning that are not used because other initialisations lack them, or that are not whole. */
  readonly leftOut: number
}

/**
 * The largest balanced part of what a study has so far. Initialisations without any result wait and do not hold the
 * others back.
 */
export function compareArms(data: StudyData): Comparison {
  const steps = data.plan.config.fineTune.steps
  const indexed = data.arms.map((arm) => ({ arm, curves: curvesByPair(arm, steps) }))
  const present = indexed.filter(({ curves }) => curves.size > 0)
  const has = (seed: number, task: number) => present.every(({ curves }) => curves.has(pair(seed, task)))
  const { rows, columns } = largestCommon(
    present.length === 0 ? 0 : data.plan.seeds.length,
    data.plan.tasks.length,
    (row, column) => has(data.plan.seeds[row]!, data.plan.tasks[column]!),
  )
  const seeds = rows.map((row) => data.plan.seeds[row]!)
  const tasks = columns.map((column) => data.plan.tasks[column]!)

  const comparable = seeds.length > 0
  const compared = comparable ? present : []
  const results = data.arms.reduce((sum, { curves }) => sum + curves.length, 0)
  return {
    data,
    arms: compared.map(({ arm, curves }) => ({
      arm,
      results: seeds.map((seed) => tasks.map((task) => curves.get(pair(seed, task))!.steps)),
    })),
    waiting: data.arms.filter((arm) => !compared.some((other) => other.arm === arm)),
    seeds,
    tasks,
    steps,
    leftOut: results - compared.length * seeds.length * tasks.length,
  }
}

const pair = (seed: number, task: number) => `${seed}/${task}`

function curvesByPair({ curves }: ArmResults, steps: number): Map<string, AdaptationCurve> {
  return new Map(curves.filter((curve) => isWhole(curve, steps)).map((curve) => [pair(curve.seed, curve.task), curve]))
}

function isWhole(curve: AdaptationCurve, steps: number): boolean {
  return (
    curve.steps.length === steps + 1 &&
    curve.steps.every((step) => Number.isFinite(step.return) && Number.isFinite(step.cost))
  )
}

/** What the others are held against: C-MAML, or the first initialisation where it does not take part. */
export function referenceArm({ arms }: Comparison): ComparedArm | undefined {
  return arms.find(({ arm }) => arm.id === 'c-maml') ?? arms[0]
}
