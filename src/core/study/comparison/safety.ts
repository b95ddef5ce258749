/** What safety over adaptation comes to: cost at every step, the worst tasks, and what was violated in all. */
import type { SeriesRole } from '../figure-data.ts'
import { worstTask } from '../statistics/cost.ts'
import { crossedMeans, crossedTails } from '../statistics/crossed-statistics.ts'
import { withoutInterval, type Estimate } from '../statistics/estimate.ts'
import { crossedShares } from '../statistics/share.ts'
import type { ScoreMatrix } from '../statistics/score-matrix.ts'
import type { Bootstrap } from './bands.ts'
import { matricesOf, shownInitialisations, type ComparedPart } from './part.ts'

/** Share of tasks in the tail. */
export const TAIL_SHARE = 0.1

export interface CostAtStep {
  readonly step: number
  readonly mean: Estimate
  /** CVaR of the worst tenth of tasks. */
  readonly tail: Estimate
  readonly worst: Estimate
  /** Seed of each run's worst task. */
  readonly worstTasks: readonly number[]
  /** Share of (seed, task) pairs within the limit. */
  readonly feasible: Estimate
}

export interface CostTable {
  readonly label: string
  readonly role: SeriesRole
  readonly steps: readonly CostAtStep[]
}

/** Cost at steps 0..K of every initialisation. */
export function costTables(part: ComparedPart, bootstrap: Bootstrap): CostTable[] {
  const { cube, tasks } = part
  const costs = part.initialisations.map((_, i) => matricesOf(part, i, 'cost'))
  const all = costs.flat()
  const means = crossedMeans(all, bootstrap)
  const tails = tailsOf(all, bootstrap)
  const feasible = crossedShares(
    all.map((matrix) => withinLimit(matrix, cube.costLimit)),
    bootstrap,
  )
  return shownInitialisations(part).map(({ label, role }, i) => ({
    label,
    role,
    steps: costs[i]!.map((matrix, step) => {
      const at = i * (cube.steps + 1) + step
      const { worst, ...estimate } = worstTask(matrix)
      return {
        step,
        mean: means[at]!,
        tail: tails[at]!,
        worst: estimate,
        worstTasks: worst.map((column) => cube.tasks[tasks[column]!]!.seed),
        feasible: feasible[at]!,
      }
    }),
  }))
}

export interface Violation {
  readonly label: string
  readonly role: SeriesRole
  /** Sum over steps 0..K of what a task's cost is above the limit, mean over seeds and tasks. */
  readonly total: Estimate
  /** The same at the last step alone. */
  readonly last: Estimate
  /** Share of (seed, task, step) triples above the limit. */
  readonly share: Estimate
  /** Of each task's total: the mean of the worst tenth of tasks, and the worst task. */
  readonly tail: Estimate
  readonly worst: Estimate
  readonly worstTasks: readonly number[]
}

/** Totals compare at equal K only. */
export function violations(part: ComparedPart, bootstrap: Bootstrap): Violation[] {
  const { cube, tasks } = part
  const sums = part.initialisations.map((_, i) => {
    const steps = matricesOf(part, i, 'cost')
    const above = (cost: number) => Math.max(0, cost - cube.costLimit)
    const over = (of: (cost: number) => number): ScoreMatrix => ({
      ...steps[0]!,
      values: steps[0]!.values.map((_, at) => steps.reduce((sum, { values }) => sum + of(values[at]!), 0)),
    })
    const last = steps.at(-1)!
    const count = over((cost) => Number(cost > cube.costLimit))
    return {
      total: over(above),
      last: { ...last, values: last.values.map(above) },
      share: { ...count, values: count.values.map((sum) => sum / steps.length) },
    }
  })
  const pick = (of: 'total' | 'last' | 'share') => sums.map((one) => one[of])
  const [totals, lasts] = [pick('total'), pick('last')].map((one) => crossedMeans(one, bootstrap))
  const shares = crossedShares(pick('share'), bootstrap)
  const tails = tailsOf(pick('total'), bootstrap)
  return shownInitialisations(part).map(({ label, role }, i) => {
    const { worst, ...estimate } = worstTask(sums[i]!.total)
    return {
      label,
      role,
      total: totals![i]!,
      last: lasts![i]!,
      share: shares[i]!,
      tail: tails[i]!,
      worst: estimate,
      worstTasks: worst.map((column) => cube.tasks[tasks[column]!]!.seed),
    }
  })
}

/** Up to ten tasks the worst tenth is a maximum, whose bootstrap is inconsistent. */
function tailsOf(matrices: readonly ScoreMatrix[], bootstrap: Bootstrap): Estimate[] {
  const [first] = matrices
  if (first && TAIL_SHARE * first.tasks <= 1)
    return matrices.map((matrix) =>
      withoutInterval(matrix, worstTask(matrix).value, 'the bootstrap of a maximum is inconsistent'),
    )
  return crossedTails(matrices, bootstrap, TAIL_SHARE)
}

const withinLimit = (matrix: ScoreMatrix, limit: number): ScoreMatrix => ({
  ...matrix,
  values: matrix.values.map((cost) => (cost <= limit ? 1 : 0)),
})
