/** Fine-tuning: the protocol of section 5 from several initialisations on several tasks, result by result. */
import { mixesTasks, type EngineName } from '../../core/config/engines.ts'
import { ConfigError, parseRunConfig } from '../../core/config/parse.ts'
import type { RunConfig } from '../../core/config/settings.ts'
import type { FineTuneResult, Initialisation } from '../../core/training/jobs.ts'
import { policyShapeOf } from '../../core/training/state.ts'
import { emptyMoments, type RunningMoments } from '../../core/nn/observation-scaling.ts'
import { heldOutTasks, trainingTasks } from '../../core/training/tasks.ts'
import type { InitialisationInput, Run, Store } from '../store/store.ts'
import type { TrainerClient } from '../trainer/client.ts'
import { appVersion } from './database.ts'
import { InvalidRequest } from './invalid-request.ts'
import { trackProgress, type Progress } from './progress.ts'
import { logLine } from './run-log.ts'
import { tasksTrainedOn } from './task-origin.ts'
import { resumedTrainer, runSession, type StopSignals } from './session.ts'
import { newTrainer, noteChanges, trainerToGoOn } from './trainer-of-run.ts'

export interface FineTuningRequest {
  readonly name: string
  readonly config: RunConfig
  readonly initialisations: readonly InitialisationInput[]
  /** Seeds of tasks. */
  readonly tasks: readonly number[]
  /** That the run begins with. */
  readonly tags?: readonly string[]
  readonly workers?: number
  /** What the configuration asks for by default. */
  readonly engine?: EngineName
  /** A trainer with these settings that works for several runs and stays open; else one is started for this run. */
  readonly trainer?: TrainerClient
}

export interface FineTuningListener {
  started(run: Run): void
  result(label: string, result: FineTuneResult, progress: Progress): void
  warning(text: string): void
}

/** The first `fineTune.tasks` held-out tasks of a configuration. */
export function chosenHeldOutTasks(config: RunConfig): number[] {
  return heldOutTasks(config).slice(0, config.fineTune.tasks)
}

/** Tasks by what people call them. */
export function tasksByName(config: RunConfig, name: 'training' | 'held-out'): number[] {
  return name === 'training' ? trainingTasks(config) : heldOutTasks(config)
}

/** Refuses to call tasks held out that one of the policies was trained on, by what its own checkpoint says. */
export function assertHeldOut(
  store: Store,
  initialisations: readonly InitialisationInput[],
  world: string,
  tasks: readonly number[],
): void {
  for (const { label, checkpoint } of initialisations) {
    const seen = checkpoint === null ? [] : tasksTrainedOn(store.readCheckpoint(checkpoint).config, world, tasks)
    if (seen.length > 0)
      throw new InvalidRequest(
        `These tasks are not held out: ${label} was trained on ${seen.join(', ')}. ` +
          'Choose other seeds by tasks.heldOutFrom and tasks.heldOutTo, or name these tasks to use them all the same.',
      )
  }
}

/** A configuration for fine-tuning made of a stored one: the seed and the protocol may differ, the rest is kept. */
export function fineTuningConfig(
  base: RunConfig,
  changes: { readonly seed?: number; readonly steps?: number; readonly episodes?: number; readonly tasks?: number },
): RunConfig {
  const { seed = base.seed, ...protocol } = changes
  const given = Object.fromEntries(Object.entries(protocol).filter(([, value]) => value !== undefined))
  return parseRunConfig({ ...base, seed, fineTune: { ...base.fineTune, ...given } })
}

/** Fine-tunes every initialisation on every task in a new run. */
export async function fineTune(
  store: Store,
  request: FineTuningRequest,
  signals: StopSignals,
  listener: FineTuningListener,
): Promise<Run> {
  const { config, name, tasks, initialisations, tags = [] } = request
  if (tasks.length === 0) throw new InvalidRequest('No task is left to fine-tune on.')
  const starts = loadInitialisations(store, config, initialisations)
  const parent = initialisations.find(({ checkpoint }) => checkpoint !== null)?.checkpoint
  const { trainer: lent, workers, engine } = request
  const trainer =
    borrowed(lent) ??
    (await newTrainer({
      config,
      signal: signals.abort,
      ...(workers === undefined ? {} : { workers }),
      ...(engine ? { engine } : {}),
    }))
  return runFineTuning(store, trainer, tasks, starts, signals, listener, () => {
    const run = store.createRun({
      kind: 'fine-tune',
      name,
      config,
      trainer: trainer.identity,
      total: initialisations.length * tasks.length,
      tasks,
      ...(parent ? { parentCheckpoint: parent } : {}),
    })
    store.declareInitialisations(run.id, initialisations)
    if (tags.length > 0) store.organise([run.id], { addTags: tags })
    return run
  })
}

/**
 * Goes on with a fine-tuning, on the tasks that are stored with it: what has a result is not done again.
 *
 * @param lent a trainer that works for several runs
 * @param engine in place of the one that computed it so far
 */
