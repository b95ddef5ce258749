// What is said about a run in one line each.
import type { JobRow, RunRow } from '../../main/api/contract.ts'
import { algorithmName } from '../format/algorithms.ts'
import { formatCount, formatInteger, formatSignificant } from '../format/numbers.ts'
import { formatSpan } from '../format/times.ts'

export interface Fact {
  readonly name: string
  readonly value: string
  /** Said about the value: it is beyond the limit. */
  readonly alarm?: boolean
}

export function kindName({ kind, method }: Pick<RunRow, 'kind' | 'method'>): string {
  if (kind === 'fine-tune') return 'Fine-tuning'
  return method === 'pre-train' ? 'Pre-training' : 'Meta-training'
}

/** @param of the initialisation whose results they are, where there are several */
export function keyFacts(row: RunRow, of: string | null): Fact[] {
  const results = of === null ? '' : ` of ${of}`
  const cost = (name: string, value: number | null): Fact => ({
    name,
    value: formatSignificant(value, 3),
    ...(value !== null && value > row.costLimit ? { alarm: true } : {}),
  })
  return [
    { name: 'Environment', value: row.world },
    { name: 'Algorithm', value: algorithmName(row.algorithm) },
    { name: 'Seed', value: String(row.seed) },
    { name: 'Limit d', value: formatSignificant(row.costLimit, 3) },
    { name: `Return${results}`, value: formatSignificant(row.lastReturn, 3) },
    cost(`Cost${results}`, row.lastCost),
    // Its place is kept while there is none: the header grows by no line when it comes. A fine-tuning's is its return.
    ...(row.kind === 'train' ? [{ name: 'Best within d', value: formatSignificant(row.bestReturn, 3) }] : []),
    { name: 'Env. steps', value: formatCount(row.envSteps) },
    { name: 'Computing time', value: formatSpan(row.activeSeconds) },
  ]
}

/** `30 / 200 iterations` */
export const progressWords = ({ kind, done, total }: RunRow): string =>
  `${formatInteger(done)} / ${formatInteger(total)} ${kind === 'train' ? 'iterations' : 'results'}`

/** What a run that is to go on waits for; undefined where it does not wait. */
export function waitingWords(state: JobRow['state'] | undefined): string | undefined {
  if (state === 'waiting') return 'Waiting in the queue'
  return state === 'starting' ? 'Starting' : undefined
}

/** What a run that was asked to stop does yet. */
export const stoppingWords = ({ kind, done, total }: Pick<RunRow, 'kind' | 'done' | 'total'>): string =>
  `Stopping after ${kind === 'train' ? 'iteration' : 'result'} ${formatInteger(Math.min(total, done + 1))}`
