/** Training: every iteration of a run is in the database before the next one is reported. */
import type { EngineName } from '../../core/config/engines.ts'
import { ConfigError } from '../../core/config/parse.ts'
import { totalIterations, type RunConfig } from '../../core/config/settings.ts'
import type { IterationRecord } from '../../core/training/records.ts'
import { heldOutTasks, trainingTasks } from '../../core/training/tasks.ts'
import type { TrainingState } from '../../core/training/state.ts'
import type { Run, Store } from '../store/store.ts'
import type { TrainerClient } from '../trainer/client.ts'
import { appVersion } from './database.ts'
import { counted } from './conclusion.ts'
import { InvalidRequest } from './invalid-request.ts'
import { trackProgress, type Progress } from './progress.ts'
import { logLine } from './run-log.ts'
import { runName } from './run-name.ts'
import { resumedTrainer, runSession, type StopSignals } from './session.ts'
import { newTrainer, noteChanges, trainerToGoOn } from './trainer-of-run.ts'

export interface TrainingRequest {
  readonly name: string
  readonly config: RunConfig
  /** Task workers; all cores when left out. */
  readonly workers?: number
}

/** What a training tells those who watch it. */
export interface TrainingListener {
  started(run: Run): void
  iteration(record: IterationRecord, progress: Progress): void
  warning(text: string): void
}

/** Trains a new run, by the method of its configuration; the run that is returned is completed or, after a signal, stopped. */
export async function train(
  store: Store,
  request: TrainingRequest,
  signals: StopSignals,
  listener: TrainingListener,
): Promise<Run> {
  const { config, workers } = request
  const name = runName(request.name)
  assertEnoughTasks(config)
  const trainer = await newTrainer({ config, signal: signals.abort, ...(workers === undefined ? {} : { workers }) })
  const total = totalIterations(config)
  const open = () => store.createRun({ kind: 'train', name, config, trainer: trainer.identity, total })
  return runTraining(store, trainer, open, null, signals, listener)
}

/**
 * Goes on with a run where its last commit stands, with the configuration that is stored with it. The end has the same
 * bits as if it had never stopped; software that may round differently is a warning and part of the run's record.
 *
 * @param engine in place of the one that computed it so far
 */
export async function resumeTraining(
  store: Store,
  reference: string,
  workers: number | undefined,
  signals: StopSignals,
  listener: TrainingListener,
  engine?: EngineName,
): Promise<Run> {
  const stored = store.run(reference)
  const { id } = stored
  if (stored.kind !== 'train')
    throw new InvalidRequest(
      `Run ${id} (${stored.name}) is a fine-tuning, and only a training can be resumed by train; ` +
        `it goes on by: cmaml finetune --resume ${id}`,
    )
  if (stored.done >= stored.total) return stored
  if (!canGoOn(store, stored))
    throw new InvalidRequest(
      `Run ${id} (${stored.name}) cannot go on: it was imported from a bundle (${stored.source}), and bundles leave the ` +
        `state of training behind. Its checkpoint can be fine-tuned: cmaml finetune --init ${id}`,
    )
  const trainer = await trainerToGoOn(stored, { workers, engine, signal: signals.abort })
  const { trainer: recorded, differences } = resumedTrainer(stored, trainer.identity, appVersion)
  if (differences.length > 0) {
    const warning =
      `Run ${id} goes on with other software than before (${differences.join('; ')}): ` +
      'its end may not be bit-identical to an uninterrupted run.'
    logLine(store, id, 'warning', warning)
    listener.warning(warning)
  }
  const open = () => store.resumeRun(id, recorded)
  return runTraining(store, trainer, open, store.resumeState(id), signals, listener)
}

/** A bundle brings the results of a training, but not the state that its next iteration starts from. */
export function canGoOn(store: Store, { id, kind, source, done }: Run): boolean {
  return kind === 'fine-tune' || source === null || done === 0 || store.resumeState(id) !== null
}

function runTraining(
  store: Store,
  trainer: TrainerClient,
  open: () => Run,
  state: TrainingState | null,
  signals: StopSignals,
  listener: TrainingListener,
): Promise<Run> {
  return runSession({
    store,
    trainer,
    signals,
    open,
    async work(run) {
      const { config, id } = run
      const total = totalIterations(config)
      const count = trackProgress(state?.iteration ?? 0, total, () => performance.now() / 1000)
      listener.started(run)
      await trainer.train(
        { config, state },
        (result, episodes) => {
          const { iteration } = result.state
          store.commitIteration(id, result, iteration % config.milestoneEvery === 0 || iteration === total, episodes)
          listener.iteration(result.record, count())
        },
        noteChanges(store, id, listener),
      )
    },
  })
}

/**
 * An iteration draws its tasks without replacement, and fine-tuning takes the first of the held-out ones.
 *
 * @throws InvalidRequest where there are too few
 */
export function assertEnoughTasks(config: RunConfig): void {
  const { method, tasks, meta, preTraining, fineTune } = config
  const refuse = (setting: string, wanted: number, from: number, to: number, available: number) => {
    if (available >= wanted) return
    const found = `only ${counted(available, 'task')} within an arc of ${tasks.arcDegrees} degrees`
    const message = `${setting} is ${wanted}, but seeds ${from}..${to} hold ${found}.`
    throw new ConfigError([{ path: setting, message }])
  }
  const { trainingFrom, trainingTo, heldOutFrom, heldOutTo } = tasks
  const refuseTraining = (setting: string, perIteration: number) =>
    refuse(setting, perIteration, trainingFrom, trainingTo, trainingTasks(config).length)
  if (method === 'meta') refuseTraining('meta.tasksPerIteration', meta.tasksPerIteration)
  else if (preTraining.layouts === 'tasks')
    refuseTraining('preTraining.tasksPerIteration', preTraining.tasksPerIteration)
  refuse('fineTune.tasks', fineTune.tasks, heldOutFrom, heldOutTo, heldOutTasks(config).length)
}
