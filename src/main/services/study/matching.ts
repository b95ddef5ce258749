/** Which runs of the database are what a study would compute: it reuses or continues them, whoever made them. */
import type { RunConfig } from '../../../core/config/settings.ts'
import type { PlannedFineTuning, PlannedTraining } from '../../../core/study/plan/plan.ts'
import type { Run, RunKind, Store } from '../../store/store.ts'
import { fineTuningSettings, trainingSettings } from '../settings-read.ts'
import { canGoOn } from '../training.ts'
import { isSame, type Software } from './software.ts'

/** What the database has of a planned run. */
export type Match =
  | { readonly state: 'new' }
  /** `unfinished` can go on; `running` belongs to a living process. */
  | { readonly state: 'completed' | 'unfinished' | 'running'; readonly run: Run }

/** Where a fine-tuning starts: a checkpoint's content, or a random network. */
export type StartContent = { readonly sha256: string } | 'random'

/** The runs that a study chooses from. It asks often, and the settings of a run never change: they are read once. */
export interface StoredRuns {
  readonly store: Store
  readonly software: Software
  /** By run: its `trainingFacts`, or the `fineTuningFacts` of its settings and tasks. */
  readonly facts: Map<string, string>
}

export const storedRuns = (store: Store, software: Software): StoredRuns => ({ store, software, facts: new Map() })

/** A training with the same settings, as far as training reads them. */
export function matchTraining(runs: StoredRuns, { config, seed }: PlannedTraining): Match {
  const alike = runsLike(runs, 'train', seed, trainingFacts(config), (run) => trainingFacts(run.config))
  return best(alike, (run) => canGoOn(runs.store, run))
}

/** A fine-tuning of the same start alone, on the same tasks with the same protocol. */
export function matchFineTuning(
  runs: StoredRuns,
  { config, seed, tasks }: PlannedFineTuning,
  start: StartContent,
): Match {
  const { store } = runs
  const wanted = fineTuningFacts(config, tasks)
  const alike = runsLike(runs, 'fine-tune', seed, wanted, (run) => fineTuningFacts(run.config, run.tasks))
  return best(
    alike.filter(({ id }) => {
      const [only, ...others] = store.initialisations(id)
      if (!only || others.length > 0) return false
      const same = start === 'random' ? only.kind === 'random' : only.sha256 === start.sha256
      // Rows from before the longest run of cost steps was measured cannot be compared with others.
      return same && store.hasLongestCostRuns(id)
    }),
    ({ id }) => store.initialisations(id).every(({ kind, checkpoint }) => kind === 'random' || checkpoint !== null),
  )
}

/** @param read the facts of a stored run, to be compared with the wanted ones */
function runsLike(
  { store, software, facts }: StoredRuns,
  kind: RunKind,
  seed: number,
  wanted: string,
  read: (run: Run) => string,
): Run[] {
  const knownFacts = (id: string): string => {
    const known = facts.get(id) ?? read(store.run(id))
    facts.set(id, known)
    return known
  }
  return store
    .runs({ kind })
    .filter((summary) => summary.seed === seed && knownFacts(summary.id) === wanted)
    .map(({ id }) => store.run(id))
    .filter((run) => isSame(run, software))
}

/**
 * A completed run, the oldest: later copies change nothing. Else one in progress, else the furthest of those that can go
 * on.
 */
function best(runs: readonly Run[], canContinue: (run: Run) => boolean): Match {
  const completed = runs.filter(({ done, total, status }) => status !== 'running' && done >= total).at(-1)
  if (completed) return { state: 'completed', run: completed }
  const running = runs.find(({ status }) => status === 'running')
  if (running) return { state: 'running', run: running }
  const furthest = [...runs].sort((a, b) => b.done - a.done).find(canContinue)
  return furthest ? { state: 'unfinished', run: furthest } : { state: 'new' }
}

const trainingFacts = (config: RunConfig): string => factsOf(trainingSettings(config))

function fineTuningFacts(config: RunConfig, tasks: readonly number[] | null): string {
  const taskSet = [...new Set(tasks)].sort((a, b) => a - b).join()
  return `${taskSet} ${factsOf(fineTuningSettings(config))}`
}

/** What fine-tunings have in common that find the same policies from the same start on the same task. */
export const policyFacts = (config: RunConfig): string => `${config.seed} ${fineTuningFacts(config, null)}`

/** What fine-tunings have in common whose numbers belong beside each other, under whatever seed. */
export const protocolFacts = ({ config, tasks }: Pick<Run, 'config' | 'tasks'>): string =>
  fineTuningFacts(config, tasks)

const factsOf = (settings: ReadonlyMap<string, string>): string => JSON.stringify([...settings].sort())
