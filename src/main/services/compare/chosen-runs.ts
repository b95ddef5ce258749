/** Which fine-tunings a comparison of runs is about, and whether their numbers mean the same. */
import type { Run, Store } from '../../store/store.ts'
import { differingPaths, flattenConfig } from '../config-differences.ts'
import { InvalidRequest } from '../invalid-request.ts'
import { fineTuningsOf, isOwnFineTuning } from '../own-fine-tuning.ts'

export interface ChosenRuns {
  /** Fine-tunings. */
  readonly runs: readonly Run[]
  /** What a reader has to know about the choice. */
  readonly notes: readonly string[]
}

/** @throws InvalidRequest where a training has no results, or numbers would not mean the same */
export function chooseRuns(store: Store, references: readonly string[]): ChosenRuns {
  const chosen = references.map((reference) => fineTuningOf(store, store.run(reference)))
  const runs = [...new Map(chosen.map(({ run }) => [run.id, run])).values()]
  checkComparable(runs)
  return { runs, notes: [...new Set([...chosen.flatMap(({ note }) => note ?? []), ...runs.flatMap(unfinished)])] }
}

interface Chosen {
  readonly run: Run
  readonly note?: string
}

/** A fine-tuning itself; of a training, the one that its command made, else the newest with results. */
function fineTuningOf(store: Store, run: Run): Chosen {
  if (run.kind === 'fine-tune') return { run }
  const children = fineTuningsOf(store, run).filter(({ done }) => done > 0)
  const own = children.find((child) => isOwnFineTuning(store, child, run))
  const used = own ?? children[0]
  if (!used)
    throw new InvalidRequest(
      `Run ${run.id} (${run.name}) has not been fine-tuned yet: npx cmaml finetune --init ${run.id} --init random --tasks held-out`,
    )
  const others = children.filter(({ id }) => id !== used.id).map(({ id }) => id)
  const which = own ? 'the one that its training ended with' : 'the newest'
  const note = `Of the fine-tunings of run ${run.id}, ${used.id} is used, ${which}; there are also ${others.join(', ')}.`
  return others.length > 0 ? { run: used, note } : { run: used }
}

function unfinished({ id, status, done, total }: Run): string[] {
  return done >= total ? [] : [`Run ${id} is ${status}: ${done} of ${total} results.`]
}

/** Settings without which numbers do not mean the same. */
export const MEANING = /^(environment\..*|costLimit|fineTune\.(?!tasks$).*)$/

function checkComparable(runs: readonly Run[]): void {
  const [first, ...others] = runs.map(({ id, config }) => ({ id, settings: flattenConfig(config) }))
  for (const other of others) {
    const paths = differingPaths([first!.settings, other.settings]).filter((path) => MEANING.test(path))
    const named = paths.map(
      (path) => `${path} is ${first!.settings.get(path)} in one and ${other.settings.get(path)} in the other`,
    )
    if (named.length > 0)
      throw new InvalidRequest(`Runs ${first!.id} and ${other.id} cannot be compared: ${named.join('; ')}.`)
  }
}
