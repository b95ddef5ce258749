/**
 * Carries a plan out, seed by seed: what the database has already is reused, what is unfinished goes on, the rest is
 * new. A study has no state of its own, so doing it again continues it, and studies share what they have in common.
 */
import type { PlannedFineTuning, PlannedTraining } from '../../../core/study/plan/plan.ts'
import type { Run } from '../../store/store.ts'
import { StoreError } from '../../store/errors.ts'
import type { TrainerClient } from '../../trainer/client.ts'
import { newTrainer } from '../trainer-of-run.ts'
import { fineTune, resumeFineTuning, type FineTuningListener } from '../fine-tuning.ts'
import type { StopSignals } from '../session.ts'
import { resumeTraining, train, type TrainingListener } from '../training.ts'
import { matchTraining, type Match } from './matching.ts'
import { refuseSeenTasks } from './prepare.ts'
import { softwareCautions } from './software.ts'
import { fineTuningState, neededTrainings, startOf, type StudyInStore } from './starts.ts'
import {
  fineTuningUnit,
  trackStudy,
  trainingUnit,
  type StudyProgress,
  type StudyTracker,
  type StudyUnit,
} from './study-progress.ts'
import { recordTrajectories } from './trajectories.ts'

/** What a study tells those who watch it. */
export interface StudyListener {
  /** A run of the study is reused, goes on, or is new. */
  unit(unit: StudyUnit, state: Match['state'], run: Run): void
  progress(unit: StudyUnit, progress: StudyProgress): void
  /** Episodes are recorded before and after adaptation. */
  recording(arm: string, seed: number, task: number): void
  /** What a reader must know before believing the numbers; told once all that can be refused has been looked at. */
  caution(text: string): void
  warning(text: string): void
}

export interface ExecutionOptions {
  /** Task workers; all cores when left out. */
  readonly workers?: number
}

/** Returns when all is done, or after a signal once what was being worked on is stored. */
export async function executeStudy(
  study: StudyInStore,
  options: ExecutionOptions,
  signals: StopSignals,
  listener: StudyListener,
): Promise<void> {
  const { plan } = study
  const execution = startExecution(study, options, signals, listener)
  for (const seed of plan.seeds) {
    for (const training of neededTrainings(study)) {
      if (signals.stop.aborted) return
      if (training.seed === seed) await ensureTraining(execution, training)
    }
    if (signals.stop.aborted) return
    await fineTuneSeed(execution, seed)
  }
  if (plan.study.kind === 'trajectories') await recordTrajectories(study, options, signals, listener)
}

interface Execution {
  readonly study: StudyInStore
  readonly options: ExecutionOptions
  readonly signals: StopSignals
  readonly listener: StudyListener
  readonly tracker: StudyTracker
  unitOf(planned: PlannedTraining | PlannedFineTuning): StudyUnit
}

function startExecution(
  study: StudyInStore,
  options: ExecutionOptions,
  signals: StopSignals,
  listener: StudyListener,
): Execution {
  const { plan, runs } = study
  const units = new Map<PlannedTraining | PlannedFineTuning, StudyUnit>()
  for (const planned of neededTrainings(study))
    units.set(planned, trainingUnit(planned.arm, planned.seed, planned.config))
  for (const planned of plan.fineTunings)
    units.set(planned, fineTuningUnit(planned.arm, planned.seed, planned.config, planned.tasks.length))
  const tracker = trackStudy([...units.values()], () => performance.now() / 1000)
  for (const [planned, unit] of units) {
    const match = 'tasks' in planned ? fineTuningState(study, planned) : matchTraining(runs, planned)
    if (match.state !== 'new') tracker.known(unit, match.run.done)
  }
  return { study, options, signals, listener, tracker, unitOf: (planned) => units.get(planned)! }
}

/** The whole name does not fit where a sweep has many values; lists of runs show the settings anyway. */
function nameOf({ plan }: StudyInStore, { arm, seed, config }: PlannedTraining, what = ''): string {
  const { label } = plan.arms.find(({ id }) => id === arm)!
  const rest = `, ${config.environment.world}, ${plan.scale}, seed ${seed}`
  return what + label.slice(0, 80 - rest.length - what.length) + rest
}

