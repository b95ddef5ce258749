/** The part of a cube that statistics are about: every initialisation that is shown has every task under every seed. */
import { largestCommon } from '../largest-common.ts'
import type { ScoreMatrix } from '../statistics/score-matrix.ts'
import {
  cellAt,
  CUBE_QUANTITIES,
  type Cube,
  type CubeInitialisation,
  type CubeTask,
  type ShownQuantity,
} from './cube.ts'

export interface PartChoice {
  /** By label; all where left out. */
  readonly hidden?: readonly string[]
  readonly tasks?: CubeTask['origin'] | 'all'
}

export interface ComparedPart {
  readonly cube: Cube
  /** Indices in the cube, ascending. */
  readonly initialisations: readonly number[]
  readonly replicates: readonly number[]
  readonly tasks: readonly number[]
  /** Initialisations that are not hidden and have nothing to compare. */
  readonly waiting: readonly string[]
  /** Results of what is shown that are not used: other initialisations lack them, or they are not whole. */
  readonly leftOut: number
}

export function completePart(cube: Cube, { hidden = [], tasks: origin = 'all' }: PartChoice = {}): ComparedPart {
  const indices = (count: number) => Array.from({ length: count }, (_, i) => i)
  const shown = indices(cube.initialisations.length).filter((i) => !hidden.includes(cube.initialisations[i]!.label))
  const tasks = indices(cube.tasks.length).filter((i) => origin === 'all' || cube.tasks[i]!.origin === origin)
  const replicates = indices(cube.replicates.length)
  const countOf = (i: number) =>
    replicates.reduce((sum, r) => sum + tasks.filter((task) => isWhole(cube, i, r, task)).length, 0)
  const counts = new Map(shown.map((i) => [i, countOf(i)]))
  const present = shown.filter((i) => counts.get(i)! > 0)
  const { rows, columns } = largestCommon(present.length === 0 ? 0 : replicates.length, tasks.length, (row, column) =>
    present.every((i) => isWhole(cube, i, row, tasks[column]!)),
  )
  const compared = rows.length === 0 ? [] : present
  const results = [...counts.values()].reduce((sum, count) => sum + count, 0)
  return {
    cube,
    initialisations: compared,
    replicates: rows,
    tasks: columns.map((column) => tasks[column]!),
    waiting: shown.filter((i) => !compared.includes(i)).map((i) => cube.initialisations[i]!.label),
    leftOut: results - compared.length * rows.length * columns.length,
  }
}

function isWhole(cube: Cube, initialisation: number, replicate: number, task: number): boolean {
  const at = cellAt(cube, initialisation, replicate, task)
  for (let step = 0; step <= cube.steps; step++)
    if (!Number.isFinite(cube.values.return[at + step]!) || !Number.isFinite(cube.values.cost[at + step]!)) return false
  return true
}

export const shownInitialisations = ({ cube, initialisations }: ComparedPart): CubeInitialisation[] =>
  initialisations.map((index) => cube.initialisations[index]!)

/** Whether every task that takes part has a largest return, so that scores can be normalised. */
export const hasScores = ({ cube, tasks }: ComparedPart): boolean =>
  tasks.length > 0 && tasks.every((task) => cube.tasks[task]!.bestReturn !== null)

/**
 * One quantity of one initialisation at one step, [replicates x tasks].
 *
 * @param initialisation position in the part
 */
export function matrixAt(
  part: ComparedPart,
  initialisation: number,
  step: number,
  quantity: ShownQuantity,
): ScoreMatrix {
  const { cube, initialisations, replicates, tasks } = part
  const stored = CUBE_QUANTITIES.find((name) => name === quantity) ?? 'return'
  const source = cube.values[stored]
  const values = new Float64Array(replicates.length * tasks.length)
  let at = 0
  for (const replicate of replicates)
    for (const task of tasks) {
      const value = source[cellAt(cube, initialisations[initialisation]!, replicate, task) + step]!
      values[at++] = quantity === 'score' ? value / (cube.tasks[task]!.bestReturn ?? Number.NaN) : value
    }
  return { runs: replicates.length, tasks: tasks.length, values }
}

/** One matrix for each step 0..K. */
export const matricesOf = (part: ComparedPart, initialisation: number, quantity: ShownQuantity): ScoreMatrix[] =>
  Array.from({ length: part.cube.steps + 1 }, (_, step) => matrixAt(part, initialisation, step, quantity))

/** Of each replicate and task, the mean over steps 0..K, [replicates x tasks]; or the value at one step. */
export function matrixOver(
  part: ComparedPart,
  initialisation: number,
  over: StepChoice,
  quantity: ShownQuantity,
): ScoreMatrix {
  if (over !== 'mean') return matrixAt(part, initialisation, over, quantity)
  const all = matricesOf(part, initialisation, quantity)
  const first = all[0]!
  const values = first.values.map((_, at) => all.reduce((sum, matrix) => sum + matrix.values[at]!, 0) / all.length)
  return { ...first, values }
}

/** One adaptation step, or the mean over all of them. */
export type StepChoice = number | 'mean'
