/** What panels let choose, and how they say what is behind their numbers. */
import type { ShownQuantity } from '../../../core/study/comparison/cube.ts'
import { hasScores, type ComparedPart, type StepChoice } from '../../../core/study/comparison/part.ts'
import type { Estimate } from '../../../core/study/statistics/estimate.ts'
import { SCORE_MEANING } from '../../../core/study/statistics/normalised-score.ts'
import { formatEstimate, QUANTITY_NAMES } from '../words.ts'

/** `N = 117 tasks x 3 seeds.`, and what the quantity is where its name does not say it. */
export function sizeOf({ tasks, replicates }: ComparedPart, quantity?: string): string {
  const size = `N = ${tasks.length} ${tasks.length === 1 ? 'task' : 'tasks'} x ${replicates.length} ${replicates.length === 1 ? 'seed' : 'seeds'}.`
  return quantity === 'score' ? `${size} ${SCORE_MEANING}` : size
}

/** `67.3 (tasks 144, 77)`: of each seed the worst. */
export function worstText(worst: Pick<Estimate, 'value' | 'low' | 'high'>, tasks: readonly number[]): string {
  const distinct = [...new Set(tasks)]
  return `${estimateText(worst)} (${distinct.length === 1 ? 'task' : 'tasks'} ${distinct.join(', ')})`
}

export function quantityOptions(part: ComparedPart, quantities: readonly ShownQuantity[]) {
  return quantities
    .filter((quantity) => quantity !== 'score' || hasScores(part))
    .map((value) => ({ value, label: QUANTITY_NAMES[value] }))
}

export const stepOptions = (steps: number) =>
  Array.from({ length: steps + 1 }, (_, value) => ({ value, label: `step ${value}` }))

export const overOptions = (steps: number): { value: StepChoice; label: string }[] => [
  { value: 'mean', label: 'mean over steps' },
  ...stepOptions(steps),
]

export const overWords = (over: StepChoice): string => (over === 'mean' ? 'mean over steps' : `step ${over}`)

/** As the figure says it: `0.93 [0.88, 0.97]`; without an interval the value alone. */
export const estimateText = ({ value, low, high }: Pick<Estimate, 'value' | 'low' | 'high'>): string =>
  formatEstimate(value, low, high)

/** Columns of a file for an estimate. */
export const estimateCells = ({ value, low, high }: Pick<Estimate, 'value' | 'low' | 'high'>): number[] => [
  value,
  low ?? Number.NaN,
  high ?? Number.NaN,
]
export const estimateHeads = (name: string): string[] => [name, `${name}, lower`, `${name}, upper`]