export async function resumeFineTuning(
  store: Store,
  reference: string,
  workers: number | undefined,
  signals: StopSignals,
  listener: FineTuningListener,
  { lent, engine }: { readonly lent?: TrainerClient; readonly engine?: EngineName | undefined } = {},
): Promise<Run> {
  const stored = store.run(reference)
  const { id, config, total, tasks } = stored
  if (stored.kind !== 'fine-tune')
    throw new InvalidRequest(`Run ${id} (${stored.name}) is a training: resume it by "cmaml train --resume ${id}".`)
  const rows = store.initialisations(id)
  if (stored.done >= total) return stored
  if (tasks === null) throw new InvalidRequest(`Run ${id} cannot go on: its tasks are not stored with it.`)
  const starts = loadInitialisations(
    store,
    config,
    rows.map(({ label, kind, checkpoint }) => {
      if (kind === 'checkpoint' && checkpoint === null)
        throw new InvalidRequest(`Run ${id} cannot go on: the checkpoint of "${label}" was deleted.`)
      return { label, checkpoint }
    }),
  )
  const trainer = borrowed(lent) ?? (await trainerToGoOn(stored, { workers, engine, signal: signals.abort }))
  const { trainer: recorded, differences } = resumedTrainer(stored, trainer.identity, appVersion)
  if (differences.length > 0) {
    const warning = `Run ${id} goes on with other software than before (${differences.join('; ')}).`
    logLine(store, id, 'warning', warning)
    listener.warning(warning)
  }
  if (stored.done > 0 && mixesTasks(trainer.identity.engine)) {
    const { engine: name } = trainer.identity
    logLine(
      store,
      id,
      'info',
      `${name} computes tasks together, and this resumption changes which: the last bits of what follows may differ from ` +
        'those of a fine-tuning that was not interrupted.',
    )
  }
  return runFineTuning(store, trainer, tasks, starts, signals, listener, () => store.resumeRun(id, recorded))
}

/** A lent trainer is its lender's to close. */
const borrowed = (trainer: TrainerClient | undefined): TrainerClient | undefined =>
  trainer && { ...trainer, close: () => Promise.resolve() }

/** What a trainer starts from, with what it is called. */
export interface Start {
  readonly label: string
  readonly initialisation: Initialisation
}

function runFineTuning(
  store: Store,
  trainer: TrainerClient,
  tasks: readonly number[],
  starts: readonly Start[],
  signals: StopSignals,
  listener: FineTuningListener,
  open: () => Run,
): Promise<Run> {
  return runSession({
    store,
    trainer,
    signals,
    open,
    async work(run) {
      const done = new Set(store.fineTuneDone(run.id).map(({ initialisation, task }) => `${initialisation}/${task}`))
      // Task by task, so that an early end leaves pairs that can be compared.
      const jobs = tasks
        .flatMap((task) => starts.map((_, initialisation) => ({ initialisation, task })))
        .filter(({ initialisation, task }) => !done.has(`${initialisation}/${task}`))
      const count = trackProgress(done.size, run.total, () => performance.now() / 1000)
      listener.started(run)
      const initialisations = starts.map(({ initialisation }) => initialisation)
      await trainer.fineTune(
        { config: run.config, jobs, initialisations },
        (index, result) => {
          const { initialisation } = jobs[index]!
          store.commitFineTuneResult(run.id, initialisation, result)
          listener.result(starts[initialisation]!.label, result, count())
        },
        noteChanges(store, run.id, listener),
      )
    },
  })
}

/** @throws ConfigError where a checkpoint does not fit the configuration */
export function loadInitialisations(store: Store, config: RunConfig, inputs: readonly InitialisationInput[]): Start[] {
  const trained = inputs.flatMap(({ label, checkpoint }) => {
    if (checkpoint === null) return []
    const { config: own, state } = store.readCheckpoint(checkpoint)
    checkFits(label, own, config)
    const { theta, costCritic, moments, lambda } = state
    return [{ label, initialisation: { theta, costCritic, moments, lambda: lambda.value } }]
  })
  const random = { theta: null, costCritic: null, lambda: null, moments: sharedMoments(config, trained) }
  return inputs.map(
    ({ label, checkpoint }) =>
      (checkpoint === null ? undefined : trained.find((start) => start.label === label)) ?? {
        label,
        initialisation: random,
      },
  )
}

/** A random network has seen no observations: it gets the statistics of the checkpoint that it is compared with. */
function sharedMoments(config: RunConfig, trained: readonly Start[]): RunningMoments {
  const moments = trained[0]?.initialisation.moments
  if (config.observationScaling === 'running' && !moments)
    throw new InvalidRequest(
      'Under observationScaling running a random initialisation takes its statistics from a checkpoint: name one too.',
    )
  return moments ?? emptyMoments(policyShapeOf(config).observationSize)
}

/** A policy only means something for the inputs that it was trained on. */
export function checkFits(label: string, trained: RunConfig, wanted: RunConfig): void {
  const [own, asked] = [policyShapeOf(trained), policyShapeOf(wanted)]
  const problems: string[] = []
  const fitting: string[] = []
  if (own.observationSize !== asked.observationSize) {
    problems.push(
      `it reads ${own.observationSize} observations (environment.goal ${trained.environment.goal}), the tasks give ` +
        `${asked.observationSize} (environment.goal ${wanted.environment.goal})`,
    )
    fitting.push(`environment.goal=${trained.environment.goal}`)
  }
  if (own.hidden.join() !== asked.hidden.join()) {
    problems.push(`its layers are ${own.hidden.join('-')}, policy.hidden asks for ${asked.hidden.join('-')}`)
    fitting.push(`policy.hidden=[${own.hidden.join()}]`)
  }
  if (trained.observationScaling !== wanted.observationScaling) {
    problems.push(
      `it was trained with observationScaling ${trained.observationScaling}, the run has ${wanted.observationScaling}`,
    )
    fitting.push(`observationScaling=${trained.observationScaling}`)
  }
  if (problems.length > 0)
    throw new ConfigError([
      `The initialisation "${label}" does not fit: ${problems.join('; ')}. It needs ` +
        `${fitting.join(' and ')}, and cannot be compared with one that needs other settings.`,
    ])
}