async function ensureTraining(execution: Execution, planned: PlannedTraining): Promise<void> {
  const { study, options, signals } = execution
  const { store, runs } = study
  const unit = execution.unitOf(planned)
  const match = matchTraining(runs, planned)
  if (match.state === 'running') throw inProgress(match.run, 'training')
  if (match.state === 'completed') return reused(execution, unit, match.run)
  const watch = watchUnit(execution, unit, match.state)
  if (match.state === 'unfinished') await resumeTraining(store, match.run.id, options.workers, signals, watch)
  else await train(store, { name: nameOf(study, planned), config: planned.config, ...options }, signals, watch)
}

/** Progress of one run of the study, whichever kind it is. */
function watchUnit(
  { listener, tracker }: Execution,
  unit: StudyUnit,
  state: Match['state'],
): TrainingListener & FineTuningListener {
  const advanced = () => listener.progress(unit, tracker.advanced(unit))
  return {
    started(run) {
      tracker.known(unit, run.done)
      tracker.started()
      listener.unit(unit, state, run)
      listener.progress(unit, tracker.progress(unit))
    },
    iteration: advanced,
    result: advanced,
    warning: (text) => listener.warning(text),
  }
}

function reused({ study, tracker, listener }: Execution, unit: StudyUnit, run: Run): void {
  tracker.known(unit, unit.items)
  listener.unit(unit, 'completed', run)
  for (const caution of softwareCautions([run], study.runs.software)) listener.warning(caution)
}

const inProgress = ({ id, name, owner }: Run, what: string): StoreError =>
  new StoreError(
    'conflict',
    `Run ${id} (${name}), in progress in process ${owner.pid} on ${owner.host}, is this very ${what} of the study: wait for ` +
      'its end, or stop it; then run the study again.',
  )

/**
 * Two studies at once would both do what they share, or one would fall over the other in the middle of its work and draw
 * half of it.
 */
export function refuseWorkInProgress(study: StudyInStore): void {
  for (const planned of neededTrainings(study)) {
    const match = matchTraining(study.runs, planned)
    if (match.state === 'running') throw inProgress(match.run, 'training')
  }
  for (const planned of study.plan.fineTunings) {
    const match = fineTuningState(study, planned)
    if (match.state === 'running') throw inProgress(match.run, 'fine-tuning')
  }
}

/** All arms of a seed share one trainer: their settings are the same. */
async function fineTuneSeed(execution: Execution, seed: number): Promise<void> {
  const { study, options, signals } = execution
  let trainer: TrainerClient | undefined
  const abort = () => void trainer?.close()
  signals.abort.addEventListener('abort', abort)
  try {
    for (const planned of study.plan.fineTunings) {
      if (planned.seed !== seed) continue
      if (signals.stop.aborted) return
      await ensureFineTuning(
        execution,
        planned,
        async () => (trainer ??= await newTrainer({ ...options, config: planned.config })),
      )
    }
  } finally {
    signals.abort.removeEventListener('abort', abort)
    await trainer?.close()
  }
}

async function ensureFineTuning(
  execution: Execution,
  planned: PlannedFineTuning,
  openTrainer: () => Promise<TrainerClient>,
): Promise<void> {
  const { study, signals } = execution
  const { store, plan } = study
  const { arm, seed, config, tasks } = planned
  const start = startOf(study, arm, seed)
  if (start === 'untrained') throw new Error(`The training of ${arm}, seed ${seed}, left no checkpoint`)
  if (start !== 'random') refuseSeenTasks(store, plan, arm, start)
  const unit = execution.unitOf(planned)
  const match = fineTuningState(study, planned, start)
  if (match.state === 'running') throw inProgress(match.run, 'fine-tuning')
  if (match.state === 'completed') return reused(execution, unit, match.run)
  const watch = watchUnit(execution, unit, match.state)
  const trainer = await openTrainer()
  if (match.state === 'unfinished') {
    await resumeFineTuning(store, match.run.id, undefined, signals, watch, { lent: trainer })
    return
  }
  const { label } = plan.arms.find(({ id }) => id === arm)!
  const initialisations = [{ label, checkpoint: start === 'random' ? null : start.id }]
  const name = nameOf(study, planned, 'fine-tuning of ')
  await fineTune(store, { name, config, tasks, initialisations, trainer }, signals, watch)
}
