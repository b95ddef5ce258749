/** How the screen names what is chosen. */
import { BAND_KINDS, type BandKind } from '../../core/study/comparison/band-kinds.ts'
import { TASK_ORIGINS, type Cube, type CubeTaskOrigin, type ShownQuantity } from '../../core/study/comparison/cube.ts'
import type { ComparedPart } from '../../core/study/comparison/part.ts'
import { formatFixed } from '../format/numbers.ts'
import { seedName } from './panels/seed-differences.ts'

const BAND_NAMES: Record<BandKind, string> = {
  'sd-tasks': 'Mean ± SD over tasks',
  'sd-seeds': 'Mean ± SD over seeds',
  'bootstrap-mean': 'Mean, bootstrap 95 %',
  'bootstrap-iqm': 'IQM, bootstrap 95 %',
}
export const BAND_OPTIONS = BAND_KINDS.map((value) => ({ value, label: BAND_NAMES[value] }))

const ORIGIN_NAMES: Record<CubeTaskOrigin, string> = {
  training: 'Training tasks',
  'held-out': 'Held-out tasks',
  unseen: 'Unseen tasks',
}

/** Those without tasks cannot be chosen. */
export function taskOptions({ tasks }: Pick<Cube, 'tasks'>) {
  const origins = TASK_ORIGINS.map((value) => {
    const count = tasks.filter(({ origin }) => origin === value).length
    return { value, label: `${ORIGIN_NAMES[value]} (${count})`, disabled: count === 0 }
  })
  return [{ value: 'all' as const, label: `All tasks (${tasks.length})` }, ...origins]
}

export const QUANTITY_NAMES: Record<ShownQuantity, string> = {
  return: 'Return',
  cost: 'Cost',
  goals: 'Goals',
  transitions: 'Environment steps',
  score: 'Normalised score',
}

/**
 * `3.20 [2.95, 3.61]`: equal decimals, about three digits of the largest; without an interval the value alone.
 *
 * @param limit that a value beside it may not read as: 5.03 is no 5.0 where the limit is 5
 */
export function formatEstimate(value: number, low: number | null, high: number | null, limit?: number): string {
  const decimals = decimalsBeside(value, limit, decimalsOf(value, low ?? 0, high ?? 0))
  const text = formatFixed(value, decimals)
  return low === null || high === null ? text : `${text} ${formatRange(low, high, decimals)}`
}

/** `3.20 ± 0.41`: a spread is no interval; without one the value alone. */
export function formatSpread(value: number, deviation: number | null, limit?: number): string {
  const decimals = decimalsBeside(value, limit, decimalsOf(value, deviation ?? 0))
  const text = formatFixed(value, decimals)
  return deviation === null ? text : `${text}\u00a0±\u00a0${formatFixed(deviation, decimals)}`
}

/**
 * `10.00`, and `10.003` beside a limit of 10.
 *
 * @param limit that a value beside it may not read as
 */
export const formatBeside = (value: number, limit: number | undefined, decimals: number): string =>
  formatFixed(value, decimalsBeside(value, limit, decimals))

const MOST_DECIMALS = 6

function decimalsBeside(value: number, limit: number | undefined, least: number): number {
  let decimals = least
  while (
    limit !== undefined &&
    value !== limit &&
    Number(value.toFixed(decimals)) === limit &&
    decimals < MOST_DECIMALS
  )
    decimals++
  return decimals
}

/** `[2.95, 3.61]`, not broken over lines. */
export const formatRange = (low: number, high: number, decimals = decimalsOf(low, high)): string =>
  `[${formatFixed(low, decimals)},\u00a0${formatFixed(high, decimals)}]`

/** Decimals that show about three digits of the largest value. */
export function decimalsOf(...values: readonly number[]): number {
  const size = Math.max(...values.map(Math.abs))
  if (size >= 0.1 || size === 0) return size >= 100 ? 0 : size >= 10 ? 1 : 2
  return Math.min(MOST_DECIMALS, 1 - Math.floor(Math.log10(size)))
}

const MOST_LISTED = 8
const listed = (names: readonly string[]): string =>
  names.length <= MOST_LISTED
    ? names.join(', ')
    : `${names.slice(0, MOST_LISTED).join(', ')} and ${names.length - MOST_LISTED} more`

/** Why a comparison shows less than was asked for; null where it does not. */
export function partialWords({ cube, waiting, leftOut, replicates, tasks }: ComparedPart): string | null {
  const origins = new Set(tasks.map((task) => cube.tasks[task]!.origin))
  const without = cube.tasks.filter(({ origin }, i) => origins.has(origin) && !tasks.includes(i))
  const otherSeeds = cube.replicates.filter((_, i) => !replicates.includes(i))
  const reasons = [
    ...(waiting.length > 0 ? [`no results in common yet: ${waiting.join(', ')}`] : []),
    ...(leftOut > 0 ? [`${leftOut} results left out, which not all initialisations have`] : []),
    ...(leftOut > 0 && otherSeeds.length > 0 ? [`not compared: ${listed(otherSeeds.map(seedName))}`] : []),
    ...(leftOut > 0 && without.length > 0
      ? [`not compared: ${without.length === 1 ? 'task' : 'tasks'} ${listed(without.map(({ seed }) => String(seed)))}`]
      : []),
  ]
  return reasons.length === 0 ? null : reasons.join('; ')
}
