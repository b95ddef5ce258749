/** Which runs of the database are what a study would compute: it reuses or continues them, whoever made them. */
import type { RunConfig } from '../../../core/config/settings.ts'
import type { PlannedFineTuning, PlannedTraining } from '../../../core/study/plan/plan.ts'
import type { Run, RunKind, Store } from '../../store/store.ts'
import { identify } from '../../trainer/identity.ts'
import { loadKernels } from '../../trainer/kernels.ts'
import { flattenConfig } from '../config-differences.ts'
import { appVersion } from '../database.ts'

/** What computes. Results of other software may differ, so they are not taken for this one's. */
export interface Software {
  readonly appVersion: string
  readonly engine: string
  readonly kernel: string
}

export function currentSoftware({ kernels }: Pick<RunConfig, 'kernels'>): Software {
  const { engine, kernel } = identify(loadKernels(kernels), 1)
  return { appVersion, engine, kernel }
}

/** What the database has of a planned run. */
export type Match =
  | { readonly state: 'new' }
  /** `unfinished` can go on; `running` belongs to a living process. */
  | { readonly state: 'completed' | 'unfinished' | 'running'; readonly run: Run }

/** Where a fine-tuning starts: a checkpoint's content, or a random network. */
export type StartContent = { readonly sha256: string } | 'random'

/** A training with the same settings, as far as training reads them. */
export function matchTraining(store: Store, { config, seed }: PlannedTraining, software: Software): Match {
  const wanted = trainingFacts(config)
  return best(runsOf(store, 'train', seed, software).filter((run) => trainingFacts(run.config) === wanted))
}

/** A fine-tuning of the same start alone, on the same tasks with the same protocol. */
export function matchFineTuning(
  store: Store,
  { config, seed, tasks }: PlannedFineTuning,
  start: StartContent,
  software: Software,
): Match {
  const wanted = fineTuningFacts(config)
  const taskSet = keyOf(tasks)
  const alike = runsOf(store, 'fine-tune', seed, software).filter(
    (run) => run.tasks !== null && keyOf(run.tasks) === taskSet && fineTuningFacts(run.config) === wanted,
  )
  return best(
    alike.filter(({ id }) => {
      const [only, ...others] = store.initialisations(id)
      if (!only || others.length > 0) return false
      const same = start === 'random' ? only.kind === 'random' : only.sha256 === start.sha256
      // Rows from before the longest run of cost steps was measured cannot be compared with others.
      return same && store.fineTuneRows(id).every(({ longestCostRun }) => longestCostRun !== null)
    }),
  )
}

function runsOf(store: Store, kind: RunKind, seed: number, software: Software): Run[] {
  return store
    .runs({ kind })
    .filter((summary) => summary.seed === seed)
    .map(({ id }) => store.run(id))
    .filter(
      ({ appVersion: version, trainer }) =>
        version === software.appVersion && trainer.engine === software.engine && trainer.kernel === software.kernel,
    )
}

/** A completed run, the oldest: later copies change nothing. Else one in progress, else the one that is furthest. */
function best(runs: readonly Run[]): Match {
  const completed = runs.filter(({ done, total, status }) => status !== 'running' && done >= total).at(-1)
  if (completed) return { state: 'completed', run: completed }
  const running = runs.find(({ status }) => status === 'running')
  if (running) return { state: 'running', run: running }
  const [furthest] = [...runs].sort((a, b) => b.done - a.done)
  return furthest ? { state: 'unfinished', run: furthest } : { state: 'new' }
}

const keyOf = (tasks: readonly number[]): string => [...new Set(tasks)].sort((a, b) => a - b).join()

const UNREAD_IN_TRAINING = /^(milestoneEvery|fineTune\..*|tasks\.heldOut.*)$/
const UNREAD_BY_METHOD: Readonly<Record<RunConfig['method'], RegExp>> = {
  meta: /^preTraining\./,
  'pre-train': /^meta\.(?!limitShare$)/,
}

function trainingFacts(config: RunConfig): string {
  const unread = UNREAD_BY_METHOD[config.method]
  return facts(config, (path) => !UNREAD_IN_TRAINING.test(path) && !unread.test(path))
}

const READ_IN_FINE_TUNING =
  /^((environment|policy|advantage|inner|critics|fineTune)\..*|costLimit|seed|kernels|observationScaling)$/

const fineTuningFacts = (config: RunConfig): string =>
  facts(config, (path) => READ_IN_FINE_TUNING.test(path) && path !== 'fineTune.tasks')

const facts = (config: RunConfig, read: (path: string) => boolean): string =>
  JSON.stringify([...flattenConfig(config)].filter(([path]) => read(path)).sort())
