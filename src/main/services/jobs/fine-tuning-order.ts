/** A fine-tuning as a page asks for it, resolved to checkpoints, tasks and settings that its result depends on. */
import type { RunConfig } from '../../../core/config/settings.ts'
import type { JobRequest } from './job.ts'
import type { InitialisationInput, Store } from '../../store/store.ts'
import { flattenSettings } from '../config-differences.ts'
import { resolveConfiguration } from '../configuration.ts'
import { assertHeldOut, chosenHeldOutTasks, loadInitialisations } from '../fine-tuning.ts'
import { RANDOM_LABEL } from '../../../core/study/plan/initialisation-label.ts'
import { resolveInitialisations } from '../initialisations.ts'
import { InvalidRequest } from '../invalid-request.ts'
import { runName } from '../run-name.ts'

export interface FineTuningOrder {
  readonly name: string
  readonly config: RunConfig
  readonly initialisations: readonly InitialisationInput[]
  /** Seeds. */
  readonly tasks: readonly number[]
}

/** @throws ConfigError, InvalidRequest or StoreError where it cannot be done as asked */
export function fineTuningOrder(
  { name, initialisations: references, tasks: named, settings }: Extract<JobRequest, { kind: 'fine-tune' }>,
  store: Store | null,
): FineTuningOrder {
  if (store === null) throw new InvalidRequest('There is no checkpoint to fine-tune: there is no database yet.')
  // By their ids only: a page names no files of this machine.
  const known = references.map((reference) => (reference === RANDOM_LABEL ? reference : store.checkpoint(reference).id))
  const initialisations = resolveInitialisations(store, known)
  const first = initialisations.find(({ checkpoint }) => checkpoint !== null)?.checkpoint
  if (first === null || first === undefined)
    throw new InvalidRequest('Choose a checkpoint: its settings are those of the fine-tuning.')
  const assignments = [...flattenSettings(settings)].map(([path, value]) => `${path}=${value}`)
  const config = resolveConfiguration({ settings: { ...store.readCheckpoint(first).config } }, assignments)
  // Also refuses checkpoints that do not fit.
  loadInitialisations(store, config, initialisations)
  if (named) return { name: runName(name), config, initialisations, tasks: [...new Set(named)] }
  const tasks = chosenHeldOutTasks(config)
  if (tasks.length === 0) throw new InvalidRequest('fineTune.tasks is 0: there is nothing to fine-tune on.')
  assertHeldOut(store, initialisations, config.environment.world, tasks)
  return { name: runName(name), config, initialisations, tasks }
}
