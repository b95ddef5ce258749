// The cells of a run as they come in: everything once, then what is later, and everything anew where that grew too much.
import type { TaskCells } from '../../main/api/contract.ts'
import { joinedCells, NO_CELLS } from './task-cells.ts'

export type Policy = 'before' | 'after'
export type CellsByPolicy = Readonly<Record<Policy, TaskCells>>

export interface CellSource {
  readonly policies: readonly Policy[]
  /** From an iteration on; where there are more than `most` cells, every n-th iteration. */
  readonly ask: (policy: Policy, from: number, most: number) => Promise<TaskCells>
  /** Resolves with the newest iteration of the run once that is later than the given one. */
  readonly later: (than: number) => Promise<number>
  readonly most: number
}

/**
 * Every answer of the source stands for one more iteration at least: a run that grows no more is asked about no more.
 * Ends only with an error of the source.
 */
export async function* followTaskCells({
  policies,
  ask,
  later,
  most,
}: CellSource): AsyncGenerator<CellsByPolicy, never> {
  const read = async (known: CellsByPolicy | null): Promise<CellsByPolicy> => {
    const next = { before: NO_CELLS, after: NO_CELLS, ...known }
    await Promise.all(
      policies.map(async (policy) => {
        const answer = await ask(policy, known === null ? 1 : known[policy].cursor + 1, most)
        next[policy] = known === null ? answer : joinedCells(known[policy], answer)
      }),
    )
    return next
  }
  let newest = await later(-1)
  let known = await read(null)
  // Twice what was answered at first, lest an answer that is long by itself be asked for again and again.
  let limit = 2 * Math.max(most, lengthOf(known))
  for (;;) {
    yield known
    newest = await later(newest)
    known = await read(known)
    if (lengthOf(known) <= limit) continue
    known = await read(null)
    limit = 2 * Math.max(most, lengthOf(known))
  }
}

const lengthOf = ({ before, after }: CellsByPolicy): number => Math.max(before.iteration.length, after.iteration.length)
