import { meanInterval } from '../../paired.ts'
import { mean, taskMeans, type ScoreMatrix } from '../../statistics/score-matrix.ts'
import { spreadAcrossRuns, spreadAcrossTasks } from '../../statistics/spread.ts'
import type { StepResult } from '../../study-data.ts'
import { FEASIBILITIES, type Algorithm, type Feasibility } from '../../../rl/policy-step.ts'
import { fineTuningAlgorithm } from '../../plan/fine-tuning-algorithm.ts'
import { counted, describeComparison } from '../caption.ts'
import type { ComparedArm, Comparison } from '../comparison.ts'
import { allSteps, episodeCost, episodeReturn, scoresAt, stepsOf } from '../scores.ts'
import { column, intervalColumns, numberCell, tableOf, type StudyTable } from './table.ts'

/** Their steps are of the Lagrangian; the others only carry lambda_p along. */
const USING_MULTIPLIER: ReadonlySet<Algorithm> = new Set(['trpo-lag', 'gradient'])

const WITH_CASES: ReadonlySet<Algorithm> = new Set(['cpo', 'pcpo'])
const CASES = FEASIBILITIES.filter((one) => one !== 'unconstrained')

interface StepRow {
  readonly arm: ComparedArm
  readonly step: number
  readonly results: readonly StepResult[]
  readonly returns: ScoreMatrix
  readonly costs: ScoreMatrix
}

/** Every initialisation before the first step and after each. */
export function stepTable(comparison: Comparison): StudyTable {
  const { arms, tasks, data } = comparison
  const { costLimit } = data.plan.config
  const algorithm = fineTuningAlgorithm(data.plan)
  const rows = arms.flatMap((arm) =>
    stepsOf(allSteps(comparison)).map((step): StepRow => ({
      arm,
      step,
      results: arm.results.flatMap((ofSeed) => ofSeed.map((ofTask) => ofTask[step]!)),
      returns: scoresAt(arm, step, episodeReturn),
      costs: scoresAt(arm, step, episodeCost),
    })),
  )
  return tableOf(
    'Return and cost by adaptation step',
    rows,
    [
      column('initialisation', ({ arm }) => arm.arm.label),
      column('step', ({ step }) => step),
      column('transitions before', ({ arm, step }) => numberCell(transitionsBefore(arm, step))),
      ...quantityColumns('return', ({ returns }) => returns),
      ...quantityColumns('cost', ({ costs }) => costs),
      column('feasible tasks', ({ costs }) => mean(costs.values.map((cost) => (cost <= costLimit ? 1 : 0)))),
      column('goals', ({ results }) => numberCell(mean(results.map(({ goals }) => goals)))),
      column('multiplier', ({ results }) =>
        USING_MULTIPLIER.has(algorithm) ? adaptationMean(results, ({ multiplier }) => multiplier) : null,
      ),
      column('KL', ({ results }) => adaptationMean(results, ({ kl }) => kl)),
      column('accepted', ({ results }) => adaptationMean(results, ({ accepted }) => Number(accepted))),
      ...(WITH_CASES.has(algorithm) ? CASES : []).map((name) =>
        column(name, ({ results }: StepRow) => shareOfCase(results, name)),
      ),
    ],
    [
      ...describeComparison(comparison),
      `low, high: 95 % Student t interval of the mean over ${counted(tasks.length, 'task')}, each averaged over its seeds; none with one task.`,
      "SD over tasks: of each task averaged over its seeds. Mean SD of seeds: the average over seeds of their SD across tasks. SD over seeds: of the seeds' means over tasks.",
      'feasible tasks: share of tasks and seeds with cost at most d. Goals: reached per episode. Multiplier, KL (nats, summed over action dimensions) and accepted are of the step that follows.',
      ...(WITH_CASES.has(algorithm)
        ? ['Last columns: share of these steps in which the constraint met the trust region in that way.']
        : []),
    ],
  )
}

function quantityColumns(name: string, of: (row: StepRow) => ScoreMatrix) {
  return [
    ...intervalColumns(name, (row: StepRow) => {
      const { mean: value, low, high } = meanInterval([...taskMeans(of(row))])
      return { value, low, high }
    }),
    column(`${name}, SD over tasks`, (row: StepRow) => spreadAcrossTasks(of(row)).deviation),
    column(`${name}, mean SD of seeds`, (row: StepRow) => meanSpreadOfSeeds(of(row))),
    column(`${name}, SD over seeds`, (row: StepRow) => spreadAcrossRuns(of(row)).deviation),
  ]
}

function meanSpreadOfSeeds({ runs, tasks, values }: ScoreMatrix): number | null {
  if (tasks === 1) return null
  const bySeed = Array.from({ length: runs }, (_, run) => values.subarray(run * tasks, (run + 1) * tasks))
  return mean(bySeed.map((row) => spreadAcrossTasks({ runs: 1, tasks, values: row }).deviation!))
}

/** Environment steps that adaptation to a task has used before `step`'s policy is there, mean over seeds and tasks. */
export function transitionsBefore({ results }: ComparedArm, step: number): number {
  return mean(
    results.flatMap((ofSeed) =>
      ofSeed.map((ofTask) => ofTask.slice(0, step).reduce((sum, { transitions }) => sum + transitions, 0)),
    ),
  )
}

function adaptationMean(
  results: readonly StepResult[],
  of: (adaptation: NonNullable<StepResult['adaptation']>) => number,
): number | null {
  const values = results.flatMap(({ adaptation }) => (adaptation ? [of(adaptation)] : []))
  return values.length === 0 ? null : numberCell(mean(values))
}

/** Of the steps whose case is known. */
function shareOfCase(results: readonly StepResult[], wanted: Feasibility): number | null {
  const cases = results.flatMap(({ adaptation }) => adaptation?.feasibility ?? [])
  return cases.length === 0 ? null : cases.filter((one) => one === wanted).length / cases.length
}
