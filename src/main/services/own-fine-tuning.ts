/** The fine-tuning that follows a training: its result beside a random initialisation, on the first held-out tasks. */
import type { Run, Store } from '../store/store.ts'
import {
  chosenHeldOutTasks,
  fineTune,
  isOwnFineTuning,
  ownFineTuningName,
  resumeFineTuning,
  type FineTuningListener,
} from './fine-tuning.ts'
import { initialisationLabel, RANDOM_LABEL } from './initialisation-label.ts'
import type { StopSignals } from './stop-signals.ts'

/** The fine-tuning that an earlier session made of a training; null where there is none. */
export function ownFineTuning(store: Store, training: Run): Run | null {
  const ofTraining = store
    .runs({ kind: 'fine-tune' })
    .filter(({ name }) => name === ownFineTuningName(training))
    .map(({ id }) => store.run(id))
  return ofTraining.find((fineTuning) => isOwnFineTuning(fineTuning, training)) ?? null
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
 */
export async function adaptTrained(
  store: Store,
  training: Run,
  workers: number | undefined,
  signals: StopSignals,
  listener: FineTuningListener,
): Promise<Run | null> {
  const { config, status, id } = training
  if (config.fineTune.tasks === 0 || status !== 'completed' || signals.stop.aborted) return null
  const earlier = ownFineTuning(store, training)
  if (earlier) return resumeFineTuning(store, earlier.id, workers, signals, listener)
  const request = {
    name: ownFineTuningName(training),
    config,
    tasks: chosenHeldOutTasks(config),
    initialisations: [
      { label: initialisationLabel(config), checkpoint: store.checkpoint(id).id },
      { label: RANDOM_LABEL, checkpoint: null },
    ],
    ...(workers === undefined ? {} : { workers }),
  }
  return fineTune(store, request, signals, listener)
}
