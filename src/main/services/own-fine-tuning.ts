/** The fine-tuning that follows a training: its result beside a random initialisation, on the first held-out tasks. */
import type { EngineName } from '../../core/config/engines.ts'
import { totalIterations } from '../../core/config/settings.ts'
import type { Run, Store } from '../store/store.ts'
import { chosenHeldOutTasks, fineTune, resumeFineTuning, type FineTuningListener } from './fine-tuning.ts'
import { initialisationLabel, RANDOM_LABEL } from '../../core/study/plan/initialisation-label.ts'
import type { StopSignals } from './stop-signals.ts'
import { ownEngine } from './trainer-of-run.ts'

/**
 * The fine-tuning that an earlier session made of a training; null where there is none. It is known by what was done, not
 * by its name, which people change: the training's settings, its last checkpoint beside a random network, its tasks.
 */
export function ownFineTuning(store: Store, training: Run): Run | null {
  return fineTuningsOf(store, training).find((run) => isOwnFineTuning(store, run, training)) ?? null
}

/** Fine-tunings whose first checkpoint is a training's; newest first. */
export function fineTuningsOf(store: Store, training: Run): Run[] {
  return store
    .children(training.id)
    .filter(({ kind }) => kind === 'fine-tune')
    .map(({ id }) => store.run(id))
    .filter(({ parentRun }) => parentRun === training.id)
}

/** @param fineTuning one of those that start from the training */
export function isOwnFineTuning(store: Store, fineTuning: Run, training: Run): boolean {
  const { config, tasks, parentCheckpoint } = fineTuning
  if (parentCheckpoint === null || JSON.stringify(config) !== JSON.stringify(training.config)) return false
  if (tasks?.join() !== chosenHeldOutTasks(training.config).join()) return false
  const [trained, random, ...others] = store.initialisations(fineTuning.id)
  return (
    others.length === 0 &&
    random?.kind === 'random' &&
    trained?.checkpoint === parentCheckpoint &&
    store.checkpoint(parentCheckpoint).iteration === totalIterations(training.config)
  )
}

/** Whether a training's configuration asks for a fine-tuning that is not complete. */
export function lacksFineTuning(store: Store, training: Run): boolean {
  if (training.kind !== 'train' || training.config.fineTune.tasks === 0) return false
  const earlier = ownFineTuning(store, training)
  return earlier === null || earlier.done < earlier.total
}

/**
 * Fine-tunes a completed training as its configuration asks, or goes on where an earlier session stopped; null where
 * there is nothing to fine-tune, or where the work is to stop.
 *
 * @param asked an engine in place of the one that computed the training
 */
export async function adaptTrained(
  store: Store,
  training: Run,
  workers: number | undefined,
  signals: StopSignals,
  listener: FineTuningListener,
  asked?: EngineName,
): Promise<Run | null> {
  const { config, status, id } = training
  if (config.fineTune.tasks === 0 || status !== 'completed' || signals.stop.aborted) return null
  const earlier = ownFineTuning(store, training)
  // What could compute the training can compute this, whatever the engine was that its settings asked for.
  const engine = asked ?? ownEngine(training)
  if (earlier) return resumeFineTuning(store, earlier.id, workers, signals, listener, { engine })
  const request = {
    name: `${training.name} (fine-tuning)`,
    config,
    engine,
    tasks: chosenHeldOutTasks(config),
    tags: store.listedRun(id)?.tags ?? [],
    initialisations: [
      { label: initialisationLabel(config), checkpoint: store.checkpoint(id).id },
      { label: RANDOM_LABEL, checkpoint: null },
    ],
    ...(workers === undefined ? {} : { workers }),
  }
  return fineTune(store, request, signals, listener)
}
