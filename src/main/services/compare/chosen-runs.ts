/** Which fine-tunings a comparison of runs is about, and whether their numbers mean the same. */
import type { Run, Store } from '../../store/store.ts'
import { differingPaths, flattenConfig } from '../config-differences.ts'
import { InvalidRequest } from '../invalid-request.ts'
import { fineTuningsOf, isOwnFineTuning } from '../own-fine-tuning.ts'
import { printable } from '../run-name.ts'
import { runNamer, type NamedRun } from './run-words.ts'

export interface ChosenRuns {
  /** Fine-tunings. */
  readonly runs: readonly Run[]
  /** What a reader has to know about the choice. */
  readonly notes: readonly string[]
}

/** @throws InvalidRequest where a training has no results, or numbers would not mean the same */
export function chooseRuns(store: Store, references: readonly string[]): ChosenRuns {
  const asked = references.map((reference) => candidatesOf(store, store.run(reference)))
  const nameOf = runNamer(asked.flatMap(({ named, fineTunings }) => [named, ...fineTunings]))
  const chosen = asked.map((one) =>
    best(
      one,
      asked.filter((other) => other !== one),
      nameOf,
    ),
  )
  const runs = [...new Map(chosen.map(({ run }) => [run.id, run])).values()]
  checkComparable(runs, nameOf)
  const notes = [...chosen.flatMap(({ note }) => note ?? []), ...runs.flatMap((run) => unfinished(run, nameOf))]
  return { runs, notes: [...new Set(notes)] }
}

interface Chosen {
  readonly run: Run
  readonly note?: string
}

/** What a run that was named can stand for. */
interface Candidates {
  readonly named: Run
  /** Fine-tunings with results, newest first; a fine-tuning stands for itself. */
  readonly fineTunings: readonly Run[]
  /** The one that a training's command made. */
  readonly own: Run | undefined
}

function candidatesOf(store: Store, named: Run): Candidates {
  if (named.kind === 'fine-tune') return { named, fineTunings: [named], own: undefined }
  const fineTunings = fineTuningsOf(store, named).filter(({ done }) => done > 0)
  if (fineTunings.length === 0)
    throw new InvalidRequest(
      `Run ${named.id} (${printable(named.name)}) has not been fine-tuned yet: npx cmaml finetune --init ${named.id} --init random --tasks held-out`,
    )
  return { named, fineTunings, own: fineTunings.find((child) => isOwnFineTuning(store, child, named)) }
}

/** The fine-tuning with the most tasks in common with the others; then a training's own, the most results, the newest. */
function best(
  { named, fineTunings, own }: Candidates,
  others: readonly Candidates[],
  nameOf: (run: NamedRun) => string,
): Chosen {
  const shared = new Map(fineTunings.map((run) => [run, sharedTasks(run, others)]))
  const [used, ...rest] = fineTunings.toSorted(
    (a, b) =>
      shared.get(b)! - shared.get(a)! ||
      Number(b === own) - Number(a === own) ||
      b.done - a.done ||
      b.createdAt - a.createdAt,
  )
  if (rest.length === 0) return { run: used! }
  const isLarger = (of: (run: Run) => number) => rest.some((other) => of(other) < of(used!))
  const which = isLarger((run) => shared.get(run)!)
    ? 'which has the most tasks in common with the others'
    : used === own
      ? 'the one that its training ended with'
      : isLarger(({ done }) => done)
        ? 'which has the most results'
        : 'the newest'
  const names = rest.map(nameOf).join(', ')
  return {
    run: used!,
    note: `Of the fine-tunings of ${nameOf(named)}, ${nameOf(used!)} is used, ${which}; there are also ${names}.`,
  }
}

/** With each of the others, as many tasks as the best of its fine-tunings has in common. */
function sharedTasks({ tasks }: Run, others: readonly Candidates[]): number {
  const own = new Set(tasks)
  const inCommon = (other: Run) => new Set(other.tasks?.filter((task) => own.has(task))).size
  return others.reduce((sum, { fineTunings }) => sum + Math.max(...fineTunings.map(inCommon)), 0)
}

function unfinished(run: Run, nameOf: (run: NamedRun) => string): string[] {
  const { status, done, total } = run
  return done >= total ? [] : [`${nameOf(run)} is ${status}: ${done} of ${total} results.`]
}

/** Settings without which numbers do not mean the same. */
export const MEANING = /^(environment\..*|costLimit|fineTune\.(?!tasks$).*)$/

function checkComparable(runs: readonly Run[], nameOf: (run: NamedRun) => string): void {
  const [first, ...others] = runs.map((run) => ({ name: nameOf(run), settings: flattenConfig(run.config) }))
  for (const other of others) {
    const paths = differingPaths([first!.settings, other.settings]).filter((path) => MEANING.test(path))
    const named = paths.map(
      (path) => `${path} is ${first!.settings.get(path)} in one and ${other.settings.get(path)} in the other`,
    )
    if (named.length > 0)
      throw new InvalidRequest(`${first!.name} and ${other.name} cannot be compared: ${named.join('; ')}.`)
  }
}
