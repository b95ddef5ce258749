import type { PairedDifference } from '../../core/study/paired.ts'
import type { Comparison, InitialisationDifference } from './comparison.ts'

/** `1 task`, `2 tasks` */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** Without a minus in front of a rounded zero. */
export const fixed = (value: number, digits = 2): string => value.toFixed(digits).replace(/^-(0\.?0*)$/, '$1')

/** What a difference shows, in one sentence that claims no more than its intervals. */
export function conclusion(
  { tasks, replicates, initialisations }: Comparison,
  difference: InitialisationDifference,
): string {
  const { first, second } = difference
  const lastStep = initialisations[0]!.steps.length - 1
  const scope =
    `${first} against ${second}, mean over adaptation steps 0 to ${lastStep}, ` +
    `${counted(tasks.length, 'task')} and ${counted(replicates.length, 'seed')}`
  if (tasks.length < 2) return `${scope}: one task alone shows nothing about others.`
  return `${scope}: ${verdict('return', difference.return)}; ${verdict('cost', difference.cost)}.`
}

function verdict(quantity: string, { t }: PairedDifference): string {
  const interval = `95 % interval of the difference ${fixed(t.low)} to ${fixed(t.high)}`
  if (t.low > 0) return `the ${quantity} is higher by ${fixed(t.mean)} (${interval})`
  if (t.high < 0) return `the ${quantity} is lower by ${fixed(-t.mean)} (${interval})`
  return `the ${quantity} shows no clear difference (${fixed(t.mean)}, ${interval})`
}
